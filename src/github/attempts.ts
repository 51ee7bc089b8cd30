/** Asks and writes on GitHub for what a rollout can do without: in little time, once more where that helps, told once. */
import type { Clock, Logger } from '../core/ports.ts';
import { type DurationMs, SECOND_MS } from '../core/units.ts';
import { timeLimit } from '../runtime/abort.ts';
import { type GitHubTrouble, troubleOf } from './github-trouble.ts';

/** Whose attempts these are. */
export interface AttemptSettings {
  readonly clock: Clock;
  /** Where a rollout is to be remembered, as the subject of a sentence. */
  readonly where: string;
  readonly log: Logger;
}

/** What to return where GitHub does not answer. */
export interface Asking<T> {
  readonly signal: AbortSignal;
  readonly otherwise: T;
  /** What is missing without an answer, as the end of a sentence; `UNREMEMBERED` unless given. */
  readonly missing?: string;
}

/** What a write is for, and how long it may take. */
export interface Writing {
  readonly signal: AbortSignal;
  /** What is missing without it, as the end of a sentence. */
  readonly missing: string;
  /** True where the runner may soon kill the step. */
  readonly isUrgent: boolean;
}

/** Attempts that share what is known of GitHub: after a refusal nothing is asked any more. */
export interface Attempts {
  /** Resolves with the answer, or `otherwise`; never rejects. */
  ask<T>(question: (limit: AbortSignal) => Promise<T>, asking: Asking<T>): Promise<T>;
  /** Resolves with what the write came to, or false; never rejects. A write that is cut off must be safe to repeat. */
  write(act: (limit: AbortSignal) => Promise<boolean>, writing: Writing): Promise<boolean>;
}

/** What a rollout lacks that GitHub does not answer for. */
export const UNREMEMBERED = 'does not remember this rollout';

const LIMIT_MS: DurationMs = 15 * SECOND_MS;
// The runner kills a cancelled step soon, and the API comes first.
const URGENT_LIMIT_MS: DurationMs = 2 * SECOND_MS;
const AGAIN_AFTER_MS: DurationMs = SECOND_MS;
const MOST_ATTEMPTS = 2;

/**
 * Returns attempts of which none was made yet; the first trouble is a notice, and later ones are for debugging.
 *
 * What may pass is tried once more within the same time. A GitHub that used all of its time is given the short one
 * until it answers again, because a rollout is waiting.
 */
export function createAttempts({ clock, where, log }: AttemptSettings): Attempts {
  let told = false;
  let off = false;
  let stalled = false;
  const tell = ({ why, isFinal }: GitHubTrouble, missing: string): void => {
    const line = `${where} ${missing}: ${why}`;
    if (told) log.debug(line);
    else log.notice(line);
    told = true;
    off = off || isFinal;
  };
  const isDoneWith = async (signal: AbortSignal, trouble: GitHubTrouble): Promise<boolean> => {
    if (!trouble.mayPass || signal.aborted) return true;
    return clock.sleepUntil(clock.now() + AGAIN_AFTER_MS, signal).then(
      () => false,
      () => true,
    );
  };
  const attempt = async <T>(act: Act<T>, { signal: outer, otherwise, ...rest }: Trying<T>): Promise<T> => {
    const limit = timeLimit(rest.isUrgent || stalled ? URGENT_LIMIT_MS : LIMIT_MS);
    const signal = AbortSignal.any([outer, limit]);
    for (let count = 1; !off; count += 1) {
      try {
        const answer = await act(signal);
        stalled = false;
        return answer;
      } catch (thrown) {
        const trouble = troubleOf(thrown);
        if (count < MOST_ATTEMPTS && !(await isDoneWith(signal, trouble))) continue;
        stalled = limit.aborted;
        tell(trouble, rest.missing);
        return otherwise;
      }
    }
    return otherwise;
  };
  return {
    ask: (question, asking) => attempt(question, { missing: UNREMEMBERED, ...asking, isUrgent: false }),
    write: (act, writing) => attempt(act, { ...writing, otherwise: false }),
  };
}

type Act<T> = (limit: AbortSignal) => Promise<T>;
type Trying<T> = Asking<T> & Writing;
