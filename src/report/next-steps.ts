/** What to do next, ready to paste. Pure. */
import { adviceFor } from '../core/reason-codes.ts';
import type { NextStep, RunRecord } from './run-record.ts';
import { codeBlock, forProse } from './sanitise.ts';

const MAX_STEPS = 6;
const NOTHING = 'Nothing to do.';

/** Returns the advice and the steps of a record, or an empty text when there is nothing to do. Never throws. */
export function nextSteps(record: RunRecord): string {
  // A step without anything to paste is the advice itself, for the way in which this rollout is driven.
  const isSaidBetter = record.next.some(({ code }) => code === null);
  const advice = isSaidBetter ? NOTHING : adviceFor(record.reason);
  if (advice === NOTHING && record.next.length === 0) return '';
  const steps = record.next.slice(0, MAX_STEPS).map(stepText);
  return ['### What to do next', ...(advice === NOTHING ? [] : [advice]), ...steps].join('\n\n');
}

/** Returns one step as Markdown: what it does, and what to paste. Never throws. */
export function stepText({ text, language, code }: NextStep): string {
  const prose = forProse(text);
  return code === null ? `- ${prose}` : `${prose}\n\n${codeBlock(code, language ?? 'text')}`;
}
