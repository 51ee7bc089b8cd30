/** What the answer of a series says about its gate. Pure. */
import type { Counts, Evidence, Window } from '../core/evidence.ts';
import { unitOfGate } from '../core/gate-question.ts';
import type { LatencyGate, QualityGate, RateGate, ValueGate } from '../core/plan.ts';
import type { MeasurableGate } from '../core/ports.ts';
import type { SeriesShape } from '../core/series.ts';
import { badnessOf } from '../core/statistics/bounded-mean.ts';
import { SECOND_MS } from '../core/units.ts';
import { mismatch } from './answered-question.ts';
import type { LatencyBucket } from './health-answer.ts';
import { slowerIn } from './latency-buckets.ts';
import type { LeafName, SeriesAnswer } from './series-source.ts';

/** A gate that a series of a plan can measure. */
export type SeriesGate = RateGate | LatencyGate | QualityGate | ValueGate;

/** What a source answered for the candidate and, where it was asked, for the version that it replaces. */
export interface BothAnswers {
  readonly candidate: SeriesAnswer;
  readonly baseline: SeriesAnswer | null;
}

/** What was asked, and for which gate. */
export interface AskedSeries {
  readonly gate: SeriesGate;
  readonly shape: SeriesShape;
  readonly window: Window;
}

interface NoNumber {
  readonly kind: 'none' | 'error';
  readonly why: string;
}

type BareNumber = { readonly kind: 'value'; readonly value: number; readonly devices: number | null };

/** Returns whether a series of a plan can measure a gate; devices are counted by the control plane. */
export function isSeriesGate(gate: MeasurableGate): gate is SeriesGate {
  return gate.kind !== 'adoption' && gate.kind !== 'assignment';
}

/**
 * Returns the evidence of a series for one gate.
 *
 * Nothing measured, zero trials included, is `none` and never a zero (INV-2). `error` is what a source could not
 * answer, a number that cannot be (not finite, negative, a share above 1, more events than trials by over 0.5%),
 * another kind of answer than asked, and a window that starts before the one asked (INV-1). A baseline that is
 * not there, or that cannot be used, is null.
 */
export function evidenceOfSeries(asked: AskedSeries, { candidate, baseline }: BothAnswers): Evidence {
  const wrong = mismatch(
    { covered: candidate.covered, rolloutId: null },
    { rolloutId: '', window: asked.window },
  );
  if (wrong !== null) return wrong;
  const covered = { from: candidate.covered.from, to: Math.min(candidate.covered.to, asked.window.to) };
  const own = numbersOf(asked, candidate);
  if ('kind' in own) return own.kind === 'value' ? { ...own, covered } : own;
  if (own.trials === 0) return { kind: 'none', why: `nothing measured: no ${unitOfGate(asked.gate)}` };
  const isBeside = baseline !== null && baseline.covered.from >= asked.window.from;
  const other = isBeside ? numbersOf(asked, baseline) : null;
  const beside = other === null || 'kind' in other || other.trials === 0 ? null : other;
  return { kind: 'counts', candidate: own, baseline: beside, covered };
}

function numbersOf({ gate, shape }: AskedSeries, answer: SeriesAnswer): Counts | BareNumber | NoNumber {
  const devices = devicesOf(shape, answer);
  if (typeof devices === 'object' && devices !== null) return devices;
  switch (shape.kind) {
    case 'counts':
      return gate.kind === 'rate' || gate.kind === 'latency'
        ? countsOf(gate, answer, devices)
        : unfit(gate, shape);
    case 'mean':
      return gate.kind === 'quality' ? meanOf(answer, devices) : unfit(gate, shape);
    case 'buckets':
      return gate.kind === 'latency' ? slowOf(gate, { shape, answer, devices }) : unfit(gate, shape);
    case 'value':
      return bareOf(gate, { shape, answer, devices });
  }
}

function countsOf(
  gate: RateGate | LatencyGate,
  answer: SeriesAnswer,
  devices: number | null,
): Counts | NoNumber {
  const trials = countIn(answer, 'trials');
  if (typeof trials !== 'number') return trials;
  const events = countIn(answer, 'events');
  if (typeof events !== 'number')
    return events.kind === 'none' ? { ...events, why: noEvents(events.why, trials) } : events;
  if (events > trials * (1 + SLACK)) {
    return error(`events: ${events} of ${trials} trials; events are a part of the trials`);
  }
  const counts = { events: Math.min(events, trials), trials };
  const countsDevices = gate.kind === 'rate' && gate.unit === undefined && gate.name !== 'error_rate';
  if (countsDevices) return { ...counts, devices: trials, devicesWithEvents: counts.events };
  const withEvents = devices === null ? null : devicesWithEventsOf(answer, { devices, events });
  if (typeof withEvents === 'object' && withEvents !== null) return withEvents;
  return { ...counts, devices, devicesWithEvents: withEvents };
}

// Scrapes of two series are not of the same instant.
const SLACK = 0.005;

function noEvents(why: string, trials: number): string {
  return `${why}, of ${trials} trials; where no event means no series, let the query end in a zero, as \`or vector(0)\` does in PromQL`;
}

