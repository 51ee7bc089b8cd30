/** What the series of a plan say of each part of the fleet. Adapter. */
import type { Evidence } from '../core/evidence.ts';
import type { HealthQuery, MeasurableGate, SegmentAnswer, SegmentEvidence } from '../core/ports.ts';
import type { Series, SeriesShape } from '../core/series.ts';
import { toError } from '../runtime/to-error.ts';
import { evidenceOfSeries, isSeriesGate } from './series-evidence.ts';
import type { PartsAnswer, SeriesAnswer, SeriesScope, SeriesSource } from './series-source.ts';

/** How a place answers a series part by part. */
export type AskParts = NonNullable<SeriesSource['askParts']>;

/** What is asked of which series, and by which attributes. */
export interface SegmentsOfSeries {
  readonly askParts: AskParts;
  /** By the name of their gate. */
  readonly series: ReadonlyMap<string, Series>;
  /** Name of the model, for the placeholders. */
  readonly model: string;
  readonly query: HealthQuery;
  readonly by: readonly string[];
  readonly signal: AbortSignal | undefined;
}

/**
 * Returns the evidence of each part of the fleet for each gate, candidate and baseline asked side by side.
 *
 * A gate whose series cannot be split is `none` in every part; `unavailable` when no gate's can be, for any one of
 * the attributes. A question that fails, also one about the baseline, is `error` for all: which parts are taken
 * together must not depend on luck. Devices are those of both versions, as the first series with a text for them
 * tells; null where none does, and then every part stands by itself. Rejects only with the reason of its own
 * aborted signal.
 */
export async function segmentsOfSeries(asked: SegmentsOfSeries): Promise<SegmentAnswer> {
  const answers = await Promise.all(asked.by.map((attribute) => segmentsBy(attribute, asked)));
  const all: SegmentEvidence[] = [];
  for (const kind of ['error', 'unavailable'] as const) {
    const refused = answers.find((answer) => answer.kind === kind);
    if (refused !== undefined) return refused;
  }
  for (const answer of answers) if (answer.kind === 'segments') all.push(...answer.segments);
  return { kind: 'segments', segments: all };
}

/** What a series says of each part, for both versions. */
interface BothParts {
  readonly kind: 'parts';
  readonly series: Series;
  readonly candidate: ReadonlyMap<string, SeriesAnswer>;
  /** Null where there is no baseline, or where its parts cannot be told apart. */
  readonly baseline: ReadonlyMap<string, SeriesAnswer> | null;
}

type Refused = Exclude<PartsAnswer, { kind: 'parts' }>;

async function segmentsBy(attribute: string, asked: SegmentsOfSeries): Promise<SegmentAnswer> {
  const { gates, window } = asked.query;
  const asking = new Map<string, Promise<BothParts | Refused>>();
  const answers = await Promise.all(
    gates.map(({ name }) => {
      const both = asking.get(name) ?? askBothParts(attribute, name, asked);
      asking.set(name, both);
      return both;
    }),
  );
  const failed = answers.find(({ kind }) => kind === 'error');
  if (failed !== undefined && failed.kind === 'error') return failed;
  const split = answers.flatMap((answer) => (answer.kind === 'parts' ? [answer] : []));
  const refused = answers.find(({ kind }) => kind === 'unavailable');
  if (split.length === 0 && refused?.kind === 'unavailable') {
    return { kind: 'unavailable', why: refused.why };
  }
  const values = new Set(
    split.flatMap(({ candidate, baseline }) => [...candidate.keys(), ...(baseline ?? new Map()).keys()]),
  );
  const segments = [...values].map((value): SegmentEvidence => {
    const evidence = gates.map((gate, index) => evidenceIn(gate, answers[index], { value, window }));
    return { segment: { by: attribute, value }, devices: devicesIn(split, value), evidence };
  });
  return { kind: 'segments', segments };
}

async function askBothParts(
  by: string,
  gate: string,
  { askParts, series: all, model, query, signal }: SegmentsOfSeries,
): Promise<BothParts | Refused> {
  const series = all.get(gate);
  if (series === undefined) return { kind: 'error', why: `the plan has no series of ${gate}` };
  const { modelId, rolloutId, version, baselineVersion, group, window } = query;
  const scope: SeriesScope = { model, modelId, rolloutId, version, baselineVersion, group, window };
  const named = (why: string): string => `${gate}: ${why}`;
  try {
    const [candidate, baseline] = await Promise.all([
      askParts(series, scope, { by, signal }),
      baselineVersion === null
        ? null
        : askParts(series, { ...scope, version: baselineVersion }, { by, signal }),
    ]);
    if (candidate.kind !== 'parts') return { ...candidate, why: named(candidate.why) };
    if (baseline?.kind === 'error') return { kind: 'error', why: named(`baseline: ${baseline.why}`) };
    const beside = baseline?.kind === 'parts' ? baseline.parts : null;
    return { kind: 'parts', series, candidate: candidate.parts, baseline: beside };
  } catch (thrown) {
    signal?.throwIfAborted();
    return { kind: 'error', why: named(toError(thrown).message) };
  }
}

function evidenceIn(
  gate: MeasurableGate,
  both: BothParts | Refused | undefined,
  { value, window }: { readonly value: string; readonly window: HealthQuery['window'] },
): Evidence {
  if (both === undefined) return { kind: 'error', why: 'the source left this gate without an answer' };
  if (both.kind !== 'parts') return { kind: 'none', why: both.why };
  if (!isSeriesGate(gate)) return { kind: 'error', why: `a series cannot measure ${gate.name}` };
  const { shape } = both.series;
  const answer = both.candidate.get(value);
  if (answer === undefined)
    return { kind: 'none', why: 'nothing measured: the candidate is not in this part' };
  const baseline = both.baseline?.get(value) ?? null;
  return evidenceOfSeries({ gate, shape: shapeOf(shape, answer), window }, { candidate: answer, baseline });
}

/** Devices whose text tells no parts apart are those of the whole fleet, and would weigh the part's evidence too much. */
function shapeOf(shape: SeriesShape, { leaves }: SeriesAnswer): SeriesShape {
  return leaves.devices === undefined ? { ...shape, devices: null } : shape;
}

/** A version without devices in a part adds none; where neither version tells any, nobody knows. */
function devicesIn(split: readonly BothParts[], value: string): number | null {
  for (const { candidate, baseline } of split) {
    const told = [candidate, baseline].flatMap((parts) => {
      const leaf = parts?.get(value)?.leaves.devices;
      return leaf?.kind === 'number' ? [leaf.value] : [];
    });
    if (told.length > 0) return told.reduce((sum, each) => sum + each, 0);
  }
  return null;
}
