/** A rollout that only ticks drive, at random times and with two of them killed, and the document that shows it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { endJob } from '../support/ended-jobs.ts';
import { ROOT } from '../support/rehearsal.ts';
import { playTicks, type TickLine } from '../support/tick-transcript.ts';
import { renderTicks } from '../support/ticks-document.ts';

const DOCUMENT = join(ROOT, 'docs/ticks.md');
const SEED = 33;
const PLAN =
  'model: radiology-v1\nversion: 2.0.0\nstages: [5%, 25%, 100%]\nsoak: 2h\nbake: 2h\ndeadline: 5d\n';
const UNGATED = 'gates: none\nunwatched: accepted\n';
const HOUR_MS = 3_600_000;

const isLooking = (line: string): boolean => line.includes('soaking');
const isAdopting = (line: string): boolean => line.includes('created rollout');
const outcomes = (lines: readonly TickLine[]): readonly string[] =>
  lines.map(({ attempt }) => attempt.outcome);
const raises = (lines: readonly TickLine[]): readonly (number | null)[] =>
  lines.map(({ percentage }) => percentage).filter((each, index, all) => each !== all[index - 1]);

describe('a rollout that only ticks drive', () => {
  let full: readonly TickLine[];
  let documented: readonly TickLine[];
  beforeAll(async () => {
    full = await playTicks({
      profile: 'full',
      plan: PLAN,
      seed: SEED,
      isOver: ({ outcome }) => outcome === 'completed' || outcome === 'noop',
    });
    documented = await playTicks({
      profile: 'documented',
      plan: PLAN + UNGATED,
      seed: SEED,
      isOver: ({ reason }) => reason === 'no_memory',
    });
  });

  it('completes, stage by stage, with two of its ticks killed', () => {
    expect(outcomes(full).filter((outcome) => outcome === 'killed')).toHaveLength(2);
    expect(raises(full)).toEqual([5, 25, 100]);
    expect(full.at(-1)?.attempt).toMatchObject({ outcome: 'completed', exitCode: 0 });
  });

  it('moves one stage after a gap of hours', () => {
    const late = full.findIndex(({ at }, index) => at - (full[index - 1]?.at ?? at) > 6 * HOUR_MS);
    expect(full[late - 1]?.percentage).toBe(25);
    expect(full[late]).toMatchObject({ percentage: 100, attempt: { outcome: 'advanced' } });
  });

  it('says where an API without a history stops it, and fails there', () => {
    expect(raises(documented)).toEqual([5, 25]);
    expect(documented.at(-1)?.attempt).toMatchObject({ outcome: 'held', reason: 'no_memory', exitCode: 1 });
  });

  it('is left as it is by every post step', () => {
    for (const { attempt } of [...full, ...documented]) expect(attempt.postExitCode).toBe(0);
  });

  it('asks for no more the longer it lasts', () => {
    const looking = full.filter(({ attempt }) => attempt.outcome === 'waiting');
    // Seven that begin a tick, the rollout, three stages and three restart points.
    for (const { requests } of looking) expect(requests.length).toBeLessThanOrEqual(14);
  });

  it('is shown in docs/ticks.md, with what is seen of jobs that were ended', async () => {
    const inputs = { plan: PLAN, timeout: '1d' };
    const shown = renderTicks({
      plan: PLAN,
      full,
      documented,
      cancelledRun: await endJob(inputs, { cancelWhen: isLooking }),
      killedRun: await endJob(inputs, { killWhen: isLooking }),
      cancelledTick: await endJob({ ...inputs, command: 'advance' }, { cancelWhen: isAdopting }),
    });
    if (process.env['UPDATE_DOCUMENTS'] === '1') writeFileSync(DOCUMENT, shown);
    expect(readFileSync(DOCUMENT, 'utf8'), 'docs/ticks.md is out of date').toBe(shown);
  });
});
