import { describe, expect, it } from 'vitest';
import {
  type GateQuestion,
  nameOfGate,
  questionOf,
  testsOf,
  unitOfGate,
} from '../../../src/core/gate-question.ts';
import type { AssignmentGate, Gate, QualityGate, RelativeLatencyGate } from '../../../src/core/plan.ts';
import { aLatencyGate, anAdoptionGate, aRateGate } from '../../support/core-builders.ts';

const base = { severity: 'critical', shadow: false } as const;
const QUALITY: QualityGate = { ...base, kind: 'quality', name: 'quality', minRatio: 0.75 };
const ASSIGNMENT: AssignmentGate = { ...base, kind: 'assignment', name: 'assignment' };
const RELATIVE: RelativeLatencyGate = {
  ...base,
  kind: 'relative_latency',
  name: 'latency_p95',
  slowRatio: 0.05,
  margin: 0.1,
};

interface GateRow {
  readonly gate: Gate;
  readonly name: string;
  readonly unit: 'requests' | 'devices';
  readonly asks: GateQuestion | null;
  readonly tests: number;
}

const GATES: readonly GateRow[] = [
  {
    gate: aRateGate(),
    name: 'error rate',
    unit: 'requests',
    asks: { limit: 0.05, tolerance: null, clustering: 'requests' },
    tests: 1,
  },
  {
    gate: aRateGate({ margin: 0.5 }),
    name: 'error rate',
    unit: 'requests',
    asks: { limit: 0.05, tolerance: 1.5, clustering: 'requests' },
    tests: 2,
  },
  {
    gate: aRateGate({ name: 'crash_rate', margin: 0 }),
    name: 'crash rate',
    unit: 'devices',
    asks: { limit: 0.05, tolerance: 1, clustering: 'devices' },
    tests: 2,
  },
  {
    gate: aRateGate({ name: 'memory_rate' }),
    name: 'out-of-memory rate',
    unit: 'devices',
    asks: { limit: 0.05, tolerance: null, clustering: 'devices' },
    tests: 1,
  },
  ...(['p50', 'p95', 'p99'] as const).map(
    (percentile): GateRow => ({
      gate: aLatencyGate({ name: `latency_${percentile}` }),
      name: `${percentile} latency`,
      unit: 'requests',
      asks: { limit: 0.05, tolerance: null, clustering: 'latency' },
      tests: 1,
    }),
  ),
  {
    gate: RELATIVE,
    name: 'p95 latency',
    unit: 'requests',
    asks: { limit: null, tolerance: 1, clustering: 'latency' },
    tests: 1,
  },
  {
    gate: QUALITY,
    name: 'quality',
    unit: 'requests',
    asks: { limit: 0.25, tolerance: null, clustering: 'requests' },
    tests: 1,
  },
  { gate: anAdoptionGate(), name: 'adoption', unit: 'devices', asks: null, tests: 0 },
  { gate: ASSIGNMENT, name: 'assignment', unit: 'devices', asks: null, tests: 0 },
];

describe('a gate', () => {
  it.each(GATES)('of kind $gate.kind is called $name, counts $unit and is $tests tests', (row) => {
    const { gate, name, unit, asks, tests } = row;
    expect([nameOfGate(gate), unitOfGate(gate), questionOf(gate), testsOf(gate)]).toEqual([
      name,
      unit,
      asks,
      tests,
    ]);
  });
});
