/** Whether a run begins with the state that the run before it left, or says who changed it. Pure. */
import { formatPercent } from '../core/format.ts';
import { PAST_UNTOLD } from '../core/reconcile.ts';
import type { PastStage, Watching } from '../core/rollout.ts';
import { ENTRY_UNTOLD } from '../core/stage-history.ts';
import { type DurationMs, type EpochMs, MINUTE_MS, SECOND_MS } from '../core/units.ts';
import type { Discontinuity, Findings } from './discontinuity.ts';
import { firstState, type GivenReport, isWatched, type LeftBehind } from './left-behind.ts';
import type { ReportJson } from './report-schema.ts';
import { formatTime } from './time.ts';

const STATE = 'looks[0].inputs.state';
const NOTHING: Findings = { problems: [], remarks: [] };
const MISSING = 'a report is missing in between, or somebody else changed it and no report says so';

/** A write is confirmed a while after the server has dated it, and a lost answer takes longer. */
const DATED_WITHIN_MS: DurationMs = 2 * MINUTE_MS;
/** Tags tell times to the second. */
const TOLD_WITHIN_MS: DurationMs = SECOND_MS;

// After these, something may still have been done that the report does not know of: by the post step, or by a
// request whose answer never came.
const OPEN_ENDS: readonly ReportJson['outcome'][] = ['cancelled', 'timed_out', 'error', 'rollback_failed'];

/** Returns what a run contradicts of what the one before it left, and what changed in between. Never throws. */
export function goingOn(before: LeftBehind, after: GivenReport): Findings {
  const { report } = after;
  const state = firstState(report);
  if (state === null) return withoutLooks(before, after);
  switch (state.phase) {
    case 'absent':
    case 'ended':
      return before.state === null ? NOTHING : beginsAgain(before, after);
    case 'rolling_back':
      return rollsBack(before, after);
    case 'soaking':
    case 'baking':
      return watchesOn(before, after, state);
  }
}

function withoutLooks(before: LeftBehind, { name, report }: GivenReport): Findings {
  const { command, percentage } = report;
  if (command === 'set' || percentage === null || isExpected(before, percentage)) return NOTHING;
  return { problems: [otherPercentage(before, { name, where: 'percentage', percentage })], remarks: [] };
}

function beginsAgain({ given }: LeftBehind, { name }: GivenReport): Findings {
  const why = `begins as if there were no rollout, and ${given.name} left one`;
  return { problems: [{ name, where: `${STATE}.phase`, why }], remarks: [] };
}

/** What a tick adopts is a rollback of an unknown hand; only its end says whether it was one of ours. */
function rollsBack(before: LeftBehind, { name, report }: GivenReport): Findings {
  if (report.command === 'rollback' || !isWatched(before.state)) return NOTHING;
  const since = `rolled back since ${before.given.name}`;
  if (report.reason_code.startsWith('rolled_back_by_server')) {
    return { problems: [], remarks: [`${name}: ${since}, by the server or a person`] };
  }
  if (OPEN_ENDS.includes(before.given.report.outcome)) {
    return { problems: [], remarks: [`${name}: ${since}, which ended as ${before.given.report.outcome}`] };
  }
  return { problems: [{ name, where: `${STATE}.phase`, why: `${since}: ${MISSING}` }], remarks: [] };
}

function watchesOn(before: LeftBehind, after: GivenReport, state: Watching): Findings {
  const { name, report } = after;
  const left = before.state;
  if (left?.phase === 'rolling_back' && left.acceptedAt !== null) {
    const why = `watches a rollout that ${before.given.name} left rolling back: ${MISSING}`;
    return { problems: [{ name, where: `${STATE}.phase`, why }], remarks: [] };
  }
  const { percentage } = state;
  const ages = youngerThan(before, after, state);
  if (!isExpected(before, percentage)) {
    const where = `${STATE}.percentage`;
    if (report.reason_code === 'percentage_lowered') {
      return { problems: ages, remarks: [`${name}: lowered by somebody to ${formatPercent(percentage)}`] };
    }
    return { problems: [...ages, otherPercentage(before, { name, where, percentage })], remarks: [] };
  }
  if (!isWatched(left) || percentage !== left.percentage) return { problems: ages, remarks: [] };
  return { problems: [...ages, ...otherState(before, after, { left, state })], remarks: [] };
}

