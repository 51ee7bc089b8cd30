/** The running record of one drive: every look, every write, and a line in the log for each. */
import type { RolloutEvent } from '../core/evolve.ts';
import type { Decision, Look } from '../core/look.ts';
import { type Plan, stageAt } from '../core/plan.ts';
import type { Logger } from '../core/ports.ts';
import type { PauseMark, RolloutState } from '../core/rollout.ts';
import type { EpochMs } from '../core/units.ts';
import { decidingLines, detailLines, lookLine } from '../report/log-line.ts';
import { lookRecord } from '../report/look-record.ts';
import type { LookRecord } from '../report/run-record.ts';
import { createKeptLooks } from './kept-looks.ts';

/** When a stage was entered, by index. */
export interface StageEntry {
  readonly stageIndex: number;
  readonly at: EpochMs;
}

/** A change that stops a candidate, from before it is asked for until it is confirmed. */
export type Intent =
  | { readonly kind: 'pause'; readonly mark: PauseMark }
  | { readonly kind: 'roll_back'; readonly toVersion: string | null };

/** What has to survive this process: written down before and after each change. */
export interface Progress {
  readonly state: RolloutState;
  /** The last change that stops the candidate; null when none was asked for. */
  readonly intent: Intent | null;
  /** Whether the API has confirmed the intent. */
  readonly settled: boolean;
}

/** Collects what a drive sees and does. */
export interface Journal {
  look(state: RolloutState, look: Look, decision: Decision): void;
  /** Tells what the command of the last look came to. */
  happened(events: readonly RolloutEvent[]): void;
  /** Tells that the state changed; opens the log group of a stage that was entered. */
  entered(state: RolloutState): void;
  wrote(line: string): void;
  note(line: string): void;
  /** Tells that a rollout is about to be created. */
  creating(): void;
  created(): boolean;
  /** Tells that the candidate is about to be stopped. */
  intends(intent: Intent): void;
  /** Tells that the API has confirmed what was intended. */
  settled(): void;
  /** The intent that the API has not confirmed; null when there is none. */
  unsettled(): Intent | null;
  /** Oldest first; a long drive keeps a share of those that only waited. */
  readonly looks: readonly LookRecord[];
  /** Looks that were taken, kept or not. */
  looksTaken(): number;
  readonly entries: readonly StageEntry[];
  readonly notes: readonly string[];
}

/**
 * Returns an empty journal that prints to `log` as it is filled.
 *
 * `keep` is called with what has to survive the process, before the change that it is about and after it.
 */
export function createJournal(
  plan: Plan,
  log: Logger,
  keep: (progress: Progress) => void = () => {},
): Journal {
  const kept = createKeptLooks();
  const entries: StageEntry[] = [];
  const notes: string[] = [];
  let creating = false;
  let progress: Progress = { state: { phase: 'absent' }, intent: null, settled: false };
  const keeping = (change: Partial<Progress>): void => {
    progress = { ...progress, ...change };
    keep(progress);
  };
  return {
    looks: kept.looks,
    looksTaken: kept.taken,
    entries,
    notes,
    look(state, look, decision) {
      const record = lookRecord({ state, look }, decision, kept.taken() + 1);
      kept.add(record);
      progress = { ...progress, state };
      if (state.phase !== 'absent') log.info(lookLine(record, plan));
      for (const line of decidingLines(record)) log.info(line);
      if (record.verdicts.length > 0) for (const line of detailLines(record)) log.debug(line);
    },
    happened: kept.amend,
    entered(state) {
      keeping({ state, ...acceptedRollback(state) });
      if (state.phase !== 'soaking' && state.phase !== 'baking') return;
      const last = entries.at(-1);
      if (last?.stageIndex === state.stageIndex && last.at === state.stageEnteredAt) return;
      entries.push({ stageIndex: state.stageIndex, at: state.stageEnteredAt });
      const { name } = stageAt(plan, state.stageIndex);
      log.group(`stage ${state.stageIndex + 1}/${plan.stages.length} · ${name}`);
    },
    wrote(line) {
      log.info(line);
    },
    note(line) {
      notes.push(line);
      log.debug(line);
    },
    creating() {
      creating = true;
      keeping({});
    },
    created: () => creating,
    intends: (intent) => keeping({ intent, settled: false }),
    settled: () => keeping({ settled: true }),
    unsettled: () => (progress.settled ? null : progress.intent),
  };
}

function acceptedRollback(state: RolloutState): Partial<Progress> {
  if (state.phase !== 'rolling_back' || state.acceptedAt === null) return {};
  return { intent: { kind: 'roll_back', toVersion: state.toVersion }, settled: true };
}
