/** Which gates hold in a stage, from what the plan and the stage say. Pure. */
import type {
  AdoptionGate,
  AssignmentGate,
  Gate,
  LatencyGate,
  QualityGate,
  RateGate,
  RelativeLatencyGate,
} from '../core/plan.ts';
import type { Percent, Ratio } from '../core/units.ts';
import { asMeasured, type CustomSources, customGates } from './custom-gates.ts';
import type { GatesValue } from './gate-schema.ts';
import { howOf, layered, marginOf, type Said } from './layered-gate.ts';

type RateName = 'error_rate' | 'crash_rate' | 'memory_rate';
type LatencyName = LatencyGate['name'];
type MeasuredName = RateName | LatencyName | 'quality';
type GatesMap = Omit<Exclude<GatesValue, 'none'>, 'custom'>;

const RATES: readonly RateName[] = ['error_rate', 'crash_rate', 'memory_rate'];
const LATENCIES: readonly LatencyName[] = ['latency_p50', 'latency_p95', 'latency_p99'];
const COMPARABLE: readonly (RateName | LatencyName)[] = [...RATES, ...LATENCIES];

/** The gates that are on without being named, and their limits; they are compared with the baseline too. */
const DEFAULT_MAX: Readonly<Partial<Record<MeasuredName, Ratio>>> = { error_rate: 0.05, crash_rate: 0.01 };
const DEFAULT_ADOPTION: Ratio = 0.9;
const DEFAULT_RATE_MARGIN: Ratio = 0;
const DEFAULT_LATENCY_MARGIN: Ratio = 0.1;

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
 * Returns the gates of a stage: rates, latencies, quality, adoption, assignment.
 *
 * A stage's gate takes from the plan's gate of the same name what it does not say itself. At 0% nobody is
 * served, so only limits on mirrored traffic are left there and nothing is compared; at 100% there is no share
 * of the devices to be off. A gate without a limit is left out here; `gatesWithoutLimit` names it.
 */
export function gatesOfStage(sources: CustomSources, percentage: Percent): readonly Gate[] {
  const catalogue: readonly Gate[] = [
    ...RATES.flatMap((name) => rateGates(sources, name)),
    ...LATENCIES.flatMap((name) => latencyGates(sources, name)),
    ...qualityGates(sources),
  ];
  const gates: readonly Gate[] = [
    ...catalogue.map((gate) => asMeasured(gate, sources.metrics)),
    ...customGates(sources),
    ...adoptionGates(sources),
    ...(percentage < 100 ? assignmentGates(sources) : []),
  ];
  if (percentage !== 0) return gates;
  return gates
    .filter((gate) => gate.shadow)
    .map((gate) => (gate.kind === 'rate' ? { ...gate, margin: null } : gate));
}

/** Returns whether a gate is judged on measurements; the others are judged on what the control plane counts. */
export function isMeasured({ kind }: Gate): boolean {
  return kind !== 'adoption' && kind !== 'assignment';
}

/** Returns the names of the gates that are on in a stage although nobody gives their limit. */
export function gatesWithoutLimit(sources: GateSources): readonly string[] {
  const names = COMPARABLE.filter((name) => {
    const said = measured(sources, name);
    if (said === null || maxOf(said, name) !== undefined) return false;
    return isRate(name) || baselineOf(said, name) === 'none';
  });
  const quality = measured(sources, 'quality');
  return quality === null || minOf(quality) !== undefined ? names : [...names, 'quality'];
}

/**
 * Returns the names of the gates that are given a margin where nothing is compared.
 *
 * Only what the innermost source says itself counts: a stage may well leave the plan's comparison out.
 */
export function marginsWithoutBaseline(sources: GateSources): readonly string[] {
  return COMPARABLE.filter((name) => {
    const said = measured(sources, name);
    if (said === null || baselineOf(said, name) !== 'none') return false;
    const written = sources.stage === undefined ? said.base : said.own;
    return written?.margin !== undefined;
  });
}

type SaidOf<N extends keyof GatesMap> = Said<Exclude<NonNullable<GatesMap[N]>, 'none'>>;

