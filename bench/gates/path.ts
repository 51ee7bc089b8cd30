/** What happens on one simulated fleet, whichever rule looks at it: drawn step by step as it is asked for. Pure. */
import { drawPoisson } from '../../src/simulation/draw-poisson.ts';
import { createRandom, type RandomSource } from '../../src/simulation/random-source.ts';
import type { Minutes } from './cell.ts';
import { type EventStream, REQUESTS_PER_HOUR } from './event-streams.ts';
import type { Fleet } from './fleet.ts';

/** One fleet's time. Devices are known by their place in the order in which they get the candidate. */
export interface Path {
  readonly devices: number;
  readonly streams: readonly EventStream[];
  readonly stepMinutes: Minutes;
  /** Returns a stream's events of a step: twice the device's place, plus 1 for one beyond the latency limit. */
  events(stream: number, step: number): Int32Array;
  /** Returns the expected number of a stream's events in a step. */
  expected(stream: number, step: number): number;
  /** Returns the number of requests without any event of the devices between two places. */
  plainRequests(step: number, between: Places): number;
  /** Returns the traffic of the device at a place, relative to the average one. */
  trafficOf(place: number): number;
  /** Returns the expected requests of an average device in a step. */
  requestsPerTraffic(step: number): number;
}

/** Places `from` to `to`, the latter exclusive, and the share of requests that have an event. */
export interface Places {
  readonly from: number;
  readonly to: number;
  readonly eventShare: number;
}

/** What a path is made of. */
export interface PathInput {
  readonly fleet: Fleet;
  readonly streams: readonly EventStream[];
  readonly stepMinutes: Minutes;
  readonly keys: readonly number[];
}

const HOUR = 60;
const DAY = 24 * HOUR;
const DIURNAL = 0.5;
const DRIFT = 0.2;
const REQUESTS_KEY = 1_000;

/** Returns the path of these keys; the devices' order, the time of the day and every event depend on them alone. */
export function createPath({ fleet, streams, stepMinutes, keys }: PathInput): Path {
  const random = createRandom(keys);
  const phase = random.next() * DAY;
  const driftPhase = random.next() * DAY;
  const places = shuffledPlaces(fleet.size, random);
  const traffic = trafficBefore(fleet, places);
  const hours = stepMinutes / HOUR;

  const wave = (at: Minutes): number => Math.sin((2 * Math.PI * at) / DAY);
  const diurnal = (step: number): number => 1 + DIURNAL * wave(step * stepMinutes + phase);
  const requestsPerTraffic = (step: number): number => REQUESTS_PER_HOUR * hours * diurnal(step);
  const drift = (step: number): number => 1 + DRIFT * wave(step * stepMinutes + driftPhase);
  const expected = (stream: number, step: number): number => {
    const { perHour, drifts } = streams[stream] ?? { perHour: 0, drifts: false };
    return perHour * hours * diurnal(step) * (drifts ? drift(step) : 1);
  };

  const drawn: (Int32Array | undefined)[][] = streams.map(() => []);
  const events = (stream: number, step: number): Int32Array => {
    const known = drawn[stream]?.[step];
    if (known !== undefined) return known;
    const made = drawEvents(streams[stream], {
      places,
      mean: expected(stream, step),
      random: createRandom([...keys, step, stream]),
    });
    const row = drawn[stream];
    if (row !== undefined) row[step] = made;
    return made;
  };
  const plainRequests = (step: number, { from, to, eventShare }: Places): number => {
    const share = (traffic[to] ?? 0) - (traffic[from] ?? 0);
    const mean = requestsPerTraffic(step) * share * Math.max(0, 1 - eventShare);
    return drawPoisson(mean, createRandom([...keys, step, REQUESTS_KEY, from, to]));
  };
  const trafficOf = (place: number): number => (traffic[place + 1] ?? 0) - (traffic[place] ?? 0);
  return {
    devices: fleet.size,
    streams,
    stepMinutes,
    events,
    expected,
    plainRequests,
    trafficOf,
    requestsPerTraffic,
  };
}

interface EventDraw {
  readonly places: Int32Array;
  readonly mean: number;
  readonly random: RandomSource;
}

function drawEvents(stream: EventStream | undefined, { places, mean, random }: EventDraw): Int32Array {
  if (stream === undefined) return new Int32Array(0);
  const { burst, table, beyondLimit } = stream;
  const bursts = drawPoisson(mean / burst, random);
  if (burst === 1) {
    const single = new Int32Array(bursts);
    for (let each = 0; each < bursts; each += 1) {
      const device = table.draw(random);
      const beyond = beyondLimit !== null && random.next() < (beyondLimit[device] ?? 0);
      single[each] = 2 * (places[device] ?? 0) + (beyond ? 1 : 0);
    }
    return single;
  }
  const events: number[] = [];
  for (let each = 0; each < bursts; each += 1) {
    const place = places[table.draw(random)] ?? 0;
    // Geometric: each failure is tried again with the same chance.
    do events.push(2 * place);
    while (random.next() < 1 - 1 / burst);
  }
  return Int32Array.from(events);
}

/** The place of each device (Fisher and Yates). */
function shuffledPlaces(size: number, random: RandomSource): Int32Array {
  const places = new Int32Array(size);
  for (let index = 0; index < size; index += 1) places[index] = index;
  for (let last = size - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    const kept = places[last] ?? 0;
    places[last] = places[other] ?? 0;
    places[other] = kept;
  }
  return places;
}

/** Traffic of all devices before a place. */
function trafficBefore(fleet: Fleet, places: Int32Array): Float64Array {
  const at = new Float64Array(fleet.size + 1);
  for (let device = 0; device < fleet.size; device += 1) {
    at[(places[device] ?? 0) + 1] = fleet.traffic[device] ?? 0;
  }
  for (let place = 1; place < at.length; place += 1) at[place] = (at[place] ?? 0) + (at[place - 1] ?? 0);
  return at;
}
