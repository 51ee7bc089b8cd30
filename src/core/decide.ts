/** The product on one screen: what to do next, from the plan, the state and one look. Pure and total. */

import { deadlinePassed, overdueDetail } from './deadline.ts';
import { decideRollback } from './decide-rollback.ts';
import type { GateVerdict } from './evidence.ts';
import { takenShare } from './experiments.ts';
import { formatDuration, formatPercent } from './format.ts';
import { judge } from './judge.ts';
import { strongestOf } from './judge-counts.ts';
import type { Command, Decision, Look } from './look.ts';
import { pollIntervalMs } from './next-look.ts';
import { type Plan, stageAt } from './plan.ts';
import type { ReasonCode } from './reason-codes.ts';
import type { RolloutState, Watching } from './rollout.ts';
import {
  changedByOthers,
  endedByOthers,
  leasedToOther,
  notServing,
  unreadableServer,
} from './server-says.ts';
import { hasRestartPoints } from './statistics/restart-points.ts';
import type { Percent } from './units.ts';
import { because, earliestPassMs, errorBudgetMs, pauseAs, type Step, type Watch, waiting } from './watch.ts';

/**
 * Returns the next command for a rollout.
 *
 * Never throws for a state that `evolve` made of the same plan. The order is the product's promise: what the server says; proven harm; the age of the last
 * good reading; warm-up and soak; samples and adoption; gates that hold; and only then an advance.
 * Invariants: INV-1 and INV-2 (through `judge`), INV-3 (harm is looked at before every timer and pause),
 * INV-4 (a raise goes to the next stage only), INV-6 (what others did is followed or reported, not undone).
 */
export function decide(plan: Plan, state: RolloutState, look: Look): Decision {
  switch (state.phase) {
    case 'absent':
      return decideStart(plan, look);
    case 'soaking':
    case 'baking':
      return decideWatching(plan, state, look);
    case 'rolling_back':
      return decideRollback(plan, state, look);
    case 'ended':
      return because({ kind: 'finish', outcome: state.outcome }, state.reason);
  }
}

function decideStart(plan: Plan, look: Look): Decision {
  if (plan.notBefore !== null && look.at < plan.notBefore) {
    return because({ kind: 'wait', until: plan.notBefore }, 'not_before');
  }
  return because({ kind: 'create', percentage: plan.stages[0].percentage }, 'starting');
}

function decideWatching(plan: Plan, state: Watching, look: Look): Decision {
  const stage = stageAt(plan, state.stageIndex);
  const judgement = judge(look.readings, {
    stage,
    stageEnteredAt: state.stageEnteredAt,
    now: look.at,
    percentage: state.percentage,
    nextShare: shareAfter(plan, state) / 100,
    designEffect: plan.designEffect,
    restartable: hasRestarts(plan),
    taken: takenShare(look.experiments ?? null),
  });
  const intervalMs = pollIntervalMs(look.poll, look.at - state.stageEnteredAt);
  const watch: Watch = { plan, state, stage, look, judgement, intervalMs };
  const { verdicts, odds } = judgement;
  for (const step of STEPS) {
    const decision = step(watch);
    if (decision !== null) return { ...decision, verdicts, odds };
  }
  return { ...advance(watch), verdicts, odds };
}

const STEPS: readonly Step[] = [
  endedByOthers,
  provenHarm,
  unreadableServer,
  changedByOthers,
  leasedToOther,
  notServing,
  ageOfMeasurements,
  warmUp,
  provenEarly,
  soak,
  missingEvidence,
  overdue,
];

function provenHarm({ plan, state, judgement }: Watch): Decision | null {
  const broken = worstHarm(judgement.verdicts);
  if (broken === null) return null;
  if (plan.onFail === 'alert') {
    return because({ kind: 'finish', outcome: 'held' }, 'gate_failed_alert', broken.sentence);
  }
  if (plan.onFail === 'pause') return because(pauseAs('gate', 'held'), 'gate_failed_paused', broken.sentence);
  if (state.previousVersion === null) {
    return because(pauseAs('gate', 'rollback_failed'), 'no_rollback_target', broken.sentence);
  }
  const toVersion = state.previousVersion;
  return because({ kind: 'roll_back', cause: 'gate_failed', toVersion }, 'gate_failed', broken.sentence);
}

/** Returns the critical gate that fails with the most evidence: the cause that is named. */
function worstHarm(verdicts: readonly GateVerdict[]): GateVerdict | null {
  const broken = verdicts.filter(({ verdict, gate }) => verdict === 'fail' && gate.severity === 'critical');
  const strength = ({ evidence }: GateVerdict): number =>
    evidence === null ? Number.NEGATIVE_INFINITY : strongestOf(evidence);
  return broken.reduce<GateVerdict | null>(
    (worst, each) => (worst === null || strength(each) > strength(worst) ? each : worst),
    null,
  );
}

function ageOfMeasurements({ plan, state, look, judgement, intervalMs }: Watch): Decision | null {
  const { verdicts } = judgement;
  const failed = firstBlocking(verdicts, 'error');
  const unmeasuredMs = look.at - state.lastMeasuredAt;
  if (failed !== undefined && unmeasuredMs > errorBudgetMs(intervalMs)) {
    return because(pauseAs('deadline', 'held'), 'measurement_failed', failed.sentence);
  }
  const silent = firstBlocking(verdicts, 'no_data');
  if (silent !== undefined && look.at - state.lastEvidenceAt > plan.noDataGraceMs) {
    return because(pauseAs('deadline', 'held'), 'no_data', silent.sentence);
  }
  return null;
}

