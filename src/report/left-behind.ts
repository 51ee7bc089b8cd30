/** What the run of a report began with, and what it left to the next one. Pure. */
import type { RolloutState } from '../core/rollout.ts';
import type { EpochMs, Percent } from '../core/units.ts';
import { decodeExact } from './exact-json.ts';
import { groundOf, stateAfter } from './recomputed-look.ts';
import type { ReportJson } from './report-schema.ts';

/** A report and what it is called where it is talked about. */
export interface GivenReport {
  readonly name: string;
  readonly report: ReportJson;
}

/** What one run left behind. */
export interface LeftBehind {
  readonly given: GivenReport;
  /** When it was last heard of, by the server's clock where it looked. */
  readonly until: EpochMs;
  /** Null where it does not say. */
  readonly percentage: Percent | null;
  /** A percentage that it asked for without hearing whether it took effect; null where there is none. */
  readonly unconfirmed: Percent | null;
  /** Null where it does not say. */
  readonly state: RolloutState | null;
  /** True when its state tells a time of its own clock, which the server may remember a little otherwise. */
  readonly wrote: boolean;
}

/** Returns when the run of a report began, by the server's clock where it looked, else by its own. Never throws. */
export function beganAt({ looks, started_at }: ReportJson): EpochMs {
  return (looks[0]?.inputs.look.at as EpochMs | undefined) ?? Date.parse(started_at ?? '');
}

/** Returns the state that the first look of a report was taken in; null without a look. Never throws. */
export function firstState({ looks }: ReportJson): RolloutState | null {
  const first = looks[0];
  return first === undefined ? null : (decodeExact(first.inputs.state) as RolloutState);
}

/**
 * Returns what the run of a report left behind, `before` being what the run before it left.
 *
 * Errors: throws where its decisions cannot be computed again, which is to be checked first.
 */
export function leftBy(given: GivenReport, before: LeftBehind | null): LeftBehind {
  const { report } = given;
  const last = report.looks.at(-1);
  const ground = groundOf(report);
  if (last === undefined || ground === null) return withoutLooks(given, before);
  const state = stateAfter(last, ground);
  const wrote = report.looks.some(({ events }) => events.length > 0);
  const times = last.events.flatMap((event) =>
    'at' in event && typeof event.at === 'number' ? event.at : [],
  );
  return {
    given,
    until: Math.max(last.inputs.look.at as EpochMs, ...times),
    percentage: isWatched(state) ? state.percentage : null,
    unconfirmed: unconfirmedBy(last),
    state: state.phase === 'absent' || state.phase === 'ended' ? null : state,
    wrote,
  };
}

/** Returns whether a rollout serves the candidate and is being looked at. Never throws. */
export function isWatched(
  state: RolloutState | null,
): state is Extract<RolloutState, { readonly phase: 'soaking' | 'baking' }> {
  return state?.phase === 'soaking' || state?.phase === 'baking';
}

/** An operator's verb takes no look: it says at which percentage it left the rollout, and no more. */
function withoutLooks(given: GivenReport, before: LeftBehind | null): LeftBehind {
  const { percentage, ended_at } = given.report;
  const known = before?.percentage ?? null;
  const isSame = before !== null && (percentage === null || percentage === known);
  return {
    given,
    until: Date.parse(ended_at ?? ''),
    percentage: percentage ?? known,
    unconfirmed: isSame ? before.unconfirmed : null,
    state: isSame ? before.state : null,
    wrote: before?.wrote ?? false,
  };
}

function unconfirmedBy({ command, events }: ReportJson['looks'][number]): Percent | null {
  return command.kind === 'raise' && events.length === 0 ? command.percentage : null;
}