function measured<N extends MeasuredName>({ plan, stage }: GateSources, name: N): SaidOf<N> | null {
  const own = stage === 'none' ? 'none' : stage?.[name];
  const inherited = plan === 'none' ? 'none' : plan?.[name];
  if (own === undefined && inherited === undefined && DEFAULT_MAX[name] === undefined) return null;
  // The compiler does not follow that both are of the same key once the word is taken out.
  return layered(own, inherited) as SaidOf<N> | null;
}

/** Gates on what the control plane counts stay on beside `gates: none`, which switches measurements off. */
function counted<N extends 'adoption' | 'assignment'>(
  { plan, stage }: GateSources,
  name: N,
): SaidOf<N> | null {
  const own = stage === 'none' ? undefined : stage?.[name];
  const inherited = plan === 'none' ? undefined : plan?.[name];
  return layered(own, inherited) as SaidOf<N> | null;
}

function rateGates(sources: GateSources, name: RateName): readonly RateGate[] {
  const said = measured(sources, name);
  const maxRatio = said === null ? undefined : maxOf(said, name);
  if (said === null || maxRatio === undefined) return [];
  const margin = baselineOf(said, name) === 'none' ? null : marginOf(said, DEFAULT_RATE_MARGIN);
  return [{ ...howOf(said), kind: 'rate', name, maxRatio, margin }];
}

function latencyGates(
  sources: GateSources,
  name: LatencyName,
): readonly (LatencyGate | RelativeLatencyGate)[] {
  const said = measured(sources, name);
  if (said === null) return [];
  const { severity, shadow } = howOf(said);
  const maxMs = maxOf(said, name);
  const ratio = SLOW_RATIO[name];
  const gates: (LatencyGate | RelativeLatencyGate)[] = [];
  if (maxMs !== undefined) gates.push({ severity, shadow, kind: 'latency', name, maxMs, maxRatio: ratio });
  if (baselineOf(said, name) === 'none') return gates;
  const margin = marginOf(said, DEFAULT_LATENCY_MARGIN);
  // Mirrored traffic has no baseline beside it, so a comparison is never a shadow gate.
  return [...gates, { severity, shadow: false, kind: 'relative_latency', name, slowRatio: ratio, margin }];
}

function qualityGates(sources: GateSources): readonly QualityGate[] {
  const said = measured(sources, 'quality');
  const minRatio = said === null ? undefined : minOf(said);
  return said === null || minRatio === undefined
    ? []
    : [{ ...howOf(said), kind: 'quality', name: 'quality', minRatio }];
}

function adoptionGates(sources: GateSources): readonly AdoptionGate[] {
  const said = counted(sources, 'adoption');
  if (said === null) return [];
  const severity = said.own?.severity ?? said.base?.severity ?? 'hold';
  const minRatio = minOf(said) ?? DEFAULT_ADOPTION;
  return [{ kind: 'adoption', name: 'adoption', severity, shadow: false, minRatio }];
}

function assignmentGates(sources: GateSources): readonly AssignmentGate[] {
  const said = counted(sources, 'assignment');
  if (said === null) return [];
  const severity = said.own?.severity ?? said.base?.severity ?? 'hold';
  return [{ kind: 'assignment', name: 'assignment', severity, shadow: false }];
}

function isRate(name: MeasuredName): name is RateName {
  return (RATES as readonly string[]).includes(name);
}

function maxOf(
  { own, base }: Said<{ readonly max?: number | undefined }>,
  name: MeasuredName,
): number | undefined {
  return own?.max ?? base?.max ?? DEFAULT_MAX[name];
}

function minOf({ own, base }: Said<{ readonly min?: number | undefined }>): number | undefined {
  return own?.min ?? base?.min;
}

interface Compared {
  readonly baseline?: 'current' | 'none' | undefined;
  readonly margin?: Ratio | undefined;
}

function baselineOf({ own, base }: Said<Compared>, name: MeasuredName): 'current' | 'none' {
  return own?.baseline ?? base?.baseline ?? (DEFAULT_MAX[name] === undefined ? 'none' : 'current');
}
