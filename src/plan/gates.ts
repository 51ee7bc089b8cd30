/** Which gates hold in a stage, from what the plan and the stage say. Pure. */
import type { AdoptionGate, Gate, LatencyGate, RateGate, Severity } from '../core/plan.ts';
import type { Percent, Ratio } from '../core/units.ts';
import type { GatesValue } from './gate-schema.ts';

type LatencyName = LatencyGate['name'];
type LimitName = RateGate['name'] | LatencyName;

const RATES: readonly RateGate['name'][] = ['error_rate', 'crash_rate', 'memory_rate'];
const LATENCIES: readonly LatencyName[] = ['latency_p50', 'latency_p95', 'latency_p99'];

/** The gates that are on without being named, and their limits. */
const DEFAULT_MAX: Readonly<Partial<Record<LimitName, Ratio>>> = { error_rate: 0.05, crash_rate: 0.01 };
const DEFAULT_ADOPTION: Ratio = 0.9;

/** Share of the requests that a percentile leaves above its limit. */
const SLOW_RATIO: Readonly<Record<LatencyName, Ratio>> = {
  latency_p50: 0.5,
  latency_p95: 0.05,
  latency_p99: 0.01,
};

/** What the plan and one stage say about gates; undefined where they say nothing. */
export interface GateSources {
  readonly plan: GatesValue | undefined;
  readonly stage: GatesValue | undefined;
}

/**
 * Returns the gates of a stage: rates, latencies, adoption.
 *
 * A stage's gate takes from the plan's gate of the same name what it does not say itself. At 0% nobody is
 * served, so only gates on mirrored traffic are left there. A gate without a limit is left out here;
 * `gatesWithoutLimit` names it.
 */
export function gatesOfStage(sources: GateSources, percentage: Percent): readonly Gate[] {
  const gates: readonly Gate[] = [
    ...RATES.flatMap((name): RateGate[] => {
      const setting = limitOf(sources, name);
      return setting?.max === undefined
        ? []
        : [{ ...setting.how, kind: 'rate', name, maxRatio: setting.max }];
    }),
    ...LATENCIES.flatMap((name): LatencyGate[] => {
      const setting = limitOf(sources, name);
      if (setting?.max === undefined) return [];
      return [{ ...setting.how, kind: 'latency', name, maxMs: setting.max, maxRatio: SLOW_RATIO[name] }];
    }),
    ...adoptionOf(sources),
  ];
  return percentage === 0 ? gates.filter((gate) => gate.shadow) : gates;
}

/** Returns the names of the gates that are on in a stage although nobody gives their limit. */
export function gatesWithoutLimit(sources: GateSources): readonly string[] {
  return [...RATES, ...LATENCIES].filter((name) => {
    const setting = limitOf(sources, name);
    return setting !== null && setting.max === undefined;
  });
}

interface LimitSetting {
  readonly max: number | undefined;
  readonly how: { readonly severity: Severity; readonly shadow: boolean };
}

function limitOf({ plan, stage }: GateSources, name: LimitName): LimitSetting | null {
  if (stage === 'none') return null;
  const own = stage?.[name];
  const inherited = plan === 'none' ? 'none' : plan?.[name];
  if (own === 'none') return null;
  if (own === undefined && inherited === 'none') return null;
  if (own === undefined && inherited === undefined && DEFAULT_MAX[name] === undefined) return null;
  const base = inherited === 'none' ? undefined : inherited;
  return {
    max: own?.max ?? base?.max ?? DEFAULT_MAX[name],
    how: {
      severity: own?.severity ?? base?.severity ?? 'critical',
      shadow: own?.shadow ?? base?.shadow ?? false,
    },
  };
}

function adoptionOf({ plan, stage }: GateSources): readonly AdoptionGate[] {
  // `gates: none` switches measurements off; devices are counted by the control plane itself.
  const own = stage === 'none' ? undefined : stage?.adoption;
  const inherited = plan === 'none' ? undefined : plan?.adoption;
  if (own === 'none' || (own === undefined && inherited === 'none')) return [];
  const base = inherited === 'none' ? undefined : inherited;
  return [
    {
      kind: 'adoption',
      name: 'adoption',
      severity: own?.severity ?? base?.severity ?? 'hold',
      shadow: false,
      minRatio: own?.min ?? base?.min ?? DEFAULT_ADOPTION,
    },
  ];
}
