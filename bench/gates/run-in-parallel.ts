/** Runs cells on several threads. */
import { Worker } from 'node:worker_threads';
import type { Cell } from './cell.ts';
import type { CellResult } from './rule-result.ts';
import type { WorkOrder } from './worker.ts';

/** How the cells are to be run. */
export interface ParallelSettings {
  readonly seed: number;
  readonly workers: number;
  /** The module that a thread starts with. */
  readonly workerUrl: URL;
}

/**
 * Returns the results in the order of the cells, whichever thread ran them; rejects when a thread fails.
 *
 * The longest cells are begun first, so that no thread ends long before another.
 */
export async function runInParallel(
  cells: readonly Cell[],
  { seed, workers, workerUrl }: ParallelSettings,
): Promise<readonly CellResult[]> {
  const waiting = [...cells.keys()].sort((a, b) => costOf(cells[b]) - costOf(cells[a]));
  const results: CellResult[] = [];
  const runOne = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(workerUrl);
      let current = -1;
      const next = (): void => {
        const index = waiting.shift();
        const cell = index === undefined ? undefined : cells[index];
        if (index === undefined || cell === undefined) {
          void worker.terminate().then(() => resolve());
          return;
        }
        current = index;
        const order: WorkOrder = { cell, seed };
        worker.postMessage(order);
      };
      worker.on('message', (result: CellResult) => {
        results[current] = result;
        next();
      });
      worker.on('error', reject);
      next();
    });
  await Promise.all(Array.from({ length: Math.min(workers, Math.max(1, cells.length)) }, runOne));
  return results;
}

function costOf(cell: Cell | undefined): number {
  if (cell === undefined) return 0;
  const looks = cell.plan.soaks.reduce((sum, soak) => sum + soak, 0) / cell.plan.poll;
  return (cell.runs * cell.rules.length + cell.sideRuns) * looks * Math.log(cell.devices);
}
