/** One sentence that says how a run ended, with the numbers that decided. Pure. */
import { formatCount, formatDuration, formatPercent } from '../core/format.ts';
import { leastPlanMs } from '../core/plan-time.ts';
import { meaningOf } from '../core/reason-codes.ts';
import type { Outcome } from '../core/rollout.ts';
import type { Percent } from '../core/units.ts';
import { brokenGate, decidingLook } from './deciding.ts';
import { gateFact } from './gate-fact.ts';
import type { RunRecord } from './run-record.ts';
import { oneLine } from './sanitise.ts';
import { formatTime } from './time.ts';

/** The longest sentence; it has to be read at a glance. */
export const MAX_SENTENCE_CHARS = 220;

const MAX_NAME_CHARS = 48;
const MAX_FACT_CHARS = 170;
const MAX_SERVING_CHARS = 100;

/**
 * Returns one sentence with the outcome, the model and version where they are known, and the deciding fact.
 *
 * Plain text on one line that is safe in a log, at most `MAX_SENTENCE_CHARS` long. Never throws. Invariant:
 * INV-7, a failed rollback begins with what is still serving.
 */
export function sentenceFor(record: RunRecord): string {
  return oneLine(SENTENCES[record.outcome](record), MAX_SENTENCE_CHARS);
}

function factOf(record: RunRecord): string {
  return clause(record.detail || meaningOf(record.reason));
}

// The detail of an error is often only what the API said; the reason tells what that means.
function meaningAndDetail(record: RunRecord): string {
  if (!record.detail || record.reason === 'invalid_input') return factOf(record);
  return `${clause(meaningOf(record.reason))}; ${clause(record.detail)}`;
}

// The record's detail of a rollback tells how it was confirmed; why it was decided stands at the deciding look.
function rollbackFact(record: RunRecord): string {
  if (record.reason.startsWith('rolled_back_by_server')) return clause(meaningOf(record.reason));
  const decided = brokenFact(record) ?? decidingLook(record)?.detail;
  return decided ? clause(decided) : factOf(record);
}

/** The gate that proved harm, with the numbers that decided, in few words. */
function brokenFact(record: RunRecord): string | null {
  const broken = brokenGate(record);
  return broken === null ? null : gateFact(broken, decidingLook(record)?.odds ?? null);
}

const SENTENCES: Readonly<Record<Outcome, (record: RunRecord) => string>> = {
  completed: (record) =>
    join(`Completed ${subject(record)}${at(record.percentage, ' of the fleet')}`, completion(record)),
  advanced: (record) =>
    `Advanced ${subject(record)}${at(record.percentage, '')}${stageOf(record)}.${next(record)}`,
  waiting: (record) =>
    `${join(`Waiting with ${subject(record)}${at(record.percentage, '')}`, factOf(record))}${next(record)}`,
  planned: (record) => join(`Planned ${subject(record)}${onlyFor(record)}`, planning(record)),
  simulated: (record) => join(`Simulated ${subject(record)}`, factOf(record)),
  done: (record) => done(record),
  noop: (record) => join(`Nothing to do for ${subject(record)}`, factOf(record)),
  rolled_back: (record) => rolledBack(record),
  rolling_back: (record) => join(`Rolling back ${turn(record)}${where(record)}`, rollbackFact(record)),
  rollback_failed: (record) => rollbackFailed(record),
  held: (record) =>
    join(`Held ${subject(record)}${where(record)}`, clause(brokenFact(record) ?? factOf(record))),
  timed_out: (record) =>
    join(`The job's time is over with ${subject(record)}${at(record.percentage, '')}`, factOf(record)),
  cancelled: (record) =>
    join(`Cancelled with ${subject(record)}${at(record.percentage, '')}`, factOf(record)),
  superseded: (record) =>
    join(`Stopped ${subject(record)}${at(record.percentage, '')}`, meaningAndDetail(record)),
  invalid_input: (record) =>
    join(`Refused ${subject(record)}, nothing was changed`, meaningAndDetail(record)),
  invalid_plan: (record) =>
    join(`Refused the plan of ${subject(record)}, nothing was changed`, problems(record)),
  error: (record) =>
    join(`Stopped ${subject(record)}${at(record.percentage, '')} on an error`, meaningAndDetail(record)),
};

/** Returns what a sentence is about: model, version and group as far as they are known, each cut. Never throws. */
export function subject({ model, version, group }: RunRecord): string {
  const scope = group === null ? '' : ` for ${name(group)}`;
  if (model === null && version === null) return `the rollout${scope}`;
  if (version === null) return `${name(model)}${scope}`;
  return model === null ? `version ${name(version)}${scope}` : `${name(model)} ${name(version)}${scope}`;
}

function turn(record: RunRecord): string {
  const restored = record.restoredVersion ?? record.previousVersion;
  return `${subject(record)} to ${restored === null ? 'the previous version' : name(restored)}`;
}

function completion(record: RunRecord): string {
  if (record.reason === 'already_completed') return clause(meaningOf(record.reason));
  const look = record.looks.findLast((each) => each.devicesOnVersion !== null);
  if (look === undefined || look.devicesOnVersion === null) {
    return 'the bake has passed, and the API could not count devices';
  }
  const on = formatCount(look.devicesOnVersion);
  return look.devicesReachable === null
    ? `${on} devices run it`
    : `${on} of ${formatCount(look.devicesReachable)} reachable devices run it`;
}