function isExpected({ percentage, unconfirmed }: LeftBehind, now: number): boolean {
  return percentage === null || percentage === now || unconfirmed === now;
}

function otherPercentage(
  { given, percentage }: LeftBehind,
  after: { readonly name: string; readonly where: string; readonly percentage: number },
): Discontinuity {
  const left = percentage === null ? 'an unknown percentage' : formatPercent(percentage);
  const why = `begins at ${formatPercent(after.percentage)}, ${given.name} left ${left}: ${MISSING}`;
  return { name: after.name, where: after.where, why };
}

/** No reading of an earlier run counts for a later one. */
function youngerThan({ given, until }: LeftBehind, { name }: GivenReport, state: Watching): Discontinuity[] {
  if (state.lastServerAt >= until - DATED_WITHIN_MS) return [];
  const why = `remembers a reading of ${formatTime(state.lastServerAt)}, before ${given.name} had ended`;
  return [{ name, where: `${STATE}.last_server_at`, why }];
}

interface Pair {
  readonly left: Watching;
  readonly state: Watching;
}

function otherState(
  { given, wrote }: LeftBehind,
  { name, report }: GivenReport,
  { left, state }: Pair,
): readonly Discontinuity[] {
  const within = wrote ? DATED_WITHIN_MS : TOLD_WITHIN_MS;
  const isEdited = report.plan_digest !== given.report.plan_digest;
  const problems: Discontinuity[] = [];
  const differs = (key: string, now: string, was: string): void => {
    const why = `begins with ${now}, ${given.name} left ${was}: ${MISSING}`;
    problems.push({ name, where: `${STATE}.${key}`, why });
  };
  const differsInTime = (key: string, now: EpochMs, was: EpochMs): void => {
    if (Math.abs(now - was) > within) differs(key, formatTime(now), formatTime(was));
  };
  if (tellsCreation(report)) differsInTime('created_at', state.createdAt, left.createdAt);
  if (!isEdited && state.previousVersion !== left.previousVersion) {
    differs('previous_version', `${state.previousVersion}`, `${left.previousVersion}`);
  }
  if (!isEdited && state.stageIndex !== left.stageIndex) {
    differs('stage_index', `stage ${state.stageIndex + 1}`, `stage ${left.stageIndex + 1}`);
  }
  if (tellsEntry(report) && tellsEntry(given.report)) {
    differsInTime('stage_entered_at', state.stageEnteredAt, left.stageEnteredAt);
  }
  if (!isEdited && tellsPast(report) && tellsPast(given.report)) {
    const key = firstOtherStage(left.past, state.past, within);
    if (key !== null)
      differs(`past${key}`, `${state.past.length} stages`, `${left.past.length} of other times`);
  }
  return problems;
}

function firstOtherStage(
  was: readonly PastStage[],
  now: readonly PastStage[],
  within: DurationMs,
): string | null {
  if (was.length !== now.length) return '';
  const index = was.findIndex((each, at) => {
    const other = now[at];
    return (
      other === undefined ||
      other.stageIndex !== each.stageIndex ||
      Math.abs(other.enteredAt - each.enteredAt) > within ||
      Math.abs(other.leftAt - each.leftAt) > within
    );
  });
  return index < 0 ? null : `[${index}]`;
}

function tellsCreation({ looks }: ReportJson): boolean {
  const server = looks[0]?.inputs.look.server;
  return server?.kind === 'rollout' && server.rollout.created_at !== null;
}

/** A rollout that is pending enters its stage when it starts. */
function tellsEntry({ notes, looks }: ReportJson): boolean {
  const isPending = looks.some(
    ({ inputs: { look } }) => look.server.kind === 'rollout' && look.server.rollout.status === 'pending',
  );
  return !notes.includes(ENTRY_UNTOLD) && !isPending;
}

function tellsPast(report: ReportJson): boolean {
  return tellsEntry(report) && !report.notes.includes(PAST_UNTOLD);
}
