/** What ticks have told already, so that a schedule says each thing once where GitHub remembers it. */
import type { RolloutMemory } from '../core/ports.ts';
import { MAX_TOLD_CHARS } from '../github/told-status.ts';
import type { News } from '../report/news.ts';
import { oneLine } from '../report/sanitise.ts';

/** Where it is remembered, and what for. */
export interface ToldPlace {
  readonly memory: RolloutMemory;
  readonly signal: AbortSignal;
  /** Names the situation and the receiver: 16 hexadecimal digits. */
  readonly key: string;
}

/** What was told before the news of this run. No method rejects. */
export interface ToldBefore {
  /** Whether the receiver was told just this last. False in doubt. */
  isTold(): Promise<boolean>;
  /** To be called once the receiver has accepted it. */
  keep(): Promise<void>;
  /** To be called where the rollout is in a situation of which nobody is told: what comes after it is news again. */
  goesOn(): Promise<void>;
}

/**
 * Returns what was told before news that is free of secrets.
 *
 * Only ticks repeat themselves; what a person or a push has started is told always, and so is a job that is being
 * cancelled, and an error that is no rollout's.
 */
export function toldBefore(news: News, { memory, signal, key }: ToldPlace): ToldBefore {
  const { rolloutId } = news;
  const sentence = oneLine(news.sentence, MAX_TOLD_CHARS);
  const isKnown = rolloutId !== null || news.outcome !== 'error';
  const isRepeated = (): boolean => isKnown && news.command === 'advance' && !signal.aborted;
  const lastTold = async (): Promise<string | null> =>
    isRepeated() ? memory.lastTold(rolloutId, signal) : null;
  const note = async (told: string | null): Promise<void> => {
    if (isRepeated()) await memory.noteTold({ rolloutId, key: told, sentence }, signal);
  };
  return {
    isTold: async () => (await lastTold()) === key,
    keep: () => note(key),
    async goesOn() {
      // Nothing is left to happen, so the end that was told stays the last.
      if (news.outcome === 'noop') return;
      if ((await lastTold()) !== null) await note(null);
    },
  };
}
