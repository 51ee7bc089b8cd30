/** What speaks against a stage having passed, whatever statistics judge it. Pure. */
import type { Gate, Plan, Stage } from '../../src/core/plan.ts';
import type { EpochMs, Percent, Ratio } from '../../src/core/units.ts';
import type { HandedOut, TrueRollout } from './model-chronicle.ts';
import {
  blockingGates,
  breaks,
  decidingEvidence,
  divergence,
  exceedsBeyondDoubt,
  type GateEvidence,
  isImpossible,
  isPossible,
  isUsable,
  limitOf,
  type OracleAt,
  stageOf,
} from './model-oracle.ts';

// No rule may hold a gate for proven at worse odds than this.
const LEAST_PROOF = Math.log(20);
const MOST_RATE: Ratio = 0.5;
const SKEW_BEYOND_DOUBT = 25;

/** A rollout that is said to have passed its stage. */
export interface Passing {
  readonly plan: Plan;
  readonly rollout: TrueRollout;
  readonly handed: HandedOut | null;
  readonly now: EpochMs;
  /** The percentage that comes next; in the last stage its own. */
  readonly next: Percent;
}

/** Returns what keeps a rollout from having passed its stage, one sentence for each blocking gate. */
export function objectionsToStage(passing: Passing): readonly string[] {
  const { plan, rollout, now } = passing;
  const stage = stageOf(plan, rollout.percentage);
  const at = { now, designEffect: plan.designEffect, percentage: rollout.percentage };
  const unproven = stage.passWhen === 'proven' ? objectionsToProof(passing, blockingGates(stage)) : [];
  const newest = new Set<Gate>();
  const objections = evidenceAtHand(passing, blockingGates(stage)).flatMap((each) => {
    // Of bare values, which come newest first, only the newest has to be recent.
    const now = newest.has(each.gate) ? Number.NEGATIVE_INFINITY : at.now;
    newest.add(each.gate);
    const objection = objectionToPass(each, { ...at, now });
    return objection === null ? [] : [`${each.gate.name}: ${objection}`];
  });
  return [...objections, ...unproven];
}

/** Returns why the critical gates of a stage cannot be proven safe for what comes next. */
export function objectionsToLeavingEarly(passing: Passing): readonly string[] {
  const stage: Stage = stageOf(passing.plan, passing.rollout.percentage);
  const critical = blockingGates(stage).filter(({ severity }) => severity === 'critical');
  return objectionsToProof(passing, critical);
}

function evidenceAtHand({ handed, now }: Passing, gates: readonly Gate[]): readonly GateEvidence[] {
  return decidingEvidence(gates, handed !== null && handed.at === now ? handed : null);
}

/** No sample is worth more than its likelihood under its own rate against that of the rate to be excluded. */
function objectionsToProof(passing: Passing, gates: readonly Gate[]): readonly string[] {
  return evidenceAtHand(passing, gates).flatMap(({ gate, evidence }) => {
    const limit = limitOf(gate);
    if (limit === null) return [];
    if (evidence?.kind !== 'counts') return [`${gate.name}: ${evidence?.kind ?? 'nothing'} proves nothing`];
    const { events, trials } = evidence.candidate;
    const excluded = Math.min(MOST_RATE, limit / (passing.next / 100));
    const rate = events / trials;
    const isProof = rate < excluded && trials * divergence(rate, excluded) >= LEAST_PROOF - 1e-9;
    return isProof ? [] : [`${gate.name}: ${events} of ${trials} prove no rate below ${excluded}`];
  });
}

function objectionToPass(each: GateEvidence, at: OracleAt & { readonly percentage: Percent }): string | null {
  const { gate, asked, evidence } = each;
  // Without a previous version there is no latency to compare with, and nothing is asked.
  if (evidence === null && asked === null && gate.kind === 'relative_latency') return null;
  if (evidence === null || asked === null) return 'nothing was handed out';
  const isOfDevices = gate.kind === 'adoption' || gate.kind === 'assignment';
  if (evidence.kind === 'unavailable' && isOfDevices) return null;
  if (evidence.kind !== 'counts' && evidence.kind !== 'value') return `the evidence is ${evidence.kind}`;
  if (evidence.kind === 'value') {
    if (!isUsable(evidence, at.now)) return 'the window is stale or empty';
    if (isImpossible(asked.kind, evidence.value)) return `a value of ${evidence.value} is impossible`;
    return breaks(asked, evidence.value) ? `a value of ${evidence.value} breaks the limit` : null;
  }
  const { events, trials } = evidence.candidate;
  if (!isPossible(evidence)) return `${events} of ${trials} is impossible`;
  if (trials === 0) return 'there are no trials';
  if (!isUsable(evidence, at.now)) return 'the window is stale or empty';
  const ratio = events / trials;
  if (gate.kind === 'adoption' && ratio < gate.minRatio - 1e-6) return `only ${ratio} have adopted it`;
  const isSkewed = trials * divergence(ratio, at.percentage / 100) >= SKEW_BEYOND_DOUBT;
  if (gate.kind === 'assignment' && isSkewed) return `${ratio} of the devices were assigned`;
  // Not even where the whole fleet suffers: whoever is to blame, nothing advances.
  return exceedsBeyondDoubt(each, at) ? `${events} of ${trials} is far beyond the limit` : null;
}
