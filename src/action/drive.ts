/** The loop: look, decide, act, wait — until the rollout ends, its time is over, or the job is cancelled. */
import { decide } from '../core/decide.ts';
import { evolve } from '../core/evolve.ts';
import type { Command, Decision } from '../core/look.ts';
import { nextLookAt, pollIntervalMs } from '../core/next-look.ts';
import { stageAt } from '../core/plan.ts';
import type { PollInterval } from '../core/ports.ts';
import type { Outcome, RolloutState } from '../core/rollout.ts';
import type { EpochMs } from '../core/units.ts';
import { withinPolicy } from '../core/within-policy.ts';
import type { Conclusion } from './conclusion.ts';
import { endForCancel, endForTimeout } from './ending.ts';
import { execute } from './execute.ts';
import type { Journal } from './journal.ts';
import { observe } from './observe.ts';
import type { RolloutContext } from './rollout-context.ts';
import { createPauseTeller } from './say-paused.ts';
import { createExperimentTeller } from './watch-experiments.ts';

const JITTER = 0.1;

/**
 * Drives a rollout from `initial` until it ends, and returns how.
 *
 * Gate failures, deadlines, timeouts and cancellation are conclusions, not exceptions. Rejects only when a
 * write fails in a way that leaves nothing to decide; the caller reports that as `error`.
 * Invariant: INV-5, each turn starts from what the server shows, so a failed write is simply decided again.
 */
export async function drive(
  context: RolloutContext,
  initial: RolloutState,
  journal: Journal,
): Promise<Conclusion> {
  let state = initial;
  let unchanged = true;
  const tellPause = createPauseTeller(context);
  const tellExperiments = createExperimentTeller({ log: context.log, note: journal.note });
  try {
    for (;;) {
      const look = await observe(context, state, jitteredPoll(context, state));
      const { plan, policy } = context;
      const decision = withinPolicy(decide(plan, state, look), { plan, state, look, policy });
      journal.look(state, look, decision);
      tellPause(state, decision);
      tellExperiments(look.experiments);
      state = evolve(plan, state, { kind: 'looked', look, verdicts: decision.verdicts });
      const { command } = decision;
      if (command.kind === 'finish') return conclude(command.outcome, decision, state, unchanged);
      if (command.kind === 'wait') {
        context.progress?.goesOn(state, { reason: decision.reason, until: command.until });
        const timedOut = await waitUntil(context, command.until);
        if (timedOut) return await endForTimeout(context, state, journal);
        continue;
      }
      if (command.kind === 'roll_back' || command.kind === 'pause') context.progress?.stops();
      const execution = await execute(context, state, decision, journal);
      unchanged = unchanged && !execution.wrote;
      const { events, refused } = execution;
      const happened = refused === undefined ? events : [...events, refused];
      for (const event of happened) state = evolve(plan, state, event);
      journal.happened(happened);
      journal.entered(state);
      if (execution.ends !== null) {
        return conclude(execution.ends.outcome, { ...decision, ...execution.ends }, state, unchanged);
      }
      if (!isWrite(command)) continue;
      context.progress?.goesOn(state, { reason: decision.reason, until: null });
      if (await waitUntil(context, afterWrite(context, state))) {
        return await endForTimeout(context, state, journal);
      }
    }
  } catch (thrown) {
    if (!context.signal.aborted) throw thrown;
    return endForCancel(context, state, journal);
  }
}

function conclude(
  outcome: Outcome,
  decision: Pick<Decision, 'reason' | 'detail'>,
  state: RolloutState,
  unchanged: boolean,
): Conclusion {
  return { outcome, reason: decision.reason, detail: decision.detail, state, unchanged };
}

// The interval is fixed and jittered here, so that the core stays free of randomness and still owns milestones.
function jitteredPoll(context: RolloutContext, state: RolloutState): PollInterval {
  const since = enteredAt(state) ?? context.api.now();
  const interval = pollIntervalMs(context.poll, context.api.now() - since);
  return { kind: 'fixed', everyMs: Math.round(interval * (1 + JITTER * (2 * context.random() - 1))) };
}

function enteredAt(state: RolloutState): EpochMs | null {
  if (state.phase === 'soaking' || state.phase === 'baking') return state.stageEnteredAt;
  return state.phase === 'rolling_back' ? (state.acceptedAt ?? state.decidedAt) : null;
}

/** The first look after a write: one interval later, or when a stage that was just entered has soaked. */
function afterWrite(context: RolloutContext, state: RolloutState): EpochMs {
  const intervalMs = pollIntervalMs(jitteredPoll(context, state), 0);
  const watched = state.phase === 'soaking' || state.phase === 'baking';
  const soaked = watched ? [state.stageEnteredAt + stageAt(context.plan, state.stageIndex).soakMs] : [];
  return nextLookAt(context.api.now(), intervalMs, soaked);
}

function isWrite(command: Command): boolean {
  return (
    command.kind === 'create' ||
    command.kind === 'start' ||
    command.kind === 'raise' ||
    command.kind === 'roll_back'
  );
}

/** Sleeps until a server time; resolves with true when the job's time is over first. */
async function waitUntil(context: RolloutContext, serverTime: EpochMs): Promise<boolean> {
  const local = context.clock.now() + Math.max(0, serverTime - context.api.now());
  await context.clock.sleepUntil(Math.min(local, context.endsAt), context.signal);
  return context.clock.now() >= context.endsAt;
}
