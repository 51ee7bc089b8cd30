/** Health of the gates that a plan measures itself, from the sources of its series. Adapter. */
import type { Evidence, Window } from '../core/evidence.ts';
import type {
  HealthQuery,
  HealthSource,
  MeasurableGate,
  PercentileAnswer,
  PercentileQuery,
} from '../core/ports.ts';
import type { Series } from '../core/series.ts';
import { latencyAtQuantile } from '../core/statistics/histogram-percentile.ts';
import type { DurationMs, Ratio } from '../core/units.ts';
import { SECOND_MS } from '../core/units.ts';
import { toError } from '../runtime/to-error.ts';
import { type BothAnswers, bucketsOf, evidenceOfSeries, isSeriesGate, timeIn } from './series-evidence.ts';
import { segmentsOfSeries } from './series-segments.ts';
import type { SeriesAnswer, SeriesScope, SeriesSource } from './series-source.ts';

/** One place and the series that are asked of it, by the name of their gate. */
export interface SeriesHealthOptions {
  readonly source: SeriesSource;
  readonly series: ReadonlyMap<string, Series>;
  /** Name of the model, for the placeholders. */
  readonly model: string;
}

/** Share of the requests above each percentile. */
const LATENCY_GATES: readonly (readonly [string, Ratio])[] = [
  ['latency_p50', 0.5],
  ['latency_p95', 0.05],
  ['latency_p99', 0.01],
];
// 1 - 0.95 is a little more than 0.05.
const ROUNDING = 1e-9;

/**
 * Returns a health source that asks each gate's series, for both versions side by side.
 *
 * A gate without a series is `error`. `read` and `readPercentile` reject only with the reason of their own
 * aborted signal. `readSegments` is there where the source can split a series. Nothing is tried by `probe`: `probeSeries` tries each series.
 */
export function createSeriesHealth(options: SeriesHealthOptions): HealthSource {
  const { name, askParts } = options.source;
  const { series, model } = options;
  return {
    name,
    probe: async () => ({ kind: 'available', detail: `${name} is asked gate by gate` }),
    read: (query, signal) => read(options, query, signal),
    readPercentile: (query, signal) => readPercentile(options, query, signal),
    ...(askParts === undefined
      ? {}
      : {
          readSegments: (query, by, signal) =>
            segmentsOfSeries({ askParts, series, model, query, by, signal }),
        }),
  };
}

/** Returns the name of the gate that a percentile belongs to, or null. */
export function latencyGateOf(slowRatio: Ratio): string | null {
  return LATENCY_GATES.find(([, ratio]) => Math.abs(ratio - slowRatio) < ROUNDING)?.[0] ?? null;
}

async function read(
  options: SeriesHealthOptions,
  query: HealthQuery,
  signal: AbortSignal | undefined,
): Promise<readonly Evidence[]> {
  // A limit and a comparison of one percentile are two gates on one series.
  const asked = new Map<string, Promise<BothAnswers>>();
  return Promise.all(
    query.gates.map(async (gate) => {
      const series = options.series.get(gate.name);
      if (series === undefined) return { kind: 'error', why: `the plan has no series of ${gate.name}` };
      const both = asked.get(gate.name) ?? askBoth(options, series, { query, signal });
      asked.set(gate.name, both);
      return evidenceFrom(gate, { series, window: query.window, both, signal });
    }),
  );
}

interface Asked {
  readonly series: Series;
  readonly window: Window;
  readonly both: Promise<BothAnswers>;
  readonly signal: AbortSignal | undefined;
}

async function evidenceFrom(
  gate: MeasurableGate,
  { series, window, both, signal }: Asked,
): Promise<Evidence> {
  if (!isSeriesGate(gate)) return { kind: 'error', why: `a series cannot measure ${gate.name}` };
  try {
    return evidenceOfSeries({ gate, shape: series.shape, window }, await both);
  } catch (thrown) {
    signal?.throwIfAborted();
    return { kind: 'error', why: toError(thrown).message };
  }
}

async function askBoth(
  { source, model }: SeriesHealthOptions,
  series: Series,
  { query, signal }: { readonly query: HealthQuery; readonly signal: AbortSignal | undefined },
): Promise<BothAnswers> {
  const { modelId, rolloutId, version, baselineVersion, group, window } = query;
  const scope: SeriesScope = { model, modelId, rolloutId, version, baselineVersion, group, window };
  const [candidate, baseline] = await Promise.all([
    source.ask(series, scope, signal),
    baselineVersion === null ? null : source.ask(series, { ...scope, version: baselineVersion }, signal),
  ]);
  return { candidate, baseline };
}

async function readPercentile(
  { source, series: all, model }: SeriesHealthOptions,
  { slowRatio, ...query }: PercentileQuery,
  signal: AbortSignal | undefined,
): Promise<PercentileAnswer> {
  const series = all.get(latencyGateOf(slowRatio) ?? '');
  if (series === undefined) return { kind: 'none', why: 'the plan has no series of this percentile' };
  try {
    const answer = await source.ask(series, { ...query, model, baselineVersion: query.version }, signal);
    if (answer.covered.from < query.window.from) {
      return { kind: 'error', why: 'the source answered for a window that starts before the one asked' };
    }
    return percentileOf(series, answer, slowRatio);
  } catch (thrown) {
    signal?.throwIfAborted();
    return { kind: 'error', why: toError(thrown).message };
  }
}

/** Returns how long all but a share of the requests took, as the answer of a series tells it. */
export function percentileOf({ shape }: Series, answer: SeriesAnswer, slowRatio: Ratio): PercentileAnswer {
  if (shape.kind === 'value' && (shape.unit === 'ms' || shape.unit === 's')) {
    const ms = timeIn(answer, shape.unit === 's' ? SECOND_MS : 1);
    return typeof ms === 'number' ? told(ms, null) : ms;
  }
  if (shape.kind !== 'buckets') return { kind: 'none', why: `a series of ${shape.kind} tells no percentile` };
  const buckets = bucketsOf(answer, shape.unit);
  if ('kind' in buckets) return buckets;
  const trials = buckets.at(-1)?.count ?? 0;
  if (trials === 0) return { kind: 'none', why: 'nothing measured: no requests' };
  const ms = latencyAtQuantile(buckets, 1 - slowRatio);
  if (ms !== null) return told(ms, trials);
  const largest = buckets.at(-2)?.leMs ?? 0;
  return {
    kind: 'error',
    why: `more than ${slowRatio} of the requests took longer than the largest bucket, ${largest} ms`,
  };
}

function told(ms: DurationMs, trials: number | null): PercentileAnswer {
  return { kind: 'percentile', ms, trials };
}
