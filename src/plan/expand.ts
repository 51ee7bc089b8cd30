/** Turns a draft into the plan that the core follows, for a fleet of a known or unknown size. Pure. */
import type { Plan, Stage } from '../core/plan.ts';
import { digestOf } from './digest.ts';
import type { PlanDraft } from './draft.ts';
import { fitPreset } from './small-fleet.ts';
import { fillStages, outlineStages } from './stage-outline.ts';
import { reviewStages } from './stage-review.ts';

/** How many devices the plan's percentages are of; null where they cannot be counted. */
export interface FleetSize {
  readonly devices: number | null;
}

/** A complete plan, and what was changed or should be known about it. */
export interface ExpandedPlan {
  readonly plan: Plan;
  /** One sentence each. */
  readonly notes: readonly string[];
  /** Why the plan can never complete on this fleet and must be refused, one line each; empty when it can. */
  readonly problems: readonly string[];
}

/**
 * Returns the complete plan of a draft.
 *
 * The stages of a preset adapt to a small fleet; stages that the author wrote never change. What the devices
 * of a stage can settle is told where they can be counted. Equal drafts and fleets give equal plans, digest
 * included. A draft that `parsePlan` gave always has a stage; any other
 * draft without one throws a RangeError.
 */
export function expandPlan(draft: PlanDraft, fleet: FleetSize): ExpandedPlan {
  const written = outlineStages(draft);
  const devices = fleet.devices !== null && fleet.devices > 0 ? fleet.devices : null;
  const isPreset = draft.source.kind === 'preset';
  const fitted =
    isPreset && devices !== null ? fitPreset(written, devices) : { outlines: written, notes: [] };
  const [first, ...others] = fillStages(draft, fitted.outlines);
  if (first === undefined) throw new RangeError('a plan without stages; drafts come from parsePlan');
  const plan = planOf(draft, [first, ...others]);
  const { notes, problems } = devices === null ? NOTHING : reviewStages(plan.stages, devices);
  return { plan: { ...plan, digest: digestOf(plan) }, notes: [...fitted.notes, ...notes], problems };
}

const NOTHING = { notes: [], problems: [] };

function planOf(draft: PlanDraft, stages: Plan['stages']): Omit<Plan, 'digest'> {
  const { model, version, group, notBefore, noDataGraceMs, onFail, onDeadline, onSuperseded, rollback } =
    draft;
  return {
    model,
    version,
    group,
    stages,
    deadlineMs: draft.deadlineMs ?? longestMs(stages),
    notBefore,
    noDataGraceMs,
    designEffect: draft.designEffect,
    metrics: draft.metrics,
    onFail,
    onDeadline,
    onSuperseded,
    rollback,
    // A gate on mirrored traffic does not watch anybody who is served.
    ungated: !stages.some((stage) => stage.percentage > 0 && hasCriticalGate(stage)),
    unwatchedAccepted: draft.unwatchedAccepted,
  };
}

function hasCriticalGate({ gates }: Stage): boolean {
  return gates.some((gate) => gate.severity === 'critical');
}

function longestMs(stages: readonly Stage[]): number {
  return stages.reduce((sum, stage) => sum + stage.soakMs + stage.maxWaitMs, 0);
}
