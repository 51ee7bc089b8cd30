/** Keeps a raise within the organisation's policy: later, in smaller steps, or not again so soon. Pure. */
import { deadlinePassed } from './deadline.ts';
import { formatDuration, formatPercent } from './format.ts';
import type { Command, Decision, Look } from './look.ts';
import { nextLookAt, pollIntervalMs } from './next-look.ts';
import { nextStep, type OrgPolicy } from './org-policy.ts';
import { type Plan, stageAt } from './plan.ts';
import type { RaiseRefusal, RolloutState, Watching } from './rollout.ts';
import { type DurationMs, type EpochMs, MINUTE_MS } from './units.ts';

/** What a decision was taken on. */
export interface PolicyGround {
  readonly plan: Plan;
  readonly state: RolloutState;
  readonly look: Look;
  readonly policy: OrgPolicy;
}

type Watched = PolicyGround & { readonly state: Watching };
type Raise = Extract<Command, { kind: 'raise' }>;

const LONGEST_PAUSE_MS: DurationMs = 10 * MINUTE_MS;

/**
 * Returns the decision as the policy allows it; every decision but a raise is returned as it is.
 *
 * Never throws. A raise waits until the policy's least time since the last one is over; goes only as far as the
 * policy's largest step, below the plan's next stage; and is not asked for again before a growing pause when the
 * API refused the same one, nor at all once the stage or the plan is overdue. Invariants: INV-3, looks go on at
 * their interval while a raise waits; INV-4, a step ends below the next stage and the soak of the stage goes on.
 */
export function withinPolicy(decision: Decision, ground: PolicyGround): Decision {
  const { command } = decision;
  const { state } = ground;
  if (command.kind !== 'raise' || (state.phase !== 'soaking' && state.phase !== 'baking')) return decision;
  const watched = { ...ground, state };
  const raise = stepped(command, watched);
  const refused = state.refusal?.percentage === raise.percentage ? state.refusal : null;
  const held = tooSoon(decision, watched) ?? refusedBefore(refused, decision, watched);
  if (held !== null) return held;
  if (raise.towards === undefined) return decision;
  const towards = `in steps of the organisation's policy, on the way to ${formatPercent(raise.towards)}`;
  const detail = decision.detail === null ? towards : `${decision.detail}; ${towards}`;
  return { ...decision, command: raise, detail };
}

/** Returns how long a refused raise is not asked for again: 4 intervals, doubled each time, at most 10 minutes. */
export function refusalPauseMs(intervalMs: DurationMs, times: number): DurationMs {
  return Math.min(LONGEST_PAUSE_MS, 4 * intervalMs * 2 ** Math.min(30, Math.max(0, times - 1)));
}

function stepped(raise: Raise, { state, policy }: Watched): Raise {
  const allowed = [policy.maxStep, state.maxStepTold ?? null].filter((step) => step !== null && step > 0);
  const maxStep = allowed.length === 0 ? null : Math.min(...(allowed as number[]));
  const percentage = nextStep(state.percentage, raise.percentage, maxStep);
  if (percentage >= raise.percentage) return raise;
  return { kind: 'raise', stageIndex: state.stageIndex, percentage, towards: raise.percentage };
}

function tooSoon(decision: Decision, ground: Watched): Decision | null {
  const { state, look } = ground;
  const at = allowedAt(ground);
  if (look.at >= at) return null;
  const detail = `allowed from ${utc(at)}`;
  return { ...decision, command: waitUntil(at, state, look), reason: 'policy_minimum_duration', detail };
}

function allowedAt({ state, policy }: Watched): EpochMs {
  return (state.steppedAt ?? state.stageEnteredAt) + (policy.minAdvanceMs ?? 0);
}

/** A refused raise may wait as long as missing evidence may: from the time at which everything else allowed it. */
function overdueRefusal(ground: Watched): string | null {
  const { plan, state, look } = ground;
  const { soakMs, warmupMs, maxWaitMs } = stageAt(plan, state.stageIndex);
  const dueAt = Math.max(state.stageEnteredAt + Math.max(soakMs, warmupMs), allowedAt(ground));
  const waitedMs = look.at - dueAt;
  return waitedMs > maxWaitMs ? `refused for ${formatDuration(waitedMs)}` : null;
}

function refusedBefore(refused: RaiseRefusal | null, decision: Decision, ground: Watched): Decision | null {
  if (refused === null) return null;
  const { plan, state, look } = ground;
  const { verdicts, odds } = decision;
  const overdue = overdueRefusal(ground);
  if (overdue !== null) {
    return { ...deadlinePassed({ plan, state }, `${refused.why}; ${overdue}`), verdicts, odds };
  }
  const intervalMs = pollIntervalMs(look.poll, look.at - state.stageEnteredAt);
  const againAt = refused.at + refusalPauseMs(intervalMs, refused.times);
  if (look.at >= againAt) return null;
  const { reason, why } = refused;
  return { ...decision, command: waitUntil(againAt, state, look), reason, detail: why };
}

function waitUntil(at: EpochMs, state: Watching, look: Look): Command {
  const intervalMs = pollIntervalMs(look.poll, look.at - state.stageEnteredAt);
  return { kind: 'wait', until: nextLookAt(look.at, intervalMs, [at]) };
}

function utc(at: EpochMs): string {
  return Number.isFinite(at)
    ? `${new Date(Math.ceil(at / 1_000) * 1_000).toISOString().slice(0, 19)}Z`
    : 'never';
}
