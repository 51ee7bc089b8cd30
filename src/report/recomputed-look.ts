/** One look of a report decided again with the product's own code, and the state that it left. Pure. */
import { decide } from '../core/decide.ts';
import { evolve, type RolloutEvent } from '../core/evolve.ts';
import type { Decision } from '../core/look.ts';
import { NOTHING_TOLD, type OrgPolicy } from '../core/org-policy.ts';
import { type Plan, stageAt } from '../core/plan.ts';
import { asRemembered } from '../core/remembered.ts';
import type { RolloutState } from '../core/rollout.ts';
import { withinPolicy } from '../core/within-policy.ts';
import { decodeExact, encodeExact } from './exact-json.ts';
import { groundDigest } from './report-digest.ts';
import type { LookJson, ReportJson } from './report-schema.ts';
import type { LookInputs } from './run-record.ts';

/** What every look of a report was decided on. */
export interface Ground {
  readonly plan: Plan;
  readonly policy: OrgPolicy;
  readonly digest: string;
  /** True for a tick, which takes the age of its evidence from the source. */
  readonly forgets: boolean;
}

/** Returns what the looks of a report were decided on; null for a report without a plan. Never throws. */
export function groundOf(report: ReportJson): Ground | null {
  if (report.plan === null) return null;
  return {
    plan: decodeExact(report.plan) as Plan,
    policy: report.policy === null ? NOTHING_TOLD : (decodeExact(report.policy) as OrgPolicy),
    digest: groundDigest(encodeExact(decodeExact(report.plan)), encodeExact(decodeExact(report.policy))),
    forgets: report.command === 'advance',
  };
}

/**
 * Returns the inputs of a look as the core takes them, with the gates of its stage.
 *
 * Errors: throws a RangeError where there are not as many readings as the stage has gates, or no such stage.
 */
export function inputsOf({ inputs }: LookJson, plan: Plan): LookInputs {
  const { state, look } = decodeExact(inputs) as LookInputs;
  const isWatched = state.phase === 'soaking' || state.phase === 'baking';
  const gates = isWatched ? stageAt(plan, state.stageIndex).gates : [];
  if (look.readings.length !== gates.length) {
    throw new RangeError(`${look.readings.length} readings for ${gates.length} gates`);
  }
  const readings = look.readings.map((reading, index) => {
    const gate = gates[index];
    if (gate === undefined) throw new RangeError(`no gate ${index}`);
    return { ...reading, gate };
  });
  return { state, look: { ...look, readings } };
}

/** Returns the decision on a look, computed anew. Errors: a RangeError for a stage that the plan has not. */
export function decisionOn({ state, look }: LookInputs, { plan, policy, forgets }: Ground): Decision {
  const known = forgets ? asRemembered(state, look) : state;
  return withinPolicy(decide(plan, known, look), { plan, state, look, policy });
}

/**
 * Returns the state that a look and what came of its command left. Errors: as `inputsOf`.
 */
export function stateAfter(look: LookJson, ground: Ground): RolloutState {
  const { plan } = ground;
  const inputs = inputsOf(look, plan);
  const { verdicts } = decisionOn(inputs, ground);
  const happened = look.events.map(decodeExact) as readonly RolloutEvent[];
  const looked: RolloutEvent = { kind: 'looked', look: inputs.look, verdicts };
  return [looked, ...happened].reduce<RolloutState>(
    (state, event) => evolve(plan, state, event),
    inputs.state,
  );
}
