/** The one error annotation of a run that failed. Pure. */
import { adviceFor } from '../core/reason-codes.ts';
import { type Outcome, SUCCESSFUL_OUTCOMES } from '../core/rollout.ts';
import { brokenGate, decidingLook } from './deciding.ts';
import { gateFact } from './gate-fact.ts';
import type { RunRecord } from './run-record.ts';
import { forAnnotation, MAX_ANNOTATION_CHARS, oneLine } from './sanitise.ts';
import { sentenceFor } from './sentence.ts';

/** What GitHub shows at the top of a run. Plain text. */
export interface Annotation {
  readonly title: string;
  readonly message: string;
}

const TITLES: Readonly<Record<Outcome, string>> = {
  completed: 'Rollout completed',
  advanced: 'Rollout advanced',
  waiting: 'Rollout waiting',
  planned: 'Rollout planned',
  simulated: 'Rollout simulated',
  done: 'Done',
  noop: 'Nothing to do',
  rolled_back: 'Rollout rolled back',
  rolling_back: 'Rollout is being rolled back',
  rollback_failed: 'Rollback failed',
  held: 'Rollout held',
  timed_out: "Rollout not finished in the job's time",
  cancelled: 'Rollout cancelled',
  superseded: 'Rollout superseded',
  invalid_input: 'Input refused',
  invalid_plan: 'Plan refused',
  error: 'Rollout stopped by an error',
};

/**
 * Returns the annotation of a run, or null for a run that ends green.
 *
 * The message is the sentence, then the details that it leaves out, what is still serving and what to do; at
 * most 4 096 characters, of which the first line is enough. Never throws.
 */
export function errorAnnotation(record: RunRecord): Annotation | null {
  if (SUCCESSFUL_OUTCOMES.includes(record.outcome)) return null;
  const sentence = sentenceFor(record);
  const facts = [brokenSentence(record, sentence), record.detail, record.stillServing].filter(
    (fact) => fact !== null && !isSaid(fact, sentence),
  );
  const message = [sentence, ...facts, adviceFor(record.reason)].join('\n');
  return { title: TITLES[record.outcome], message: forAnnotation(message, MAX_ANNOTATION_CHARS) };
}

// The headline has the deciding numbers already; the whole sentence of the gate stands in the summary.
function brokenSentence(record: RunRecord, said: string): string | null {
  const broken = brokenGate(record);
  if (broken === null) return null;
  return isSaid(gateFact(broken, decidingLook(record)?.odds ?? null), said) ? null : broken.sentence;
}

/** Returns whether a sentence already says a fact, in any case of its first letter. Never throws. */
export function isSaid(fact: string, sentence: string): boolean {
  const said = sentence.toLowerCase();
  const words = oneLine(fact).toLowerCase().replace(/\.$/, '');
  // A share that is served is always one of the devices.
  return said.includes(words.replace(/(?<= serves [\d.]+%) of the devices$/, ''));
}
