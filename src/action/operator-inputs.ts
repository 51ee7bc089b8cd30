/** The inputs of an operator's verbs: how far, and why. */
import type { Percent } from '../core/units.ts';
import { writePercent } from '../plan/percent.ts';
import type { InputReader } from './input-reader.ts';

const MAX_REASON_CHARS = 300;
const PERCENTAGE = /^([0-9]{1,3}(?:\.[0-9]{1,6})?)(%?)$/;

/** The commands that change a rollout because a person says so. */
export const OPERATOR_CHANGES = ['pause', 'resume', 'set'] as const;

/** One of those commands. */
export type OperatorChange = (typeof OPERATOR_CHANGES)[number];

/** Returns whether a command is one of `OPERATOR_CHANGES`. */
export function isOperatorChange(command: string): command is OperatorChange {
  return OPERATOR_CHANGES.some((each) => each === command);
}

/**
 * Returns the percentage of `set`, 0 to 100, or null for every other command, which takes none.
 *
 * Notes a problem for anything else, and for a bare number below 1, which may be a ratio.
 */
export function readPercentage({ read, refuse }: InputReader, command: string): Percent | null {
  const text = read('percentage');
  if (command !== 'set') {
    if (text !== '') refuse('percentage', 'nothing: only command set takes a percentage');
    return null;
  }
  const match = PERCENTAGE.exec(text);
  const percentage = Number(match?.[1] ?? Number.NaN);
  if (match === null || percentage > 100) {
    refuse('percentage', 'the share of the fleet, 0 to 100, such as 25 or 12.5%');
  } else if (percentage > 0 && percentage < 1 && match[2] === '') {
    const readings = `${writePercent(percentage)} or ${writePercent(percentage * 100)}`;
    refuse('percentage', `a number with %; did you mean ${readings}?`);
  }
  return percentage;
}

/** Returns the person's reason or null; notes a problem for a missing one where the command needs it. */
export function readReason({ read, refuse }: InputReader, command: string): string | null {
  const text = read('reason');
  if (text === '') {
    if (isOperatorChange(command)) refuse('reason', `why, in one line: others will ask who did this and why`);
    return null;
  }
  if (/\p{Cc}/u.test(text) || text.length > MAX_REASON_CHARS) {
    refuse('reason', `one line of at most ${MAX_REASON_CHARS} characters`);
  }
  return text;
}
