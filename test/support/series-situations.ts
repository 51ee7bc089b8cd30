/** What can happen between a source of health and its server, and what has to come of it. */

import type { Window } from '../../src/core/evidence.ts';
import type { SeriesShape } from '../../src/core/series.ts';
import { MINUTE_MS } from '../../src/core/units.ts';
import type { LeafName } from '../../src/metrics/series-source.ts';
import { SCOPE_END } from './series-scopes.ts';

/** What was measured, by the text that asks for it; a histogram by its bounds. Anything may be a wrong type. */
export type Told = Readonly<Partial<Record<LeafName, unknown>>>;

/** What goes wrong between a source and its server. */
export type Trouble =
  | 'refused'
  | 'silent'
  | 'cut'
  | 'too large'
  | 'rate-limited'
  | 'rate-limited once'
  | 'page'
  | 'unreachable';

/** What a source has to make of a situation. */
export type Outcome =
  /** Exactly the numbers told, for no time outside of the window. */
  | 'numbers'
  /** The numbers told, and the span that was measured and not the one asked. */
  | 'numbers of the part'
  /** Nothing, or numbers whose span ends so long ago that they are not judged. */
  | 'stale'
  | 'nothing'
  | 'error'
  /** An error, or numbers that cannot be and are refused when they are judged. */
  | 'impossible'
  /** Numbers twice, and an error when the second are fewer for a window that grew. */
  | 'went back';

/** One row of the suite. */
export interface Situation {
  readonly shape: SeriesShape['kind'];
  /** Null where nothing was measured. */
  readonly told: Told | null;
  /** What a second question is answered. */
  readonly thenTold?: Told;
  readonly window: Window;
  /** The span of what was measured; the window unless given. */
  readonly measured?: Window;
  /** Length of one step of time, for sources that answer in steps. */
  readonly stepMs?: number;
  readonly trouble?: Trouble;
  readonly expects: Outcome;
}

const ago = (minutes: number): number => SCOPE_END - minutes * MINUTE_MS;
const WINDOW: Window = { from: ago(15), to: SCOPE_END };
const COUNTS: Told = { events: 3, trials: 1_000, devices: 50, devicesWithEvents: 2 };

const numbers = (shape: SeriesShape['kind'], told: Told): Situation => {
  return { shape, told, window: WINDOW, expects: 'numbers' };
};
const counted = (change: Partial<Situation>): Situation => ({ ...numbers('counts', COUNTS), ...change });
const troubled = (trouble: Trouble, expects: Outcome = 'error'): Situation => counted({ trouble, expects });

/** Every situation by its name. */
export const SITUATIONS = {
  'counts, with devices': counted({}),
  'a mean with its n': numbers('mean', { mean: 0.75, n: 200 }),
  'a bare value': numbers('value', { value: 0.02 }),
  'a histogram': numbers('buckets', { buckets: { '100': 900, '+Inf': 1_000 } }),
  'counts with a fraction': counted({ told: { ...COUNTS, events: 2.5, trials: 999.5 } }),
  'zero events': counted({ told: { ...COUNTS, events: 0, devicesWithEvents: 0 } }),
  'something happened before the window': counted({ window: { from: ago(8), to: SCOPE_END } }),
  'only a part of the window was measured': counted({
    measured: { from: ago(11), to: ago(3) },
    stepMs: 8 * MINUTE_MS,
    expects: 'numbers of the part',
  }),
  'nothing new for twenty minutes': counted({
    window: { from: ago(60), to: SCOPE_END },
    measured: { from: ago(60), to: ago(20) },
    expects: 'stale',
  }),
  'nothing was measured': counted({ told: null, expects: 'nothing' }),
  NaN: counted({ told: { ...COUNTS, events: Number.NaN }, expects: 'error' }),
  'text for a number': counted({ told: { ...COUNTS, events: 'many' }, expects: 'error' }),
  'a negative count': counted({ told: { ...COUNTS, events: -4 }, expects: 'impossible' }),
  'a counter that went back': counted({
    told: { ...COUNTS, events: 30 },
    thenTold: { ...COUNTS, events: 3, trials: 100 },
    expects: 'went back',
  }),
  'an unknown token': troubled('refused'),
  'a server that is silent': troubled('silent'),
  'nobody there': troubled('unreachable'),
  'a cut answer': troubled('cut'),
  'a huge answer': troubled('too large'),
  'a page instead of numbers': troubled('page'),
  'rate-limited': troubled('rate-limited'),
  'rate-limited once': troubled('rate-limited once', 'numbers'),
} as const satisfies Readonly<Record<string, Situation>>;

/** The name of a situation. */
export type SituationName = keyof typeof SITUATIONS;

/** All names, in the order of the table. */
export const SITUATION_NAMES = Object.keys(SITUATIONS) as readonly SituationName[];
