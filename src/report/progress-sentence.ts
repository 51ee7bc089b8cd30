/** One sentence that says how far a rollout is that goes on. Pure. */
import { formatPercent } from '../core/format.ts';
import { type EpochMs, MINUTE_MS } from '../core/units.ts';
import type { RunRecord } from './run-record.ts';
import { oneLine } from './sanitise.ts';
import { MAX_SENTENCE_CHARS, subject } from './sentence.ts';
import { isoTime } from './time.ts';

/** How far a rollout is. */
export interface Progress {
  /** Server's time. */
  readonly at: EpochMs;
  readonly stageIndex: number;
  /** When the stage has soaked, or the bake is over; never before the next look. Server's time. */
  readonly dueAt: EpochMs;
  /** True where somebody has paused it. */
  readonly isPaused: boolean;
}

/**
 * Returns a sentence such as `Rolling out radiology-v1 2.0.0: stage 2 of 4 at 25%, next stage about 14:05 UTC.`
 *
 * Plain text on one line that is safe in a log. Never throws.
 */
export function progressSentence(record: RunRecord, progress: Progress): string {
  const { percentage, stages } = record;
  const share = percentage === null ? '' : ` at ${formatPercent(percentage)}`;
  const place = `stage ${progress.stageIndex + 1} of ${stages.length}${share}`;
  const isLast = progress.stageIndex >= stages.length - 1;
  const ahead = `${isLast ? 'complete' : 'next stage'} about ${aboutTime(progress)}`;
  const then = progress.isPaused ? 'paused by somebody' : ahead;
  return oneLine(`Rolling out ${subject(record)}: ${place}, ${then}.`, MAX_SENTENCE_CHARS);
}

/** The date stands there only where it is another one than that of the sentence. */
function aboutTime({ at, dueAt }: Progress): string {
  const due = isoTime(Math.ceil(dueAt / MINUTE_MS) * MINUTE_MS);
  if (due === null) return 'an unknown time';
  const [date, time] = [due.slice(0, 10), due.slice(11, 16)];
  return isoTime(at)?.startsWith(date) ? `${time} UTC` : `${date} ${time} UTC`;
}