/** No device with an event is counted as an empty result by many a source; without an event there is none. */
function devicesWithEventsOf(
  answer: SeriesAnswer,
  { devices, events }: { readonly devices: number; readonly events: number },
): number | null | NoNumber {
  if (answer.leaves.devicesWithEvents === undefined) return null;
  const told = countIn(answer, 'devicesWithEvents');
  if (typeof told !== 'number') return told.kind === 'error' ? told : events === 0 ? 0 : null;
  if (told > devices * (1 + SLACK)) {
    return error(`devices_with_events: ${told} of ${devices} devices; they are a part of the devices`);
  }
  return Math.min(told, devices);
}

function devicesOf(shape: SeriesShape, answer: SeriesAnswer): number | null | NoNumber {
  if (shape.devices === null) return null;
  const told = countIn(answer, 'devices');
  if (typeof told === 'number') return told;
  return told.kind === 'error' ? told : null;
}

function meanOf(answer: SeriesAnswer, devices: number | null): Counts | NoNumber {
  const n = countIn(answer, 'n');
  if (typeof n !== 'number') return n;
  if (n === 0) return { kind: 'none', why: 'nothing measured: zero answers' };
  const mean = shareIn(answer, 'mean');
  if (typeof mean !== 'number') return mean;
  const badness = badnessOf(mean * n, n);
  if (badness.kind === 'error') return badness;
  return { events: badness.events, trials: badness.trials, devices, devicesWithEvents: null };
}

interface Answered<Kind extends SeriesShape['kind']> {
  readonly shape: Extract<SeriesShape, { kind: Kind }>;
  readonly answer: SeriesAnswer;
  readonly devices: number | null;
}

function slowOf(gate: LatencyGate, { shape, answer, devices }: Answered<'buckets'>): Counts | NoNumber {
  const buckets = bucketsOf(answer, shape.unit);
  if ('kind' in buckets) return buckets;
  const slower = slowerIn(buckets, gate.maxMs);
  return 'kind' in slower ? slower : { ...slower, devices, devicesWithEvents: null };
}

/** Returns the histogram of an answer in milliseconds, or why there is none. */
export function bucketsOf(answer: SeriesAnswer, unit: 'ms' | 's'): readonly LatencyBucket[] | NoNumber {
  const leaf = answer.leaves.buckets;
  if (leaf === undefined) return error('buckets: not answered');
  if (leaf.kind === 'none' || leaf.kind === 'error') return { kind: leaf.kind, why: `buckets: ${leaf.why}` };
  if (leaf.kind !== 'buckets') return error('buckets: a single number where a histogram is expected');
  if (leaf.buckets.length === 0) return { kind: 'none', why: 'buckets: none' };
  const perUnit = unit === 's' ? SECOND_MS : 1;
  return leaf.buckets.map(({ upTo, count }) => ({ leMs: upTo * perUnit, count }));
}

function bareOf(gate: SeriesGate, { shape, answer, devices }: Answered<'value'>): BareNumber | NoNumber {
  const isTime = shape.unit === 'ms' || shape.unit === 's';
  const isShare = shape.unit === 'ratio' || shape.unit === 'percent';
  const fits =
    gate.kind === 'latency'
      ? isTime
      : gate.kind === 'value'
        ? (gate.unit === 'ms') === isTime && !isShare
        : isShare;
  if (!fits) return unfit(gate, shape);
  const value = isShare
    ? shareIn(answer, 'value', shape.unit === 'percent' ? 100 : 1)
    : isTime
      ? timeIn(answer, shape.unit === 's' ? SECOND_MS : 1)
      : numberIn(answer, 'value');
  // A share of no device at all is a zero that nobody measured.
  if (devices === 0) return { kind: 'none', why: 'nothing measured: no active device' };
  return typeof value === 'number' ? { kind: 'value', value, devices } : value;
}

/** Returns the bare time of an answer in milliseconds, or why there is none. */
export function timeIn(answer: SeriesAnswer, perUnit: number): number | NoNumber {
  const value = countIn(answer, 'value');
  return typeof value === 'number' ? value * perUnit : value;
}

function shareIn(answer: SeriesAnswer, name: LeafName, whole = 1): number | NoNumber {
  const value = countIn(answer, name);
  if (typeof value !== 'number' || value <= whole) return typeof value === 'number' ? value / whole : value;
  const range =
    whole === 1 ? 'a ratio is from 0 to 1; is its unit percent?' : 'a percentage is from 0 to 100';
  return error(`${name}: ${value}; ${range}`);
}

function countIn(answer: SeriesAnswer, name: LeafName): number | NoNumber {
  const value = numberIn(answer, name);
  return typeof value === 'number' && value < 0
    ? error(`${keyOf(name)}: ${value}; expected 0 or more`)
    : value;
}

function numberIn({ leaves }: SeriesAnswer, name: LeafName): number | NoNumber {
  const leaf = leaves[name];
  const key = keyOf(name);
  if (leaf === undefined) return error(`${key}: not answered`);
  if (leaf.kind === 'none' || leaf.kind === 'error') return { kind: leaf.kind, why: `${key}: ${leaf.why}` };
  if (leaf.kind === 'buckets') return error(`${key}: a histogram where a number is expected`);
  return Number.isFinite(leaf.value) ? leaf.value : error(`${key}: ${leaf.value} is no number`);
}

function keyOf(name: LeafName): string {
  return name === 'devicesWithEvents' ? 'devices_with_events' : name;
}

function unfit({ name }: SeriesGate, { kind }: SeriesShape): NoNumber {
  return error(`a series of ${kind} cannot measure ${name}`);
}

function error(why: string): NoNumber {
  return { kind: 'error', why };
}
