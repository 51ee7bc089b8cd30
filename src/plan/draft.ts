/** A valid plan before it meets a fleet: presets are names, times that depend on stages are open. Pure. */
import type { OnDeadline, OnFail, OnSuperseded, PassWhen, Plan, RollbackPolicy } from '../core/plan.ts';
import { type DurationMs, MINUTE_MS, type Percent } from '../core/units.ts';
import type { GatesValue } from './gate-schema.ts';
import type { PresetName } from './presets.ts';
import type { PlanValues } from './schema.ts';
import { soundSeries } from './series.ts';
import type { StageValue } from './stage-schema.ts';

/** How the author wrote the stages. */
export type StagesSource =
  | { readonly kind: 'stages'; readonly stages: readonly StageValue[] }
  | { readonly kind: 'preset'; readonly preset: PresetName }
  | { readonly kind: 'steps'; readonly from: Percent; readonly to: Percent; readonly step: Percent };

/** A valid plan; null is what the author left open and only the stages decide. */
export interface PlanDraft {
  readonly model: string;
  readonly version: string;
  readonly group: string | null;
  readonly source: StagesSource;
  readonly soakMs: DurationMs | null;
  readonly bakeMs: DurationMs | null;
  readonly maxWaitMs: DurationMs | null;
  readonly deadlineMs: DurationMs | null;
  readonly warmupMs: DurationMs;
  readonly notBefore: Plan['notBefore'];
  readonly minSamples: number | 'auto';
  readonly passWhen: PassWhen;
  readonly minDevices: number;
  readonly designEffect: number;
  readonly noDataGraceMs: DurationMs;
  readonly gates: GatesValue | undefined;
  /** Sound series by the name of their gate. */
  readonly metrics: Plan['metrics'];
  readonly onFail: OnFail;
  readonly onDeadline: OnDeadline;
  readonly onSuperseded: OnSuperseded;
  readonly rollback: RollbackPolicy;
  readonly unwatchedAccepted: boolean;
}

/** Returns checked values as a draft, with every default that does not depend on a stage. */
export function draftOf(values: PlanValues): PlanDraft {
  return {
    // An absent name is a problem that is reported beside this draft, which is then not used.
    model: values.model ?? '',
    version: values.version ?? '',
    group: values.group ?? null,
    source: sourceOf(values),
    soakMs: values.soak ?? null,
    bakeMs: values.bake ?? null,
    maxWaitMs: values.max_wait ?? null,
    deadlineMs: values.deadline ?? null,
    warmupMs: values.warmup ?? 0,
    notBefore: values.not_before ?? null,
    minSamples: values.min_samples ?? 'auto',
    passWhen: values.pass_when ?? 'not_failed',
    minDevices: values.min_devices ?? 1,
    designEffect: values.design_effect ?? 3,
    noDataGraceMs: values.no_data_grace ?? 30 * MINUTE_MS,
    gates: values.gates,
    metrics: soundSeries(values.metrics),
    onFail: values.on_fail ?? 'rollback',
    onDeadline: values.on_deadline ?? 'pause',
    onSuperseded: values.on_superseded ?? 'refuse',
    rollback: {
      to: values.rollback?.to ?? null,
      confirmRatio: values.rollback?.confirm ?? 0.95,
      timeoutMs: values.rollback?.timeout ?? 30 * MINUTE_MS,
    },
    unwatchedAccepted: values.unwatched === 'accepted',
  };
}

const DEFAULT_TARGET: Percent = 100;
const DEFAULT_STEP: Percent = 10;

function sourceOf(values: PlanValues): StagesSource {
  if (values.stages !== undefined) return { kind: 'stages', stages: values.stages };
  const { rollout_percentage: from, target_percentage: target, increment_step: step } = values;
  if (from === undefined && target === undefined && step === undefined) {
    return { kind: 'preset', preset: values.preset ?? 'standard' };
  }
  const to = target ?? DEFAULT_TARGET;
  return { kind: 'steps', from: from ?? to, to, step: step ?? DEFAULT_STEP };
}
