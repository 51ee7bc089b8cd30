/** Checks that what a source is asked for is what its gate can be judged by. Pure. */
import type { Plan } from '../core/plan.ts';
import type { SeriesShape } from '../core/series.ts';
import { type CustomSources, type SidedLimit, seriesOf } from './custom-gates.ts';
import type { Finding } from './findings.ts';
import type { Path } from './position.ts';

/** What was expected of a limit instead. */
export type Misfit = Pick<Finding, 'expected'> & { readonly hint?: string };

/** Returns what a limit should be for a series of this shape, or null where it fits. */
export function misfitOf({ unit, side, value }: SidedLimit, shape: SeriesShape): Misfit | null {
  switch (shape.kind) {
    case 'counts':
      if (unit !== 'ratio') return { expected: 'a rate such as 3%, as its series has counts' };
      if (side === 'max') return rangeOf(value);
      return {
        expected: 'max, as events are what should not happen',
        hint: 'A least mean takes mean and n.',
      };
    case 'mean':
      return unit === 'ratio' && side === 'min'
        ? rangeOf(value)
        : { expected: 'min and a rate such as 90%, as its series has a mean' };
    case 'buckets':
      return {
        expected: 'a series of counts or a value',
        hint: 'Buckets measure latency_p50, latency_p95 and latency_p99.',
      };
    case 'value':
      return misfitOfValue({ unit, side, value }, shape.unit);
  }
}

function misfitOfValue(
  { unit, value }: SidedLimit,
  of: 'ratio' | 'percent' | 'ms' | 's' | 'number',
): Misfit | null {
  if (of === 'ratio' || of === 'percent') {
    return unit === 'ratio' ? rangeOf(value) : { expected: `a rate such as 3%, as its series is in ${of}` };
  }
  if (of === 'number') return unit === 'number' ? null : { expected: 'a plain number, as its series is one' };
  return unit === 'ms' ? null : { expected: `a time such as 400ms or 2s, as its series is in ${of}` };
}

const LEAST_RATE = 0.000_001;

function rangeOf(value: number): Misfit | null {
  return value >= LEAST_RATE && value < 1 ? null : { expected: 'a rate from 0.0001% to below 100%' };
}

const RATES: readonly string[] = ['error_rate', 'crash_rate', 'memory_rate'];
const LATENCIES: readonly string[] = ['latency_p50', 'latency_p95', 'latency_p99'];
/** Gates of the catalogue that can be compared with the baseline. */
export const COMPARED_GATES = [
  'error_rate',
  'crash_rate',
  'memory_rate',
  'latency_p50',
  'latency_p95',
  'latency_p99',
] as const;

/** Returns a finding for each series of the catalogue whose shape its gate cannot be judged by. */
export function checkShapes(metrics: Plan['metrics']): readonly Finding[] {
  return Object.entries(metrics).flatMap(([name, { shape }]): readonly Finding[] => {
    const path = ['metrics', name];
    const given = shape.kind === 'value' ? `a value in ${shape.unit}` : WORD[shape.kind];
    const fits = fitting(name);
    if (fits === null || fits.accepts(shape)) return [];
    if (shape.kind === 'value' && fits.units.length > 0) {
      return [{ path: [...path, 'unit'], expected: `${fits.units.join(' or ')} for ${name}` }];
    }
    return [{ path, atKey: true, got: given, expected: `${fits.expected} for ${name}` }];
  });
}

const WORD: Readonly<Record<Exclude<SeriesShape['kind'], 'value'>, string>> = {
  counts: 'events and trials',
  mean: 'mean and n',
  buckets: 'buckets',
};

interface Fitting {
  readonly accepts: (shape: SeriesShape) => boolean;
  readonly units: readonly string[];
  readonly expected: string;
}

function fitting(name: string): Fitting | null {
  const of = (
    kinds: readonly SeriesShape['kind'][],
    units: readonly string[],
    expected: string,
  ): Fitting => ({
    accepts: (shape) => (shape.kind === 'value' ? units.includes(shape.unit) : kinds.includes(shape.kind)),
    units,
    expected,
  });
  if (RATES.includes(name))
    return of(['counts'], ['ratio', 'percent'], 'events and trials, or a value in ratio or percent,');
  if (LATENCIES.includes(name)) {
    return of(
      ['buckets', 'counts'],
      ['ms', 's'],
      'buckets, the requests slower than the limit as events of trials, or a value in ms or s,',
    );
  }
  return name === 'quality'
    ? of(['mean'], ['ratio', 'percent'], 'mean and n, or a value in ratio or percent,')
    : null;
}

/**
 * Returns what is wrong with a comparison with the baseline that the series of a gate cannot make.
 *
 * A bare value has no baseline, and slow requests that are counted elsewhere tell no percentile.
 */
export function checkComparison(
  { plan, stage, metrics, path }: CustomSources & { readonly path: Path },
  name: (typeof COMPARED_GATES)[number],
): readonly Finding[] {
  const own = stage ?? plan;
  const said = own === undefined || own === 'none' ? undefined : own[name];
  const shape = seriesOf(metrics, name)?.shape;
  if (said === undefined || said === 'none' || said.baseline !== 'current' || shape === undefined) return [];
  const at = [...path, name, 'baseline'];
  if (RATES.includes(name) && shape.kind === 'value') {
    return [{ path: at, expected: 'a comparison only of counts: a bare value does not say how sure it is' }];
  }
  if (LATENCIES.includes(name) && shape.kind === 'counts') {
    return [{ path: at, expected: 'a series of buckets or a value: counts do not tell a percentile' }];
  }
  return [];
}
