/** Gates as the plan's series measure them: those of the author, and what a series changes about the others. Pure. */
import type { Gate, Plan, QualityGate, RateGate, ValueGate } from '../core/plan.ts';
import type { Series } from '../core/series.ts';
import type { AnyLimit, CustomGateValue } from './custom-gate-schema.ts';
import type { GatesValue } from './gate-schema.ts';
import { howOf, layered, marginOf, type Said } from './layered-gate.ts';

/** What the plan and one stage say about gates, and where they are measured. */
export interface CustomSources {
  readonly plan: GatesValue | undefined;
  readonly stage: GatesValue | undefined;
  readonly metrics: Plan['metrics'];
}

/** A limit of the author's, and on which side of it a value has to be. */
export interface SidedLimit extends AnyLimit {
  readonly side: 'max' | 'min';
}

/** Returns the gates of the author that are on; one without a limit or a series is left out and named elsewhere. */
export function customGates(sources: CustomSources): readonly Gate[] {
  return customNames(sources).flatMap((name) => {
    const said = customSaid(sources, name);
    const series = seriesOf(sources.metrics, name);
    const limit = said === null ? null : limitOf(said);
    return said === null || series === null || limit === null ? [] : gateOf({ name, said, series, limit });
  });
}

/** Returns the names of the author's gates that the plan or the stage mentions. */
export function customNames({ plan, stage }: CustomSources): readonly string[] {
  const named = [plan, stage].flatMap((gates) => Object.keys(customOf(gates)));
  return [...new Set(named)];
}

/** Returns what is said about a gate of the author's; null where it is off. */
export function customSaid({ plan, stage }: CustomSources, name: string): Said<CustomGateValue> | null {
  const own = stage === 'none' ? 'none' : at(customOf(stage), name);
  return layered(own, plan === 'none' ? 'none' : at(customOf(plan), name));
}

/** Returns the limit of the innermost layer that gives one, or null. */
export function limitOf({ own, base }: Said<CustomGateValue>): SidedLimit | null {
  for (const layer of [own, base]) {
    if (layer?.max !== undefined) return { ...layer.max, side: 'max' };
    if (layer?.min !== undefined) return { ...layer.min, side: 'min' };
  }
  return null;
}

/** Returns the series that measures a gate, or null for one that Octomil measures. */
export function seriesOf(metrics: Plan['metrics'], name: string): Series | null {
  return at(metrics, name) ?? null;
}

/**
 * Returns a gate of the catalogue as its series measures it.
 *
 * A bare value cannot be compared with a baseline. Crashes and the like count devices; where the series counts
 * devices beside its trials, the trials are something else, such as app runs.
 */
export function asMeasured(gate: Gate, metrics: Plan['metrics']): Gate {
  const shape = seriesOf(metrics, gate.name)?.shape;
  if (shape === undefined || gate.kind !== 'rate') return gate;
  if (shape.kind === 'value') return { ...gate, margin: null };
  const countsDevices = gate.name !== 'error_rate';
  return countsDevices && shape.devices !== null ? { ...gate, unit: 'trials' } : gate;
}

interface NamedGate {
  readonly name: string;
  readonly said: Said<CustomGateValue>;
  readonly series: Series;
  readonly limit: SidedLimit;
}

function gateOf({ name, said, series, limit }: NamedGate): readonly Gate[] {
  const how = howOf(said);
  if (limit.unit !== 'ratio') {
    const direction = limit.side === 'max' ? 'at_most' : 'at_least';
    const value: ValueGate = { ...how, kind: 'value', name, direction, limit: limit.value, unit: limit.unit };
    return [value];
  }
  if (limit.side === 'min') {
    const quality: QualityGate = { ...how, kind: 'quality', name, minRatio: limit.value };
    return [quality];
  }
  const compares =
    (said.own?.baseline ?? said.base?.baseline) === 'current' && series.shape.kind === 'counts';
  const margin = compares ? marginOf(said, 0) : null;
  const rate: RateGate = { ...how, kind: 'rate', name, maxRatio: limit.value, margin, unit: 'trials' };
  return [rate];
}

function customOf(gates: GatesValue | undefined): Readonly<Record<string, CustomGateValue | 'none'>> {
  return gates === 'none' ? {} : (gates?.custom ?? {});
}

/** A name such as `constructor` is the author's own only where the author wrote it. */
function at<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