function warmUp(watch: Watch): Decision | null {
  const { state, stage, look } = watch;
  return look.at < state.stageEnteredAt + stage.warmupMs ? waiting(watch, 'warming_up', null) : null;
}

/** Half the soak is enough where the evidence proves the next stage safe. The bake has no next stage. */
function provenEarly(watch: Watch): Decision | null {
  const { plan, state, stage, look, judgement } = watch;
  if (state.phase === 'baking' || !judgement.provenSafe || lackOf(watch) !== null) return null;
  const sinceMs = look.at - state.stageEnteredAt;
  if (sinceMs < earliestPassMs(stage) || sinceMs >= stage.soakMs) return null;
  if (look.at > state.createdAt + plan.deadlineMs) return null;
  const { command } = advance(watch);
  const safe = `proven safe for ${formatPercent(shareAfter(plan, state))}`;
  const detail = `${safe} after ${formatDuration(sinceMs)} of ${formatDuration(stage.soakMs)}`;
  return because(command, 'stage_passed', detail);
}

function soak(watch: Watch): Decision | null {
  const { state, stage, look } = watch;
  if (look.at >= state.stageEnteredAt + stage.soakMs) return null;
  return waiting(watch, state.phase === 'baking' ? 'baking' : 'soaking', null);
}

/** Returns what the stage still lacks, or null when every gate that can block has passed. */
function lackOf(watch: Watch): { reason: ReasonCode; detail: string } | null {
  const { stage, look, judgement } = watch;
  const { verdicts } = judgement;
  const failing = verdicts.find((each) => each.verdict === 'fail' && each.gate.severity === 'hold');
  const reasons: readonly [GateVerdict | undefined, ReasonCode][] = [
    [firstBlocking(verdicts, 'error'), 'measurement_failed'],
    [firstBlocking(verdicts, 'no_data'), 'no_data'],
    [firstBlocking(verdicts, 'inconclusive'), judgement.leaning ? 'leaning_to_harm' : 'more_evidence_needed'],
    [failing, failing?.gate.kind === 'adoption' ? 'adoption_low' : 'hold_gate_failing'],
  ];
  for (const [verdict, reason] of reasons) {
    if (verdict !== undefined) return { reason, detail: verdict.sentence };
  }
  const devices = devicesOnCandidate(look, verdicts);
  if (stage.percentage > 0 && devices !== null && devices < stage.minDevices) {
    return { reason: 'min_devices_missing', detail: `${devices} of at least ${stage.minDevices} devices` };
  }
  return null;
}

function missingEvidence(watch: Watch): Decision | null {
  const lack = lackOf(watch);
  if (lack === null) return null;
  const overdueBy = overdueDetail(watch);
  if (overdueBy === null) return waiting(watch, lack.reason, lack.detail);
  return deadlinePassed(watch, `${lack.detail}; ${overdueBy}`);
}

function overdue(watch: Watch): Decision | null {
  const { plan, state, look } = watch;
  if (state.phase === 'baking' || look.at <= state.createdAt + plan.deadlineMs) return null;
  return deadlinePassed(watch, `the plan's deadline of ${formatDuration(plan.deadlineMs)} is over`);
}

function advance({ plan, state, look, judgement }: Watch): Decision {
  if (state.phase === 'baking') {
    const counted = devicesOnCandidate(look, judgement.verdicts) !== null;
    const reason: ReasonCode = counted ? 'completed' : 'completed_unconfirmed_devices';
    return because({ kind: 'finish', outcome: 'completed' }, reason);
  }
  const next = stageAfter(plan, state);
  const command: Command = { kind: 'raise', stageIndex: next, percentage: stageAt(plan, next).percentage };
  return because(command, 'stage_passed');
}

// A percentage that somebody raised may lie between two stages: the next stage is the first one above it.
function stageAfter(plan: Plan, state: Watching): number {
  const above = plan.stages.findIndex((stage) => stage.percentage > state.percentage);
  return above < 0 ? plan.stages.length - 1 : above;
}

/** Returns the percentage that the evidence of a stage has to be safe for: the next one, or its own in the last. */
function shareAfter(plan: Plan, state: Watching): Percent {
  return state.phase === 'baking' ? state.percentage : stageAt(plan, stageAfter(plan, state)).percentage;
}

function hasRestarts({ stages }: Plan): boolean {
  return stages.some(({ soakMs, maxWaitMs }) => hasRestartPoints(soakMs + maxWaitMs));
}

function devicesOnCandidate(look: Look, verdicts: readonly GateVerdict[]): number | null {
  const adoption = verdicts.find((each) => each.gate.kind === 'adoption');
  return (adoption?.verdict === 'error' ? null : adoption?.events) ?? look.devices?.onVersion ?? null;
}

function firstBlocking(
  verdicts: readonly GateVerdict[],
  kind: GateVerdict['verdict'],
): GateVerdict | undefined {
  return verdicts.find((each) => each.verdict === kind && each.gate.severity !== 'warn');
}
