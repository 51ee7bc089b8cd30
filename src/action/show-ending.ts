/** Shows people how a rollout ended where GitHub remembers it; what goes on is left as it is shown. */
import type { RolloutEnding, RolloutMemory } from '../core/ports.ts';
import { meaningOf } from '../core/reason-codes.ts';
import type { RollbackCause } from '../core/rollout.ts';
import { MAX_DESCRIPTION_CHARS } from '../github/status-description.ts';
import type { RunRecord } from '../report/run-record.ts';
import { oneLine } from '../report/sanitise.ts';
import { sentenceFor } from '../report/sentence.ts';
import type { Conclusion } from './conclusion.ts';
import { blankRecord } from './record.ts';

/** What a rollback was decided for that the version itself has to answer for. */
const HELD_AGAINST_IT: readonly RollbackCause[] = ['gate_failed', 'deadline_passed_rolled_back'];

/** Where it is shown. */
export interface ShowingContext {
  readonly memory: RolloutMemory;
  readonly signal: AbortSignal;
}

/**
 * Has it shown how a run left its rollout, from the conclusion and from what the record says; does nothing where
 * the rollout goes on. Never rejects, and costs no outcome.
 */
export async function showEnding(
  { memory, signal }: ShowingContext,
  conclusion: Conclusion,
  fields: Partial<RunRecord>,
): Promise<void> {
  const ending = endingOf(conclusion, fields);
  if (ending !== null) await memory.conclude(ending, signal);
}

/** Returns one line that a status can hold. */
export function forStatus(text: string): string {
  return oneLine(text, MAX_DESCRIPTION_CHARS);
}

function endingOf(conclusion: Conclusion, fields: Partial<RunRecord>): RolloutEnding | null {
  const kind = kindOf(conclusion);
  if (kind === null) return null;
  const { outcome, reason, detail, state } = conclusion;
  const basics = { command: 'run', startedAt: 0, endedAt: 0, outcome, reason, detail, runUrl: null } as const;
  const record: RunRecord = { ...blankRecord(basics), ...fields };
  const say = (as: RunRecord['outcome']): string => forStatus(sentenceFor({ ...record, outcome: as }));
  const isFailure = state.phase === 'rolling_back' && HELD_AGAINST_IT.includes(state.cause);
  const sentences: Readonly<Record<RolloutEnding['kind'], () => string>> = {
    completed: () => say('completed'),
    rolling_back: () => say('rolling_back'),
    rolled_back: () => confirmed(record),
    rollback_failed: () => say('rollback_failed'),
    gone: () => say('superseded'),
  };
  return {
    rolloutId: record.rolloutId,
    kind,
    failure: isFailure ? say('rolling_back') : null,
    sentence: sentences[kind](),
  };
}

function kindOf({ outcome, reason }: Conclusion): RolloutEnding['kind'] | null {
  if (reason === 'already_completed') return 'completed';
  if (reason === 'rolled_back_earlier') return 'rolled_back';
  if (reason === 'rollout_gone') return 'gone';
  switch (outcome) {
    case 'completed':
    case 'rolling_back':
    case 'rolled_back':
    case 'rollback_failed':
      return outcome;
    default:
      return null;
  }
}

/** The failure has said why; this one says that it is over. */
function confirmed({ version, restoredVersion, previousVersion, detail, reason }: RunRecord): string {
  const target = restoredVersion ?? previousVersion;
  const from = version === null ? '' : ` ${version}`;
  const to = target === null ? '' : ` to ${target}`;
  return forStatus(`Rolled back${from}${to}: ${detail ?? meaningOf(reason)}`);
}
