import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/core/evidence.ts';
import { nameOfGate } from '../../../src/core/gate-question.ts';
import type { ValueGate } from '../../../src/core/plan.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/units.ts';
import { aJudging, aRateGate, aReading, aStage, judgeAlone, T0 } from '../../support/core-builders.ts';

const NOW = T0 + HOUR_MS;

function aValueGate(over: Partial<ValueGate> = {}): ValueGate {
  const base = { kind: 'value', name: 'battery_ma', severity: 'critical', shadow: false } as const;
  return { ...base, direction: 'at_most', limit: 300, unit: 'number', ...over };
}

function judged(gate: ValueGate, values: readonly number[], over: object = {}) {
  const recent = values.map((value, index): Evidence => {
    const to = NOW - (values.length - 1 - index) * 5 * MINUTE_MS;
    return { kind: 'value', value, devices: null, covered: { from: to - 5 * MINUTE_MS, to } };
  });
  const evidence = recent.at(-1) ?? { kind: 'none', why: 'no rows' };
  return judgeAlone(aReading({ gate, evidence, recent }), aJudging({ now: NOW, ...over }));
}

describe('a bare number of the author’s own', () => {
  it.each([
    { fact: 'above a limit three times', gate: aValueGate(), values: [301, 310, 305], gives: 'fail' },
    { fact: 'at its limit', gate: aValueGate(), values: [300, 300, 300], gives: 'pass' },
    { fact: 'that differs', gate: aValueGate(), values: [290, 290, 310], gives: 'inconclusive' },
    {
      fact: 'below a least one',
      gate: aValueGate({ direction: 'at_least', limit: -80 }),
      values: [-81, -90, -85],
      gives: 'fail',
    },
    {
      fact: 'that may be negative',
      gate: aValueGate({ direction: 'at_least', limit: -80 }),
      values: [-70, -60, -70],
      gives: 'pass',
    },
    { fact: 'that is no number', gate: aValueGate(), values: [1, 1, Number.NaN], gives: 'error' },
    { fact: 'that was not measured', gate: aValueGate(), values: [], gives: 'no_data' },
  ])('$fact is $gives', ({ gate, values, gives }) => {
    expect(judged(gate, values).verdict).toBe(gives);
  });

  it('proves nothing where the plan asks for proof', () => {
    expect(judged(aValueGate(), [1, 1, 1], { stage: aStage({ passWhen: 'proven' }) }).verdict).toBe(
      'inconclusive',
    );
  });

  it('is told in its own unit', () => {
    expect(judged(aValueGate({ unit: 'ms', limit: 2_000 }), [1, 1, 1500.25]).sentence).toContain(
      'battery ma 1 500.3 ms, limit 2 000 ms',
    );
  });
});

describe('the name of a gate of the author’s own', () => {
  it('is told with spaces, also when every object has something of that name', () => {
    expect(nameOfGate(aRateGate({ name: 'battery_drain' }))).toBe('battery drain');
    expect(nameOfGate(aRateGate({ name: 'constructor' }))).toBe('constructor');
  });
});