function rolledBack(record: RunRecord): string {
  const byRequest = record.reason.startsWith('rolled_back_by_request');
  if (byRequest) return join(`Rolled back ${turn(record)}`, factOf(record));
  return join(`Rolled back ${turn(record)}${where(record)}`, rollbackFact(record));
}

/** Whoever reads this acts at once: what serves, what failed and what to do are said in full, or said shorter. */
function rollbackFailed(record: RunRecord): string {
  const serving = clause(record.stillServing || 'it is not known what the devices run', MAX_SERVING_CHARS);
  const restored = record.restoredVersion ?? record.previousVersion;
  const failed = (what: string): string =>
    restored === null ? `no rollback${what} was possible` : `the rollback${what} to ${name(restored)} failed`;
  const named = `${serving}; ${failed(` of ${subject(record)}`)}`;
  const brief = `${serving}; ${failed('')}`;
  const why = whyNotRolledBack(record);
  const hand = `roll back by hand with command: rollback${restored === null ? ' and to-version' : ''}`;
  const sentences = [
    `${named}: ${why}; ${hand}.`,
    ...(record.detail !== null && record.reason === 'rollback_unconfirmed'
      ? [`${brief}: ${why}; ${hand}.`]
      : []),
    `${named}; ${hand}.`,
    `${brief}; ${hand}.`,
  ];
  return capital(sentences.find(({ length }) => length <= MAX_SENTENCE_CHARS) ?? `${serving}; ${hand}.`);
}

/** What was asked of the API and what it answered is told in full below the sentence. */
function whyNotRolledBack(record: RunRecord): string {
  if (record.reason === 'rollback_refused') return 'the API did not accept it';
  return record.reason === 'rollback_unconfirmed' ? factOf(record) : clause(meaningOf(record.reason));
}

function done(record: RunRecord): string {
  if (record.command === 'rollback') return rolledBack(record);
  if (record.command !== 'status') return join(changed(record), factOf(record));
  const newest = record.rollouts[0];
  const many = record.rollouts.length;
  if (newest === undefined) return join(`Status of ${subject(record)}`, 'no rollout was found');
  const newestIs = `${name(newest.version)} is ${name(newest.statusText)}${at(newest.percentage, '')}`;
  return join(
    `Status of ${subject(record)}`,
    many === 1 ? newestIs : `${newestIs}, the newest of ${many} rollouts`,
  );
}

/** What an operator's verb came to; the percentage is the one that the API shows now. */
function changed(record: RunRecord): string {
  const what = subject(record);
  switch (record.reason) {
    case 'paused_by_request':
      return `Paused ${what}${at(record.percentage, '')}`;
    case 'resumed_by_request':
      return `Resumed ${what}${at(record.percentage, '')}`;
    case 'percentage_set_by_request':
      return `Set ${what}${record.percentage === null ? '' : ` to ${formatPercent(record.percentage)}`}`;
    case 'nothing_to_change':
      return `Changed nothing of ${what}${at(record.percentage, '')}`;
    default:
      return `Done with ${what}`;
  }
}

function planning(record: RunRecord): string {
  const { plan } = record;
  if (plan === null) return factOf(record);
  const shares = plan.stages.map((stage) => formatPercent(stage.percentage));
  const path = shares.length <= 8 ? shares.join(' → ') : `${shares[0]} → … → ${shares.at(-1)}`;
  const stages = shares.length === 1 ? '1 stage' : `${shares.length} stages`;
  return `${stages} (${path}), ${formatDuration(leastPlanMs(plan))} at least`;
}

function onlyFor({ reason }: RunRecord): string {
  if (reason === 'planned_for_fork') return ' and nothing else, because the pull request is from a fork';
  return reason === 'planned_after_fork' ? ' and nothing else, because a fork may be behind this run' : '';
}

function problems(record: RunRecord): string {
  const lines = (record.detail ?? '').split('\n').filter((line) => line.trim() !== '');
  const [first] = lines;
  if (first === undefined) return factOf(record);
  return lines.length === 1 ? clause(first) : `${clause(first)} (and ${lines.length - 1} more)`;
}

// A rollback changes the percentage, so the sentence names the one at which it was decided.
function where(record: RunRecord): string {
  return at(decidingLook(record)?.percentage ?? record.percentage, '');
}

function at(percentage: Percent | null, of: string): string {
  return percentage === null ? '' : ` at ${formatPercent(percentage)}${of}`;
}

function stageOf(record: RunRecord): string {
  const index = record.stages.findIndex((stage) => stage.result === 'current');
  return index < 0 ? '' : `, stage ${index + 1} of ${record.stages.length}`;
}

function next({ nextLookAt }: RunRecord): string {
  return nextLookAt === null ? '' : ` Next look ${formatTime(nextLookAt)}.`;
}

function name(text: string | null): string {
  return oneLine(text ?? '', MAX_NAME_CHARS) || 'unnamed';
}

function join(lead: string, fact: string): string {
  return `${lead}: ${fact}.`;
}

function clause(text: string, maxChars: number = MAX_FACT_CHARS): string {
  const line = oneLine(text, maxChars).replace(/\.$/, '');
  const isOrdinaryWord = /^[A-Z][a-z]* /.test(line) && !line.startsWith('Octomil ');
  return isOrdinaryWord ? `${line.charAt(0).toLowerCase()}${line.slice(1)}` : line;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
