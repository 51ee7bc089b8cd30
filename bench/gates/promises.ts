/** Whether the gate rule kept what it promises. Pure. */
import type { Cell } from './cell.ts';
import type { CellResult } from './rule-result.ts';
import { wilsonInterval } from './wilson.ts';

/** What became of the promises: sentences. */
export interface PromiseReport {
  readonly broken: readonly string[];
  /** Promises that so few runs cannot show to be kept. */
  readonly untested: readonly string[];
}

/** Returns which promises the results break, and which they cannot show. */
export function checkPromises(cells: readonly Cell[], results: readonly CellResult[]): PromiseReport {
  const broken: string[] = [];
  const untested: string[] = [];
  for (const cell of cells) {
    const found = results.find(({ section, name }) => section === cell.section && name === cell.name);
    const ours = found?.results.find(({ rule }) => rule === 'ours');
    const where = `${cell.section}: ${cell.name}`;
    const { maxFalse, minCaught, maxMedian } = cell.promise;
    if (ours === undefined) {
      broken.push(`${where}: the gate rule has no result.`);
      continue;
    }
    if (maxFalse !== undefined && wilsonInterval(0, ours.runs).upper > maxFalse) {
      untested.push(
        `${where}: ${ours.runs} runs cannot show at most ${percent(maxFalse)} of false rollbacks.`,
      );
    } else if (maxFalse !== undefined && ours.falsely.upper > maxFalse) {
      const seen = `${ours.falsely.count} of ${ours.runs} healthy rollouts were rolled back`;
      broken.push(
        `${where}: ${seen}, so up to ${percent(ours.falsely.upper)} may be; ${percent(maxFalse)} is the most.`,
      );
    }
    if (minCaught !== undefined && (ours.caught ?? 0) < minCaught * ours.runs) {
      broken.push(
        `${where}: ${ours.caught ?? 0} of ${ours.runs} were caught; ${percent(minCaught)} is the least.`,
      );
    }
    if (maxMedian !== undefined && !((ours.detection?.median ?? Number.POSITIVE_INFINITY) <= maxMedian)) {
      const median =
        ours.detection === null ? 'nothing was caught' : `the median was ${ours.detection.median} min`;
      broken.push(`${where}: ${median}; ${maxMedian} min is the most.`);
    }
  }
  return { broken, untested };
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))}%`;
}
