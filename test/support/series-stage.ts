/** How a source is put into a situation: what every stage has, and the part that HTTP servers share. */

import type { Window } from '../../src/core/evidence.ts';
import type { SeriesShape, SourceName } from '../../src/core/series.ts';
import type { SeriesAnswer, SeriesScope } from '../../src/metrics/series-source.ts';
import { type AskedNumbers, type NumbersReply, startNumbersServer } from './numbers-server.ts';
import { seriesScope } from './series-scopes.ts';
import type { Situation, SituationName, Told, Trouble } from './series-situations.ts';

/** What every refusal of a stage's server repeats, and no message may. */
export const SECRET = 'tok-5ecret-of-the-stage';

/** A source in one situation. */
export interface Played {
  ask(): Promise<SeriesAnswer>;
  /** The window that the server was asked for; null where there is no server. */
  askedFor(): Window | null;
  /** How many requests arrived; null where there is no server. */
  requests(): number | null;
  close(): Promise<void>;
}

/** One source of health. */
export interface SeriesStage {
  readonly source: SourceName;
  /** Situations that cannot come about with this source, each with the reason. */
  readonly cannot: Readonly<Partial<Record<SituationName, string>>>;
  play(situation: Situation): Promise<Played>;
}

/** Returns the scope of a situation: version 2.0.0 of the whole fleet. */
export function scopeOf({ window }: Situation): SeriesScope {
  return seriesScope({ group: null, window });
}

/** Returns a shape whose texts are made of their own names. */
export function shapeOf(kind: SeriesShape['kind'], text: (leaf: string) => string): SeriesShape {
  switch (kind) {
    case 'counts':
      return {
        kind,
        events: text('events'),
        trials: text('trials'),
        devices: text('devices'),
        devicesWithEvents: text('devicesWithEvents'),
      };
    case 'mean':
      return { kind, mean: text('mean'), n: text('n'), devices: null };
    case 'buckets':
      return { kind, buckets: text('buckets'), unit: 'ms', devices: null };
    case 'value':
      return { kind, value: text('value'), unit: 'ratio', devices: null };
  }
}

/** What a stage with a server of numbers says about it. */
export interface HttpPart {
  /** Asks the source at an address; the deadline is for real time. */
  readonly ask: (origin: string, deadlineMs: number) => Promise<SeriesAnswer>;
  /** Body of a good answer to one request. */
  readonly body: (asked: AskedNumbers, told: Told | null) => unknown;
  readonly windowIn: (asked: AskedNumbers) => Window;
  /** More than the source reads. */
  readonly tooManyBytes: number;
}

// Long in virtual time, where the waits of queries side by side add up.
const DEADLINE_MS = 60_000;
const SHORT_DEADLINE_MS = 40;

/** Plays a situation with a server on this machine. */
export async function playOverHttp(situation: Situation, part: HttpPart): Promise<Played> {
  let look = 0;
  const perLook = new Map<string, number>();
  const server = await startNumbersServer((asked) => {
    const key = `${look} ${asked.path} ${JSON.stringify(asked.fields)}`;
    const turn = perLook.get(key) ?? 0;
    perLook.set(key, turn + 1);
    const told = look > 1 ? (situation.thenTold ?? situation.told) : situation.told;
    return trouble(situation.trouble, turn, part) ?? { body: part.body(asked, told) };
  });
  if (situation.trouble === 'unreachable') await server.close();
  return {
    ask() {
      look += 1;
      return part.ask(server.origin, situation.trouble === 'silent' ? SHORT_DEADLINE_MS : DEADLINE_MS);
    },
    askedFor: () => (server.asked[0] === undefined ? null : part.windowIn(server.asked[0])),
    requests: () => server.asked.length,
    close: () => (situation.trouble === 'unreachable' ? Promise.resolve() : server.close()),
  };
}

function trouble(kind: Trouble | undefined, turn: number, part: HttpPart): NumbersReply | null {
  const limited = { status: 429, headers: { 'retry-after': '1' }, body: {} };
  switch (kind) {
    case 'refused': {
      const said = `${SECRET} is unknown`;
      return { status: 403, body: { error: said, message: said, errors: [said] } };
    }
    case 'silent':
    case 'cut':
      return kind;
    case 'too large':
      return { body: 'x'.repeat(part.tooManyBytes) };
    case 'page':
      return { body: `<html>${SECRET}</html>`, headers: { 'content-type': 'text/html' } };
    case 'rate-limited':
      return limited;
    case 'rate-limited once':
      return turn === 0 ? limited : null;
    default:
      return null;
  }
}
