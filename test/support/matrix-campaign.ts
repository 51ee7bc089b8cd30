/** The rows of a fault matrix as tests: each fault at each of its requests, side by side, counted in a table. */
import { describe, expect, it } from 'vitest';
import { type CellResult, type Measure, measure, playCell, type Stage } from './fault-matrix.ts';
import type { MatrixFault } from './matrix-faults.ts';
import { createMatrixTable } from './matrix-table.ts';

/** Whether every cell is to be played, or a sample that fits into every test run. */
export const IS_WHOLE = process.env['FAULT_MATRIX'] === 'whole';

/** A fault and how far apart the requests are that meet it: 1 for every request. */
export interface MatrixRow {
  readonly fault: MatrixFault;
  readonly step: number;
}

/** What is played, and how. */
export interface Campaign {
  readonly title: string;
  readonly stages: readonly Stage[];
  readonly rows: readonly MatrixRow[];
  /** Longest time of one row. */
  readonly timeoutMs: number;
  /** Runs a cell when it is its turn. */
  slot<Result>(play: () => Promise<Result>): Promise<Result>;
}

/** Declares a test for each fault in each column, and one that prints the table when all are done. */
export function declareMatrix({ title, stages, rows, timeoutMs, slot }: Campaign): void {
  const table = createMatrixTable(title);
  const columns = stages.map((stage) => {
    const measured = slot(() => measure(stage));
    // A rollout that fails without a fault is reported by each test.
    measured.catch(() => {});
    return { stage, measured };
  });
  const cells = rows.flatMap((row, index) =>
    columns.map(
      (column) =>
        [`${column.stage.setting.name} rollout, ${row.fault.name}`, { ...column, ...row, index }] as const,
    ),
  );
  describe('a rollout converges whichever of its requests meets a fault', () => {
    it.concurrent.each(cells)(
      '%s',
      async (_title, { stage, measured, fault, step, index }) => {
        const unharmed = await measured;
        const results = await Promise.all(
          requestsOf(unharmed, { step, index }).map((request) =>
            slot(() => playCell(stage, fault, { request, unharmed })),
          ),
        );
        table.add(fault.name, stage.setting.name, results);
        expect(brokenOf(results), traceOf(results)).toEqual([]);
      },
      timeoutMs,
    );
  });
  describe('its size and its result', () => {
    it('are printed, and every cell was played', () => {
      console.log(table.text());
      expect(table.cells()).toBeGreaterThan(rows.length * columns.length);
    });
  });
}

/** Neighbouring rows of a sample take neighbouring requests, so that every request meets some fault. */
function requestsOf(
  { requests }: Measure,
  { step, index }: { readonly step: number; readonly index: number },
): readonly number[] {
  return Array.from({ length: requests }, (_each, request) => request).filter(
    (request) => request % step === index % step,
  );
}

function brokenOf(results: readonly CellResult[]): readonly string[] {
  return results
    .filter(({ broken }) => broken.length > 0)
    .map(({ request, broken }) => `request ${request}: ${broken.join('; ')}`);
}

function traceOf(results: readonly CellResult[]): string {
  return results.find(({ broken }) => broken.length > 0)?.trace.join('\n') ?? '';
}
