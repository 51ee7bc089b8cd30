/** The kinds of events that a fleet produces in a cell, each with the devices it falls on. Pure. */
import { type AliasTable, createAliasTable } from './alias-table.ts';
import type { Cell } from './cell.ts';
import { upperTail } from './draw-spread.ts';
import type { Fleet } from './fleet.ts';

/** Errors of a healthy version per request. */
export const ERROR_RATE = 0.01;
/** Crashes of a healthy version per request. */
export const CRASH_RATE = 0.002;
/** Requests of an average device per hour. */
export const REQUESTS_PER_HOUR = 12;

// Requests of one device: logarithm of the latency.
const REQUEST_SPREAD = 0.5;
const P95_Z = 1.6448536;
/** The latency limit and the line of the comparison with the baseline, as multiples of the healthy p95. */
const LIMIT_FACTOR = 1.3;
const LINE_FACTOR = 1.1;

/**
 * When a stream's events happen: at all times, on a version without its fault, on a version with it, or while
 * the whole fleet has an incident.
 */
export type Occasion = 'always' | 'healthy' | 'faulty' | 'incident';

/** One kind of event. */
export interface EventStream {
  readonly metric: 'error' | 'crash' | 'slow';
  readonly occasion: Occasion;
  readonly table: AliasTable;
  /** Events per hour of the whole fleet at average traffic. */
  readonly perHour: number;
  /** How many events come together, on average. */
  readonly burst: number;
  /** For slow requests: the chance of each device that one is slower than the limit too. */
  readonly beyondLimit: Float64Array | null;
  /** True where the fleet's common drift of errors applies. */
  readonly drifts: boolean;
}

/** Returns the streams of a cell for one of its fleets. */
export function createStreams(
  cell: Pick<Cell, 'burst' | 'incident' | 'fault'>,
  fleet: Fleet,
): readonly EventStream[] {
  const { burst, incident, fault } = cell;
  const errors = rateStream(fleet, { metric: 'error', rate: ERROR_RATE, burst });
  const crashes = rateStream(fleet, { metric: 'crash', rate: CRASH_RATE, burst: 1 });
  const slowerAlways = fault?.kind !== 'latency';
  const streams: EventStream[] = [
    errors,
    crashes,
    slowStream(fleet, { factor: 1, occasion: slowerAlways ? 'always' : 'healthy' }),
  ];
  if (incident > 1) streams.push(more(errors, incident, 'incident'));
  if (fault?.kind === 'errors') streams.push(more(errors, fault.factor, 'faulty'));
  if (fault?.kind === 'crashes') streams.push(more(crashes, fault.factor, 'faulty'));
  if (fault?.kind === 'latency')
    streams.push(slowStream(fleet, { factor: fault.factor, occasion: 'faulty' }));
  return streams;
}

/** The events that a factor adds. */
function more(stream: EventStream, factor: number, occasion: Occasion): EventStream {
  return { ...stream, perHour: stream.perHour * (factor - 1), occasion };
}

function rateStream(
  fleet: Fleet,
  {
    metric,
    rate,
    burst,
  }: { readonly metric: 'error' | 'crash'; readonly rate: number; readonly burst: number },
): EventStream {
  const factors = metric === 'error' ? fleet.errors : fleet.crashes;
  const table = createAliasTable(fleet.traffic.map((traffic, device) => traffic * (factors[device] ?? 0)));
  const perHour = REQUESTS_PER_HOUR * rate * table.total;
  return { metric, occasion: 'always', table, perHour, burst, beyondLimit: null, drifts: true };
}

function slowStream(
  fleet: Fleet,
  { factor, occasion }: { readonly factor: number; readonly occasion: Occasion },
): EventStream {
  const p95 = P95_Z * Math.hypot(REQUEST_SPREAD, fleet.slownessSpread);
  const slower = (line: number) => (slowness: number) =>
    upperTail((p95 + Math.log(line / factor) - slowness) / REQUEST_SPREAD);
  const overLine = fleet.slowness.map(slower(LINE_FACTOR));
  const overLimit = fleet.slowness.map(slower(LIMIT_FACTOR));
  const table = createAliasTable(fleet.traffic.map((traffic, device) => traffic * (overLine[device] ?? 0)));
  return {
    metric: 'slow',
    occasion,
    table,
    perHour: REQUESTS_PER_HOUR * table.total,
    burst: 1,
    beyondLimit: overLimit.map((share, device) => share / (overLine[device] ?? 1)),
    drifts: false,
  };
}
