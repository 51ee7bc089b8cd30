/** A number and the limit that it is compared with never read the same when they are not. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCount, formatCountBeside, formatRatio, formatRatioBeside } from '../../../src/core/format.ts';
import { formatValue } from '../../../src/core/gate-question.ts';
import { HOUR_MS } from '../../../src/core/units.ts';
import { aRateGate, aReading, countsOf, evidenceOf, judgeAlone, T0 } from '../../support/core-builders.ts';

describe('a ratio beside others', () => {
  it.each([
    { ratio: 0.05004, others: [0.05], gives: '5.004%' },
    { ratio: 0.05, others: [0.05004], gives: '5%' },
    { ratio: 0.0500004, others: [0.05], gives: '5.00004%' },
    { ratio: 0.05, others: [0.05], gives: '5%' },
    { ratio: 0.0213, others: [0.05], gives: '2.13%' },
    { ratio: 0.049996, others: [0.05], gives: '4.9996%' },
    { ratio: 0.05004, others: [null], gives: '5%' },
    { ratio: 0.99996, others: [1], gives: '99.996%' },
    { ratio: 1.004, others: [1], gives: '100.4%' },
    { ratio: 0.0000001, others: [0], gives: '0.00001%' },
    { ratio: 0.05004, others: [0.05, 0.050041], gives: '5.004%' },
    { ratio: Number.NaN, others: [0.05], gives: 'unknown' },
  ])('$ratio beside $others reads $gives', ({ ratio, others, gives }) => {
    expect(formatRatioBeside(ratio, others)).toBe(gives);
  });

  it('reads like another one only where it is that one, and is longer only where it has to be', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const near = fc.double({ min: -1e-4, max: 1e-4, noNaN: true });
    fc.assert(
      fc.property(share, near, (ratio, by) => {
        const other = Math.min(1, Math.max(0, ratio + by));
        const shown = [formatRatioBeside(ratio, [other]), formatRatioBeside(other, [ratio])];
        // Doubles that differ in their last bits only are the same number to people.
        if (Math.abs(ratio - other) > 1e-12) expect(shown[0]).not.toBe(shown[1]);
        if (formatRatio(ratio) !== formatRatio(other)) expect(shown[0]).toBe(formatRatio(ratio));
      }),
    );
  });
});

describe('a count or a value beside another one', () => {
  it.each([
    { shown: formatCountBeside(900.04, [900]), gives: '900.04' },
    { shown: formatCountBeside(1240, [900]), gives: formatCount(1240) },
    { shown: formatCountBeside(12_345.01, [12_345]), gives: '12 345.01' },
    { shown: formatValue({ unit: 'ms' }, 120.004, 120), gives: '120.004 ms' },
    { shown: formatValue({ unit: 'ms' }, 1200.004, 1200), gives: '1 200.004 ms' },
    { shown: formatValue({ unit: 'number' }, 1.23456), gives: '1.235' },
  ])('reads $gives', ({ shown, gives }) => {
    expect(shown).toBe(gives);
  });
});

describe('a gate whose rate is hardly above its limit', () => {
  it('says so in its sentence', () => {
    const window = { from: T0, to: T0 + HOUR_MS };
    const candidate = countsOf(50_040, 1_000_000, { devices: null, devicesWithEvents: null });
    const baseline = countsOf(50_030, 1_000_000, { devices: null, devicesWithEvents: null });
    const gate = aRateGate({ maxRatio: 0.05, margin: 0.1 });
    const { sentence } = judgeAlone(aReading({ gate, evidence: evidenceOf(candidate, window, baseline) }));
    expect(sentence).toMatch(/^error rate 5\.004% /);
    expect(sentence).toContain(', limit 5%, previous version 5.003%');
  });
});
