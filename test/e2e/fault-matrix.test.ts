/**
 * Every request of a rollout meets every fault, in virtual time: no second rollout, no skipped stage, no lost
 * rollback, no green without success. FAULT_MATRIX=whole plays every cell, else a sample.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { atMost } from '../support/at-once.ts';
import { byRuns, measure, playCell } from '../support/fault-matrix.ts';
import { MATRIX_FAULTS } from '../support/matrix-faults.ts';
import { MATRIX_SETTINGS } from '../support/matrix-setting.ts';
import { createMatrixTable } from '../support/matrix-table.ts';
import { inVirtualTime } from '../support/matrix-worlds.ts';

const IS_WHOLE = process.env['FAULT_MATRIX'] === 'whole';
const SAMPLE_STEP = 8;
const TIMEOUT_MS = 900_000;

const settings = IS_WHOLE ? MATRIX_SETTINGS : MATRIX_SETTINGS.slice(0, 2);
const faults = MATRIX_FAULTS.filter(({ kills }) => kills !== true).map((fault, row) => ({ ...fault, row }));
const table = createMatrixTable(
  `Faults in virtual time, ${IS_WHOLE ? 'every request' : `every ${SAMPLE_STEP}th request`}`,
);
afterAll(() => console.log(table.text()));
// Most cells wait for a deadline of real seconds; the others take turns.
const slot = atMost(64);

const columns = settings.map((setting) => {
  const stage = { setting, driver: byRuns, open: inVirtualTime };
  const measured = measure(stage);
  // A rollout that fails without a fault is reported by each test.
  measured.catch(() => {});
  return { stage, measured };
});
const rows = faults.flatMap((fault) =>
  columns.map(
    (column) => [`${column.stage.setting.name} rollout, ${fault.name}`, { ...column, fault }] as const,
  ),
);

describe('a rollout converges whichever of its requests meets a fault', () => {
  it.concurrent.each(rows)(
    '%s',
    async (_title, { stage, measured, fault }) => {
      const { requests, attempts } = await measured;
      const cells = Array.from({ length: requests }, (_each, request) => ({ request, attempts })).filter(
        ({ request }) => IS_WHOLE || request % SAMPLE_STEP === fault.row % SAMPLE_STEP,
      );
      const results = await Promise.all(cells.map((cell) => slot(() => playCell(stage, fault, cell))));
      table.add(fault.name, stage.setting.name, results);
      const broken = results.filter((each) => each.broken.length > 0);
      expect(
        broken.map(({ request, broken: what }) => `request ${request}: ${what.join('; ')}`),
        broken[0]?.trace.join('\n'),
      ).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
