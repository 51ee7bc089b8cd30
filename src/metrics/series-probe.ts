/** Tries the series of a plan before anything is written: what each answers for one version. Adapter. */
import type { Evidence } from '../core/evidence.ts';
import type { Gate, Plan } from '../core/plan.ts';
import type { SeriesProbe } from '../core/ports.ts';
import type { Series } from '../core/series.ts';
import { toError } from '../runtime/to-error.ts';
import { evidenceOfSeries, isSeriesGate } from './series-evidence.ts';
import { percentileOf } from './series-health.ts';
import type { LeafAnswer, SeriesAnswer, SeriesScope, SeriesSource } from './series-source.ts';

/** What is tried, where, and for which version and window. */
export interface SeriesTrial {
  readonly plan: Plan;
  readonly sources: ReadonlyMap<string, SeriesSource>;
  readonly scope: SeriesScope;
}

/**
 * Returns what each series of a plan answers now, in the plan's order; all are asked side by side.
 *
 * Never rejects for a failed measurement, only with the reason of its own aborted signal.
 */
export async function probeSeries(
  { plan, sources, scope }: SeriesTrial,
  signal?: AbortSignal,
): Promise<readonly SeriesProbe[]> {
  const gates = plan.stages.flatMap((stage) => stage.gates);
  return Promise.all(
    Object.entries(plan.metrics).map(async ([name, series]) => {
      const gate = gates.find((each) => each.name === name) ?? null;
      return probeOne({ name, series, gate, source: sources.get(series.source) ?? null }, scope, signal);
    }),
  );
}

interface Tried {
  readonly name: string;
  readonly series: Series;
  readonly gate: Gate | null;
  readonly source: SeriesSource | null;
}

async function probeOne(
  { name, series, gate, source }: Tried,
  scope: SeriesScope,
  signal: AbortSignal | undefined,
): Promise<SeriesProbe> {
  const base = { gate: name, source: series.source, version: scope.version, window: scope.window };
  const blank = { ...base, asked: '', shape: 'nothing', found: null, newestAt: null, warnings: [] };
  try {
    if (source === null) return { ...blank, evidence: { kind: 'error', why: 'the source is not set up' } };
    const answer = await source.ask(series, scope, signal);
    const { asked, found, newestAt, warnings } = answer;
    const evidence = gate === null ? NO_GATE : evidenceOf(gate, { series, answer, scope });
    return { ...base, asked, found, newestAt, warnings, evidence, shape: shapeOf(answer) };
  } catch (thrown) {
    signal?.throwIfAborted();
    return { ...blank, evidence: { kind: 'error', why: toError(thrown).message } };
  }
}

const NO_GATE: Evidence = { kind: 'error', why: 'no gate asks for it' };

interface Answered {
  readonly series: Series;
  readonly answer: SeriesAnswer;
  readonly scope: SeriesScope;
}

/** A latency that has no limit before the rollout begins is tried by what it will be compared with. */
function evidenceOf(gate: Gate, { series, answer, scope }: Answered): Evidence {
  if (gate.kind === 'relative_latency') {
    const told = percentileOf(series, answer, gate.slowRatio);
    if (told.kind !== 'percentile') return told;
    return { kind: 'value', value: told.ms, devices: null, covered: answer.covered };
  }
  if (!isSeriesGate(gate)) return NO_GATE;
  const asked = { gate, shape: series.shape, window: scope.window };
  return evidenceOfSeries(asked, { candidate: answer, baseline: null });
}

function shapeOf({ leaves, found }: SeriesAnswer): string {
  const parts = Object.entries(leaves).map(([name, leaf]) => `${name} ${wordFor(leaf)}`);
  const rows = found === null ? '' : ` (${found} ${found === 1 ? 'series or row' : 'series or rows'})`;
  return parts.length === 0 ? `nothing${rows}` : `${parts.join(', ')}${rows}`;
}

function wordFor(leaf: LeafAnswer): string {
  switch (leaf.kind) {
    case 'number':
      return String(leaf.value);
    case 'buckets':
      return `${leaf.buckets.length} buckets`;
    case 'none':
      return 'nothing';
    case 'error':
      return 'no usable answer';
  }
}
