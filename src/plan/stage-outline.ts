/** The stages of a plan as a list, whichever way the author wrote them, with their defaults. Pure. */
import type { Stage } from '../core/plan.ts';
import { DAY_MS, type DurationMs, HOUR_MS, MINUTE_MS, type Percent } from '../core/units.ts';
import type { PlanDraft, StagesSource } from './draft.ts';
import type { GatesValue } from './gate-schema.ts';
import { gatesOfStage } from './gates.ts';
import { writePercent } from './percent.ts';
import { PRESETS } from './presets.ts';
import type { StageValue } from './stage-schema.ts';

const DEFAULT_SOAK_MS: DurationMs = HOUR_MS;
const DEFAULT_STEP_SOAK_MS: DurationMs = 30 * MINUTE_MS;
const DEFAULT_BAKE_MS: DurationMs = 30 * MINUTE_MS;

/** A stage without a soak ends on samples, and samples may take days. */
const MAX_WAIT_WITHOUT_SOAK_MS: DurationMs = 3 * DAY_MS;

/** Returns the stages as if each had been written in full; strictly increasing in a valid draft. */
export function outlineStages(draft: PlanDraft): readonly StageValue[] {
  const { source } = draft;
  switch (source.kind) {
    case 'stages':
      return source.stages;
    case 'steps':
      return stepsOf(source).map((percentage) => ({
        percentage,
        soak: draft.soakMs ?? DEFAULT_STEP_SOAK_MS,
      }));
    case 'preset':
      return [
        ...PRESETS[source.preset].stages.map(({ percentage, soakMs }) => ({
          percentage,
          soak: draft.soakMs ?? soakMs,
          gates: percentage === 0 ? shadowGates(draft.gates) : undefined,
        })),
        { percentage: 100 },
      ];
  }
}

/** Returns outlined stages with every default filled in; the last stage's soak is the plan's bake. */
export function fillStages(draft: PlanDraft, outlines: readonly StageValue[]): readonly Stage[] {
  return outlines.map((outline, index) => {
    const percentage = outline.percentage ?? Number.NaN;
    const isLast = index === outlines.length - 1;
    const soakMs = isLast ? bakeOf(draft) : (outline.soak ?? draft.soakMs ?? DEFAULT_SOAK_MS);
    return {
      name: outline.name ?? writePercent(percentage),
      percentage,
      soakMs,
      warmupMs: outline.warmup ?? draft.warmupMs,
      minSamples: outline.min_samples ?? draft.minSamples,
      passWhen: outline.pass_when ?? draft.passWhen,
      minDevices: outline.min_devices ?? draft.minDevices,
      maxDevices: outline.max_devices ?? null,
      maxWaitMs: outline.max_wait ?? draft.maxWaitMs ?? presetOf(draft)?.maxWaitMs ?? maxWaitAfter(soakMs),
      gates: gatesOfStage({ plan: draft.gates, stage: outline.gates, metrics: draft.metrics }, percentage),
    };
  });
}

function bakeOf(draft: PlanDraft): DurationMs {
  return draft.bakeMs ?? presetOf(draft)?.bakeMs ?? DEFAULT_BAKE_MS;
}

function presetOf({ source }: PlanDraft) {
  return source.kind === 'preset' ? PRESETS[source.preset] : null;
}

function maxWaitAfter(soakMs: DurationMs): DurationMs {
  return soakMs > 0 ? 2 * soakMs : MAX_WAIT_WITHOUT_SOAK_MS;
}

function stepsOf({ from, to, step }: Extract<StagesSource, { kind: 'steps' }>): readonly Percent[] {
  const percentages: Percent[] = [];
  for (let count = 0; count < 100; count += 1) {
    // Multiplied and rounded, so that 0.1 added ten times is 1.
    const percentage = Number((from + count * step).toFixed(6));
    if (percentage >= to) break;
    percentages.push(percentage);
  }
  return [...percentages, to];
}

/** The preset's own shadow gate, unless the author named one, or switched off what it would judge. */
function shadowGates(gates: GatesValue | undefined): GatesValue | undefined {
  if (gates === 'none' || gates?.error_rate === 'none') return undefined;
  const { custom, ...catalogue } = gates ?? {};
  const named = [...Object.values(catalogue), ...Object.values(custom ?? {})].some(
    (gate) => typeof gate === 'object' && 'shadow' in gate && gate.shadow === true,
  );
  return named ? undefined : { error_rate: { shadow: true } };
}
