/** How long a rollout waits for GitHub, and what it is told. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Attempts, createAttempts } from '../../../src/github/attempts.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { createRecordingShell, type RecordingShell } from '../../support/recording-shell.ts';

const NEVER = new AbortController().signal;

interface Told {
  readonly attempts: Attempts;
  readonly shell: RecordingShell;
}

function told(): Told {
  const shell = createRecordingShell({}, {});
  return { shell, attempts: createAttempts({ clock: systemClock(), where: 'GitHub', log: shell.log }) };
}

const answered = (status: number) => Object.assign(new Error('said so'), { status });

/** Never answers, until it is given up. */
function stall(limit: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    limit.addEventListener('abort', () => reject(limit.reason), { once: true });
  });
}

/** Returns after how many milliseconds of silence a question was given up. */
async function givenUpAfter({ attempts }: Told): Promise<number> {
  const before = Date.now();
  const answer = attempts.ask(stall, { signal: NEVER, otherwise: 'nothing' });
  await vi.runAllTimersAsync();
  expect(await answer).toBe('nothing');
  return Date.now() - before;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a question', () => {
  it.each([{ status: 500 }, { status: 502 }, { status: 503 }])(
    'is asked again after $status',
    async (row) => {
      const { attempts, shell } = told();
      const question = vi.fn().mockRejectedValueOnce(answered(row.status)).mockResolvedValue('an answer');
      const answer = attempts.ask(question, { signal: NEVER, otherwise: 'nothing' });
      await vi.runAllTimersAsync();
      expect(await answer).toBe('an answer');
      expect(shell.lines).toEqual([]);
    },
  );

  it.each([
    { status: 500, times: 2 },
    { status: 403, times: 1 },
    { status: 422, times: 1 },
  ])('is asked $times times where $status stays, and that is one notice', async ({ status, times }) => {
    const { attempts, shell } = told();
    const question = vi.fn().mockRejectedValue(answered(status));
    const answer = attempts.ask(question, { signal: NEVER, otherwise: 'nothing' });
    await vi.runAllTimersAsync();
    expect(await answer).toBe('nothing');
    expect(question).toHaveBeenCalledTimes(times);
    expect(shell.lines.map((line) => line.split(' ')[0])).toEqual(['notice']);
  });
});

describe('after a refusal', () => {
  const limited = Object.assign(new Error('You have exceeded a secondary rate limit'), { status: 403 });

  it.each([
    { title: 'of the token, nothing is asked any more', thrown: answered(401), asked: 1 },
    { title: 'of what the job may do, nothing is asked any more', thrown: answered(403), asked: 1 },
    { title: 'for the rate limit, the next stage is noted all the same', thrown: limited, asked: 2 },
  ])('$title', async ({ thrown, asked }) => {
    const { attempts, shell } = told();
    const act = vi.fn().mockRejectedValueOnce(thrown).mockResolvedValue(true);
    const writing = { signal: NEVER, missing: 'does not remember this rollout', isUrgent: false };
    expect(await attempts.write(act, writing)).toBe(false);
    await attempts.write(act, writing);
    expect(act).toHaveBeenCalledTimes(asked);
    expect(shell.lines).toHaveLength(1);
  });
});

describe('a GitHub that does not answer', () => {
  it('is waited for once, and only shortly after that', async () => {
    const world = told();
    expect(await givenUpAfter(world)).toBe(15_000);
    expect(await givenUpAfter(world)).toBe(2_000);
    expect(await givenUpAfter(world)).toBe(2_000);
  });

  it('is waited for again once it has answered', async () => {
    const world = told();
    await givenUpAfter(world);
    await world.attempts.ask(async () => 'an answer', { signal: NEVER, otherwise: 'nothing' });
    expect(await givenUpAfter(world)).toBe(15_000);
  });
});
