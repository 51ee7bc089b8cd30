/** One look and at most one transition, for runs that keep no memory between them. */
import { decide } from '../core/decide.ts';
import { evolve } from '../core/evolve.ts';
import { formatPercent } from '../core/format.ts';
import type { Command, Decision, Look } from '../core/look.ts';
import { type Plan, stageAt } from '../core/plan.ts';
import { asRemembered } from '../core/remembered.ts';
import type { PauseMark, RolloutState } from '../core/rollout.ts';
import type { EpochMs } from '../core/units.ts';
import { earliestPassMs } from '../core/watch.ts';
import { withinPolicy } from '../core/within-policy.ts';
import type { Conclusion } from './conclusion.ts';
import { endForCancel } from './ending.ts';
import { execute } from './execute.ts';
import type { Journal } from './journal.ts';
import { observe } from './observe.ts';
import type { RolloutContext } from './rollout-context.ts';
import { createExperimentTeller } from './watch-experiments.ts';

// What others did is followed at a second look of the same tick; it is no transition of ours.
const MOST_LOOKS = 3;

const FOLLOWING: readonly Command['kind'][] = ['follow_percentage', 'follow_rollback'];

const GOES_ON: readonly Command['kind'][] = ['wait', 'start', 'raise'];

/** What a tick may not do, because nothing survives that would tell whether it is time. */
export interface TickLimits {
  /** True when no time of the stage's entry is known: nothing advances and nothing completes. */
  readonly memoryless: boolean;
  /** How somebody lowered the percentage, where no person has started a run since; nothing but harm is acted on. */
  readonly lowered?: string | null;
  /** When this tick noted the entry for later ones; null where it was known, or nothing keeps it. */
  readonly notedAt: EpochMs | null;
  /** Why a run of ours made the pause that the rollout was found in; null or absent where none did. */
  readonly pausedAs?: PauseMark | null;
}

/**
 * Takes one look at a rollout, does at most one thing about it, and returns what came of it.
 *
 * `waiting` when nothing is due, `advanced` after a write that is read back, `rolling_back` when a rollback was
 * accepted: a later tick confirms it. Rejects only when a rollout cannot be created.
 */
export async function takeTick(
  context: RolloutContext,
  initial: RolloutState,
  { journal, limits }: { readonly journal: Journal; readonly limits: TickLimits },
): Promise<Conclusion> {
  let state = initial;
  const tellExperiments = createExperimentTeller({ log: context.log, note: journal.note });
  try {
    for (let looks = 1; ; looks += 1) {
      const look = await observe(context, state, context.poll);
      const { plan, policy } = context;
      const decision = withinPolicy(decide(plan, asRemembered(state, look), look), {
        plan,
        state,
        look,
        policy,
      });
      journal.look(state, look, decision);
      tellExperiments(look.experiments);
      state = evolve(context.plan, state, { kind: 'looked', look, verdicts: decision.verdicts });
      const { command } = decision;
      const lowered = limits.lowered ?? null;
      if (lowered !== null && GOES_ON.includes(command.kind) && look.server.kind === 'rollout') {
        return { outcome: 'held', reason: 'percentage_lowered', detail: lowered, state, unchanged: true };
      }
      if (command.kind === 'wait') {
        return { ...waiting(decision, state), nextLookAt: dueAt(context.plan, state, command.until) };
      }
      if (limits.memoryless && needsTheEntry(decision)) return withoutMemory(context.plan, state, limits);
      const settled = nothingToWrite(decision, state, { look, limits });
      if (settled !== null) return settled;
      const execution = await execute(context, state, decision, journal);
      const { events, refused } = execution;
      const happened = refused === undefined ? events : [...events, refused];
      for (const event of happened) state = evolve(context.plan, state, event);
      journal.happened(happened);
      journal.entered(state);
      if (execution.ends !== null) {
        return { ...execution.ends, state, unchanged: false };
      }
      // A raise that was refused is no transition either; the second look says what the API said.
      const isSettled = refused === undefined && !FOLLOWING.includes(command.kind);
      if (isSettled || looks === MOST_LOOKS) {
        const conclusion = transitioned(decision, state, execution.events.length > 0);
        return { ...conclusion, nextLookAt: dueAt(context.plan, state, context.api.now()) };
      }
    }
  } catch (thrown) {
    if (!context.signal.aborted) throw thrown;
    return endForCancel(context, state, journal);
  }
}

/** The next time at which something may be due: the half or the end of the soak, or else the soonest. */
function dueAt(plan: Plan, state: RolloutState, soonest: EpochMs): EpochMs {
  if (state.phase !== 'soaking' && state.phase !== 'baking') return soonest;
  const stage = stageAt(plan, state.stageIndex);
  const due = [
    stage.warmupMs,
    state.phase === 'soaking' ? earliestPassMs(stage) : stage.soakMs,
    stage.soakMs,
  ];
  // A stage that the server entered a moment after our clock is not due at its entry.
  const ahead = due.filter((ms) => ms > 0).map((ms) => state.stageEnteredAt + ms);
  const next = ahead.filter((at) => at > soonest);
  return next.length === 0 ? soonest : Math.min(...next);
}

/** Nothing is left to write; a pause that stands is not made again because its harm is proven at every look. */
function nothingToWrite(
  { command, reason, detail }: Decision,
  state: RolloutState,
  { look: { server }, limits }: { readonly look: Look; readonly limits: TickLimits },
): Conclusion | null {
  const base = { reason, state, unchanged: true };
  if (command.kind === 'finish') return { ...base, outcome: command.outcome, detail };
  const isPaused = server.kind === 'rollout' && server.rollout.status === 'paused';
  if (command.kind !== 'pause' || !isPaused || command.mark !== limits.pausedAs) return null;
  const said = `still paused at ${formatPercent(server.rollout.percentage)}`;
  return { ...base, outcome: command.outcome, detail: detail === null ? said : `${detail}; ${said}` };
}

/** Advancing, completing and passing a deadline all count from the stage's entry. */
function needsTheEntry({ command, reason }: Decision): boolean {
  if (reason === 'deadline_passed' || reason === 'deadline_passed_rolled_back') return true;
  return command.kind === 'raise' || (command.kind === 'finish' && command.outcome === 'completed');
}

function waiting({ reason, detail }: Decision, state: RolloutState): Conclusion {
  const outcome = state.phase === 'rolling_back' ? 'rolling_back' : 'waiting';
  return { outcome, reason, detail, state, unchanged: true };
}

function withoutMemory(plan: Plan, state: RolloutState, { notedAt }: TickLimits): Conclusion {
  if (notedAt !== null && (state.phase === 'soaking' || state.phase === 'baking')) {
    const entered = { ...state, stageEnteredAt: notedAt };
    const detail = 'nothing told when this stage was entered; its time counts from this look on';
    const nextLookAt = dueAt(plan, entered, notedAt);
    return { outcome: 'waiting', reason: 'soaking', detail, state: entered, unchanged: true, nextLookAt };
  }
  return { outcome: 'held', reason: 'no_memory', detail: null, state, unchanged: true };
}

function transitioned(decision: Decision, state: RolloutState, isDone: boolean): Conclusion {
  const { reason, detail } = decision;
  if (state.phase === 'rolling_back') {
    return state.acceptedAt === null
      ? {
          outcome: 'rollback_failed',
          reason: 'rollback_refused',
          detail: state.lastRefusal?.why ?? detail,
          state,
          unchanged: false,
        }
      : { outcome: 'rolling_back', reason, detail, state, unchanged: false };
  }
  return { outcome: isDone ? 'advanced' : 'waiting', reason, detail, state, unchanged: false };
}
