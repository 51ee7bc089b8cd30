/** A place of series that answers as a test computes, and remembers what it was asked. */
import type { Series } from '../../src/core/series.ts';
import type {
  LeafAnswer,
  LeafName,
  SeriesAnswer,
  SeriesScope,
  SeriesSource,
} from '../../src/metrics/series-source.ts';

/** Leaves of one answer; a number stands for itself. */
export type ScriptedLeaves = Readonly<Partial<Record<LeafName, number | LeafAnswer>>>;

/** A scripted place. */
export interface ScriptedSeries extends SeriesSource {
  readonly scopes: readonly SeriesScope[];
}

/** Returns a place named prometheus; `answer` may throw or never resolve. */
export function scriptedSeries(
  answer: (
    series: Series,
    scope: SeriesScope,
    signal?: AbortSignal,
  ) => ScriptedLeaves | Promise<ScriptedLeaves>,
): ScriptedSeries {
  const scopes: SeriesScope[] = [];
  return {
    name: 'prometheus',
    scopes,
    async ask(series, scope, signal): Promise<SeriesAnswer> {
      scopes.push(scope);
      const leaves = await answer(series, scope, signal);
      const told = Object.entries(leaves).map(([name, leaf]) => [
        name,
        typeof leaf === 'number' ? { kind: 'number', value: leaf } : leaf,
      ]);
      const rest = { warnings: [], asked: 'q', found: null, newestAt: null };
      return { ...rest, covered: scope.window, leaves: Object.fromEntries(told) };
    },
  };
}
