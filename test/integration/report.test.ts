/** The reports of whole rollouts: every decision comes out again from them alone, and no change goes unseen. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { continuityOf } from '../../src/report/continuity.ts';
import { recomputeReport } from '../../src/report/recompute.ts';
import { reportJsonSchema } from '../../src/report/report-schema.ts';
import { type EmulatedRun, withEmulator } from '../support/emulated-run.ts';
import { REPORTED_RUNS, type ReportedRun } from '../support/reported-runs.ts';
import { ROOT } from '../support/source-tree.ts';
import { TAMPERINGS, tampered } from '../support/tampering.ts';

const isReport = new Ajv2020({ strict: false }).compile(reportJsonSchema());

async function played({ options, play }: ReportedRun): Promise<readonly EmulatedRun[]> {
  let runs: readonly EmulatedRun[] = [];
  await withEmulator(options, async (world) => {
    runs = await play(world);
  });
  return runs;
}

function check(paths: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, 'scripts/check-report.mjs'), ...paths],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

describe('every decision comes out again from the report of', () => {
  it.each(REPORTED_RUNS)('$name', async (reported) => {
    const runs = await played(reported);
    expect(runs.map(({ outcome }) => outcome)).toEqual(reported.gives);
    for (const { report, events } of runs) {
      const json = JSON.parse(report);
      expect(recomputeReport(json)).toMatchObject({ kind: 'same', looks: json.looks.length });
      const takesLooks = ['run', 'advance', 'rollback'].includes(json.command);
      expect(json.looks.length).toBeGreaterThan(takesLooks ? 0 : -1);
      expect(isReport(json), JSON.stringify(isReport.errors)).toBe(true);
      const lines = events.trimEnd().split('\n');
      expect(lines.filter((line) => line !== '').map((line) => JSON.parse(line).digest)).toEqual(
        json.looks.map((look: { digest: string }) => look.digest),
      );
    }
    const given = runs.map(({ report }, index) => ({ name: `${index}`, report: JSON.parse(report) }));
    expect(continuityOf(given).problems).toEqual([]);
  });
});

describe('the reports of one job', () => {
  it('stand beside each other, also where its steps are about the same rollout', () =>
    withEmulator({}, async ({ run }) => {
      const plan = 'model: radiology-v1\nversion: 2.0.0\nstages: [5%, 100%]\nsoak: 1h\n';
      const asked = { command: 'rollback', model: 'radiology-v1', reason: 'a doctor called' } as const;
      const runs = [await run({ command: 'advance', plan }), await run(asked), await run(asked)];
      const paths = runs.flatMap(({ shell: { outputs } }) => [outputs.report ?? '', outputs.events ?? '']);
      expect(new Set(paths).size).toBe(6);
      const kept = paths.map((path) => readFileSync(path, 'utf8'));
      expect(kept).toEqual(runs.flatMap(({ report, events }) => [report, events]));
    }));
});

describe('a report', () => {
  let harmful = '';
  const directory = mkdtempSync(join(tmpdir(), 'rollout-report-'));
  const written = (name: string, text: string): string => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  };

  beforeAll(async () => {
    const reported = REPORTED_RUNS.find(({ name }) => name === 'a harmful version');
    if (reported === undefined) throw new Error('no run finds harm');
    const [run] = await played(reported);
    harmful = run?.report ?? '';
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('that was written anew as it was is the same', () => {
    expect(recomputeReport(tampered(harmful, () => {}))).toMatchObject({ kind: 'same' });
  });

  it.each(TAMPERINGS)('in which somebody changed $what is found out', ({ change, found }) => {
    const result = recomputeReport(tampered(harmful, change));
    expect(result).toMatchObject({ kind: 'different', where: expect.stringMatching(found) });
  });

  it('in which anything else was changed is found out by its digest', () => {
    const json = JSON.parse(harmful);
    for (const change of [{ sentence: 'fine' }, { notes: ['x'] }, { requests: 1 }, { model: 'other' }]) {
      expect(recomputeReport({ ...json, ...change })).toMatchObject({ where: 'digest' });
    }
  });

  it('is checked from the command line, with the exit code', () => {
    const good = written('good.json', harmful);
    const bad = written(
      'bad.json',
      JSON.stringify(tampered(harmful, (report) => (report.outcome = 'completed'))),
    );
    expect(check([good])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(
        /rolled_back.+every decision comes out again\n1 report, \d+ looks: no diff/s,
      ),
    });
    expect(check([good, good])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('good.json: digest: the same report as'),
    });
    expect(check([good, bad])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('outcome: the report says "completed", computed is "rolled_back"'),
    });
    expect(check([written('none.json', 'no JSON')]).status).toBe(2);
    expect(check([]).status).toBe(2);
    expect(check(['--help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('Usage') });
  });
});
