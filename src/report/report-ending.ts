/** Whether a report shows every look that it may not leave out, and an end that its last look allows. Pure. */
import { type Outcome, SUCCESSFUL_OUTCOMES } from '../core/rollout.ts';
import { MOST_KEPT_LOOKS, NEWEST_LOOKS } from './most-kept-looks.ts';
import type { LookJson as Look, ReportJson } from './report-schema.ts';

/** Something that a report says, and what it would have to say. */
export interface Contradiction {
  readonly where: string;
  readonly reported: unknown;
  readonly computed: unknown;
}

/**
 * Returns the first look that is missing and may not be, or null. Never throws.
 *
 * Looks are left out only where there were more than are kept, never the first one and never one of the newest.
 */
export function missingLook({ looks, looks_taken: taken }: ReportJson): Contradiction | null {
  const [first] = looks;
  if (first === undefined) return taken === 0 ? null : contradiction('looks_taken', taken, 0);
  if (first.number !== 1) return contradiction('looks[0].number', first.number, 1);
  const whole = (taken ?? 0) > MOST_KEPT_LOOKS ? looks.length - NEWEST_LOOKS : 0;
  for (const [index, { number }] of looks.entries()) {
    const before = looks[index - 1];
    if (before === undefined || index < whole || number <= before.number + 1) continue;
    return contradiction(`looks[${index}].number`, number, before.number + 1);
  }
  return null;
}

/**
 * Returns what the end of a report says against its last look, or null. Never throws.
 *
 * Invariant: INV-7, a rollout is completed or rolled back only where a look has decided so.
 */
export function differenceAtTheEnd(report: ReportJson): Contradiction | null {
  const { looks, looks_taken: taken, outcome, reason_code: reason } = report;
  const last = looks.at(-1);
  if (last === undefined) return null;
  if (last.number !== taken) return contradiction('looks_taken', taken, last.number);
  const { command, reason_code: decided } = last;
  if (isWithoutMemory(report, last)) return null;
  if (command.kind !== 'finish') {
    const isLie = ONLY_DECIDED.includes(outcome) || (STOPS.includes(command.kind) && isGreen(outcome));
    return isLie ? contradiction('outcome', outcome, command.kind) : null;
  }
  if (OTHER_NAMES.includes(outcome)) return null;
  if (command.outcome !== outcome) return contradiction('outcome', outcome, command.outcome);
  return reason === decided ? null : contradiction('reason_code', reason, decided);
}

// What an operator asked for is done, and what was over before is nothing to do, under names of their own.
const OTHER_NAMES: readonly Outcome[] = ['noop', 'done'];
const ONLY_DECIDED: readonly Outcome[] = ['completed', 'rolled_back', ...OTHER_NAMES];
const STOPS: readonly Look['command']['kind'][] = ['pause', 'roll_back'];

/** A tick that does not know when its stage was entered does nothing that counts from then: it is held or waits. */
function isWithoutMemory({ command, outcome, reason_code: reason }: ReportJson, last: Look): boolean {
  const needsTheEntry =
    last.command.kind === 'raise' ||
    (last.command.kind === 'finish' && last.command.outcome === 'completed') ||
    last.reason_code === 'deadline_passed' ||
    last.reason_code === 'deadline_passed_rolled_back';
  if (command !== 'advance' || !needsTheEntry) return false;
  return reason === 'no_memory' ? outcome === 'held' : outcome === 'waiting' && reason === 'soaking';
}

function isGreen(outcome: Outcome): boolean {
  return SUCCESSFUL_OUTCOMES.includes(outcome);
}

function contradiction(where: string, reported: unknown, computed: unknown): Contradiction {
  return { where, reported, computed };
}
