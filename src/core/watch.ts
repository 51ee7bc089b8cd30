/** One look at a watched rollout with what every step of a decision shares. Pure. */
import type { Judgement } from './judge.ts';
import type { Command, Decision, Look } from './look.ts';
import { nextLookAt } from './next-look.ts';
import type { Plan, Stage } from './plan.ts';
import type { ReasonCode } from './reason-codes.ts';
import type { Watching } from './rollout.ts';
import { type DurationMs, type EpochMs, MINUTE_MS } from './units.ts';

/** One look at a watched rollout, with everything that the steps of a decision share. */
export interface Watch {
  readonly plan: Plan;
  readonly state: Watching;
  readonly stage: Stage;
  readonly look: Look;
  readonly judgement: Judgement;
  readonly intervalMs: DurationMs;
}

/** One question of a look: a decision, or null to go on to the next question. */
export type Step = (watch: Watch) => Decision | null;

/** Returns for how long a source or the API may fail before the rollout is stopped: 5 intervals, at least 10 minutes. */
export function errorBudgetMs(intervalMs: DurationMs): DurationMs {
  return Math.max(5 * intervalMs, 10 * MINUTE_MS);
}

/** Returns a wait until the next look: one interval, or the end of warm-up, half soak or soak when that is sooner. */
export function waiting(
  { look, state, stage, intervalMs }: Watch,
  reason: ReasonCode,
  detail: string | null,
): Decision {
  const milestones: EpochMs[] = [stage.warmupMs, earliestPassMs(stage), stage.soakMs].map(
    (sinceMs) => state.stageEnteredAt + sinceMs,
  );
  return because({ kind: 'wait', until: nextLookAt(look.at, intervalMs, milestones) }, reason, detail);
}

/** Returns the time in a stage from which proof of safety may end it: half its soak, rounded up to a millisecond. */
export function earliestPassMs(stage: Stage): DurationMs {
  return Math.ceil(stage.soakMs / 2);
}

/** Returns a decision without verdicts and odds; `decide` adds those of the look. */
export function because(command: Command, reason: ReasonCode, detail: string | null = null): Decision {
  return { command, reason, verdicts: [], odds: null, detail };
}

/** Returns a pause of ours after which the run ends with `outcome`. */
export function pauseAs(mark: 'gate' | 'deadline', outcome: 'held' | 'rollback_failed'): Command {
  return { kind: 'pause', mark, outcome };
}
