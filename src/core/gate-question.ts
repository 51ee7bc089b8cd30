/** What a gate is called, what it counts, and what it asks of the counts. Pure. */
import { apart, formatCountBeside } from './format.ts';
import type { Gate, ValueGate } from './plan.ts';
import type { Clustering } from './statistics/gate-series.ts';
import type { Ratio } from './units.ts';

/**
 * What counts are: single requests, the stage's own devices, of which there are only so many, or something that
 * only the plan's author knows, which may come from few devices as requests do.
 */
export type Unit = 'requests' | 'devices' | 'trials';

/** What a gate asks of its counts. */
export interface GateQuestion {
  /** The most events of the trials, or null where only the baseline is asked. */
  readonly limit: Ratio | null;
  /** How many times the baseline's odds are tolerated, or null where the two are not compared. */
  readonly tolerance: number | null;
  readonly clustering: Clustering;
}

const NAMES: Readonly<Record<string, string>> = {
  error_rate: 'error rate',
  crash_rate: 'crash rate',
  memory_rate: 'out-of-memory rate',
  latency_p50: 'p50 latency',
  latency_p95: 'p95 latency',
  latency_p99: 'p99 latency',
  quality: 'quality',
  adoption: 'adoption',
  assignment: 'assignment',
};

/** Returns what a gate is called in a sentence; a name of the author's with spaces for underscores. */
export function nameOfGate({ name }: Gate): string {
  return (Object.hasOwn(NAMES, name) ? NAMES[name] : undefined) ?? name.replaceAll('_', ' ');
}

/** Returns a value in the unit of its gate, `120 ms` or a bare number, which never reads like another one beside it. */
export function formatValue(
  { unit }: Pick<ValueGate, 'unit'>,
  value: number,
  beside: number | null = null,
): string {
  const number =
    Math.abs(value) >= 1_000
      ? formatCountBeside(value, [beside])
      : apart((each, digits) => String(Number(each.toPrecision(digits + 1))), value, [beside]);
  return unit === 'ms' ? `${number} ms` : number;
}

/** Returns the share that a gate demands, at most or at least; null where it demands none. Never throws. */
export function limitRatioOf(gate: Gate): Ratio | null {
  switch (gate.kind) {
    case 'rate':
    case 'latency':
      return gate.maxRatio;
    case 'quality':
    case 'adoption':
      return gate.minRatio;
    case 'relative_latency':
    case 'value':
    case 'assignment':
      return null;
  }
}

/** Returns what a gate counts. */
export function unitOfGate(gate: Gate): Unit {
  if (gate.kind === 'rate' && gate.unit !== undefined) return gate.unit;
  const ofRequests = gate.name === 'error_rate' || gate.kind === 'quality' || isLatency(gate);
  return ofRequests ? 'requests' : 'devices';
}

/**
 * Returns what a gate asks of its counts, or null for a gate that is no question of chance.
 *
 * A mean quality of at least q is "at most 1 - q of what the answers could lack". A latency relative to the
 * baseline has its margin in the limit that is counted against, so no more of it is tolerated.
 */
export function questionOf(gate: Gate): GateQuestion | null {
  switch (gate.kind) {
    case 'rate': {
      const tolerance = gate.margin === null ? null : 1 + gate.margin;
      const clustering = unitOfGate(gate) === 'devices' ? 'devices' : 'requests';
      return { limit: gate.maxRatio, tolerance, clustering };
    }
    case 'latency':
      return { limit: gate.maxRatio, tolerance: null, clustering: 'latency' };
    case 'relative_latency':
      return { limit: null, tolerance: 1, clustering: 'latency' };
    case 'quality':
      return { limit: 1 - gate.minRatio, tolerance: null, clustering: 'requests' };
    case 'value':
    case 'adoption':
    case 'assignment':
      return null;
  }
}

/** Returns how many tests a gate is: one for a limit, one for a baseline. */
export function testsOf(gate: Gate): number {
  const question = questionOf(gate);
  if (question === null) return 0;
  return (question.limit === null ? 0 : 1) + (question.tolerance === null ? 0 : 1);
}

function isLatency(gate: Gate): boolean {
  return gate.kind === 'latency' || gate.kind === 'relative_latency';
}
