/** The reports of the ticks of one rollout: that they go on from each other, and that no change between them goes unseen. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Continuity, continuityOf } from '../../src/report/continuity.ts';
import { recomputeReport } from '../../src/report/recompute.ts';
import { withEmulator } from '../support/emulated-run.ts';
import { FORGERIES, forged } from '../support/forged-ticks.ts';
import { REPORTED_RUNS } from '../support/reported-runs.ts';
import { ROOT } from '../support/source-tree.ts';
import type { Tampered } from '../support/tampering.ts';

/** Plays a rollout of `REPORTED_RUNS` and returns the texts of its reports. */
async function reportsOf(name: string): Promise<readonly string[]> {
  const reported = REPORTED_RUNS.find((each) => each.name === name);
  if (reported === undefined) throw new Error(`no run is called ${name}`);
  let reports: readonly string[] = [];
  await withEmulator(reported.options, async (world) => {
    reports = (await reported.play(world)).map(({ report }) => report);
  });
  return reports;
}

function together(reports: readonly Tampered[]): Continuity {
  return continuityOf(reports.map((report, index) => ({ name: `tick ${index}`, report })));
}

function parsed(reports: readonly string[]): readonly Tampered[] {
  return reports.map((report) => JSON.parse(report));
}

describe('the reports of ticks', () => {
  let ticks: readonly string[] = [];
  let harmful: readonly string[] = [];
  const directory = mkdtempSync(join(tmpdir(), 'rollout-ticks-'));
  beforeAll(async () => {
    ticks = await reportsOf('ticks');
    harmful = await reportsOf('ticks that find harm');
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('go on from each other as they were written', () => {
    expect(together(parsed(ticks))).toEqual({
      problems: [],
      remarks: [],
      chain: ticks.map((_tick, index) => `tick ${index}`),
    });
  });

  it('are the same when nothing of them was changed on the way through a forger', () => {
    expect(ticks.map((tick) => forged(tick, () => {}))).toEqual(parsed(ticks));
  });

  it.each(FORGERIES)('are found out where $what', ({ change, found }) => {
    const reports = change(ticks);
    for (const report of reports) expect(recomputeReport(report)).toMatchObject({ kind: 'same' });
    const { problems } = together(reports);
    const here = problems.filter(({ name }) => name === `tick ${found.tick}`);
    expect(here.map(({ where }) => where)).toContainEqual(expect.stringMatching(found.where));
  });

  it('are found out where the tick that rolled back is left out', () => {
    const { problems } = together(parsed(harmful).toSpliced(2, 1));
    expect(problems).toMatchObject([{ name: 'tick 2', where: 'looks[0].inputs.state.phase' }]);
  });

  it('are found out where one goes on watching what was rolled back', () => {
    const [first, raised, rolledBack] = parsed(harmful);
    const again = forged(harmful[1] ?? '', (report) => {
      report.looks[0].inputs.look.at += 7_200_000;
      for (const age of ['last_evidence_at', 'last_measured_at', 'last_server_at']) {
        report.looks[0].inputs.state[age] += 7_200_000;
      }
    });
    const { problems } = together([first, raised, rolledBack, again]);
    expect(problems).toContainEqual(
      expect.objectContaining({ name: 'tick 3', where: 'looks[0].inputs.state.phase' }),
    );
  });

  it('may be given in any order, which is said', () => {
    const { problems, remarks } = together(parsed(ticks).toReversed());
    expect(problems).toEqual([]);
    expect(remarks).toEqual([expect.stringContaining('another order')]);
  });

  it('may begin in the middle, which is said', () => {
    expect(together(parsed(ticks).slice(3))).toMatchObject({
      problems: [],
      remarks: [expect.stringContaining('begins at 25% in stage 2; what was before is not among them')],
    });
  });

  it('tell by themselves that the plan was edited in between', async () => {
    const edited = await reportsOf('ticks whose plan is edited in between');
    const { problems, remarks } = together(parsed(edited));
    expect(problems).toEqual([]);
    expect(remarks).toEqual([expect.stringContaining('tick 2: the plan was edited')]);
  });

  it('miss an operator who changed the percentage when his report is missing', async () => {
    const reports = parsed(await reportsOf('an operator among ticks'));
    const set = reports.findIndex(({ command }) => command === 'set');
    const { problems } = together(reports.toSpliced(set, 1));
    expect(problems).toMatchObject([
      { name: `tick ${set}`, where: 'looks[0].inputs.state.percentage', why: expect.stringContaining('10%') },
    ]);
  });

  it('are checked together from the command line, with the exit code and every difference', () => {
    const paths = ticks.map((tick, index) => {
      const path = join(directory, `tick-${index}.json`);
      writeFileSync(path, tick);
      return path;
    });
    const check = (given: readonly string[]) =>
      spawnSync(process.execPath, [join(ROOT, 'scripts/check-report.mjs'), ...given], { encoding: 'utf8' });
    const whole = check(paths);
    expect(whole).toMatchObject({ status: 0, stderr: '' });
    expect(whole.stdout).toContain('7 reports, 7 looks: no difference, 7 of them go on from each other');
    const gap = check([...paths.toSpliced(2, 1), paths[6] ?? '']);
    expect(gap.status).toBe(1);
    expect(gap.stderr.trimEnd().split('\n')).toEqual([
      expect.stringContaining('tick-6.json: digest: the same report as'),
      expect.stringMatching(/tick-3\.json: looks\[0\]\.inputs\.state\.percentage: begins at 25%, .+ left 5%/),
    ]);
  });
});
