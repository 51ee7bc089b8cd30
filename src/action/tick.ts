/** One look and at most one transition, for runs that keep no memory between them. */
import { decide } from '../core/decide.ts';
import { evolve } from '../core/evolve.ts';
import type { Command, Decision, Look } from '../core/look.ts';
import { type Plan, stageAt } from '../core/plan.ts';
import type { RolloutState } from '../core/rollout.ts';
import type { EpochMs } from '../core/units.ts';
import { earliestPassMs } from '../core/watch.ts';
import { withinPolicy } from '../core/within-policy.ts';
import type { Conclusion } from './conclusion.ts';
import { endForCancel } from './ending.ts';
import { execute } from './execute.ts';
import type { Journal } from './journal.ts';
import { observe } from './observe.ts';
import type { RolloutContext } from './rollout-context.ts';

// What others did is followed at a second look of the same tick; it is no transition of ours.
const MOST_LOOKS = 3;

const FOLLOWING: readonly Command['kind'][] = ['follow_percentage', 'follow_rollback'];

/** What a tick may not do, because nothing survives that would tell whether it is time. */
export interface TickLimits {
  /** True when no time of the stage's entry is known: nothing advances and nothing completes. */
  readonly memoryless: boolean;
  /** When this tick noted the entry for later ones; null where it was known, or nothing keeps it. */
  readonly notedAt: EpochMs | null;
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
      state = evolve(context.plan, state, { kind: 'looked', look, verdicts: decision.verdicts });
      const { command } = decision;
      if (command.kind === 'wait') {
        return { ...waiting(decision, state), nextLookAt: dueAt(context.plan, state, command.until) };
      }
      if (limits.memoryless && needsTheEntry(decision)) return withoutMemory(context.plan, state, limits);
      if (command.kind === 'finish') return concluded(decision, state);
      const execution = await execute(context, state, decision, journal);
      const { events, refused } = execution;
      const happened = refused === undefined ? events : [...events, refused];
      for (const event of happened) state = evolve(context.plan, state, event);
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

/**
 * The last evidence of every gate that blocks is as old as what its source covers now; nobody remembers an
 * earlier look. A gate without any has had none since the stage began.
 */
function asRemembered(state: RolloutState, { readings, at }: Look): RolloutState {
  if (state.phase !== 'soaking' && state.phase !== 'baking') return state;
  const ends = readings
    .filter(({ gate }) => gate.severity !== 'warn')
    .map(({ evidence }) => {
      if (evidence.kind === 'counts' || evidence.kind === 'value') return evidence.covered.to;
      return evidence.kind === 'none' ? state.stageEnteredAt : at;
    });
  return { ...state, lastEvidenceAt: Math.max(state.stageEnteredAt, Math.min(at, ...ends)) };
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
  const ahead = due.map((ms) => state.stageEnteredAt + ms).filter((at) => at > soonest);
  return ahead.length === 0 ? soonest : Math.min(...ahead);
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

function concluded({ command, reason, detail }: Decision, state: RolloutState): Conclusion {
  const outcome = command.kind === 'finish' ? command.outcome : 'error';
  return { outcome, reason, detail, state, unchanged: true };
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
