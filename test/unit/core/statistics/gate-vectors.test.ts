import { describe, expect, it } from 'vitest';
import { baselineStratum } from '../../../../src/core/statistics/baseline-stratum.ts';
import { type Bounds, rateBounds, ratioBounds } from '../../../../src/core/statistics/bounds.ts';
import { shrunkDispersion, zeroFractionDispersion } from '../../../../src/core/statistics/device-spread.ts';
import { designEffectOf } from '../../../../src/core/statistics/effective-counts.ts';
import { logE } from '../../../../src/core/statistics/log-e.ts';
import { meanEvidence, weigh } from '../../../../src/core/statistics/weigh.ts';
import {
  decideVector,
  type GateVector,
  readGateVectors,
  seriesOfVector,
  wordFor,
} from '../../../support/gate-vectors.ts';

const VECTORS = readGateVectors();

/** The product's numbers, in the order of the vector's. */
function computed(vector: GateVector): readonly (number | null)[] {
  switch (vector.fn) {
    case 'logE': {
      const { sign, strata } = vector.input;
      return [
        logE(
          sign,
          strata.map(({ k, n, pi }) => ({ events: k, trials: n, rate: pi })),
        ),
      ];
    }
    case 'logE.relative': {
      const { sign, rho, strata } = vector.input;
      const compared = strata.flatMap(({ n1, k1, n0, k0 }) => {
        const baseline = n0 > 0 ? { events: k0, trials: n0 } : null;
        return baselineStratum({ candidate: { events: k1, trials: n1 }, baseline }, rho) ?? [];
      });
      return [logE(sign, compared)];
    }
    case 'zeroFractionPhi':
      return [zeroFractionDispersion(spreadOf(vector.input))];
    case 'shrunkPhi':
      return [shrunkDispersion(spreadOf(vector.input))];
    case 'designEffect': {
      const { k, D, d, phi } = vector.input;
      return [designEffectOf({ events: k, trials: 1e9, devices: D, devicesWithEvents: d }, phi)];
    }
    case 'rateBounds': {
      const { k, n, alpha } = vector.input;
      return pairOf(rateBounds({ events: k, trials: n }, alpha));
    }
    case 'ratioBounds': {
      const stages = vector.input.strata.map(({ n1, k1, n0, k0 }) => ({
        candidateEvents: k1,
        candidateTrials: n1,
        baselineEvents: k0,
        baselineTrials: n0,
      }));
      return pairOf(ratioBounds(stages, vector.input.alpha));
    }
    case 'combine':
      return [meanEvidence(vector.input.logEs)];
    case 'gates': {
      const { gates, logOdds } = weigh(seriesOfVector(vector.input));
      const limits = gates.flatMap(({ limit }) => limit ?? []);
      return [...limits, ...gates.flatMap(({ baseline }) => baseline ?? []), logOdds];
    }
    case 'decide':
      return [weigh(seriesOfVector(vector.input)).logOdds];
  }
}

function expected(vector: GateVector): readonly (number | null)[] {
  switch (vector.fn) {
    case 'rateBounds':
    case 'ratioBounds':
      return vector.output;
    case 'gates':
      return [...vector.output.logE, vector.output.combined];
    case 'decide':
      return [vector.output.combinedLogE];
    default:
      return [vector.output];
  }
}

function spreadOf({ k, D, d }: { k: number; D: number; d: number }) {
  return { events: k, devices: D, devicesWithEvents: d };
}

function pairOf({ lower, upper }: Bounds): readonly number[] {
  return [lower, upper];
}

function titleOf(vector: GateVector): string {
  const what =
    vector.fn === 'gates' || vector.fn === 'decide'
      ? `${vector.input.name}, level ${vector.input.level}`
      : vector.note;
  return `${vector.id} ${vector.fn} ${what}`;
}

describe('the arithmetic of the gates, held against 60 digits', () => {
  it('has ninety reference values', () => {
    expect(VECTORS).toHaveLength(90);
  });

  it.each(VECTORS.map((vector) => [titleOf(vector), vector] as const))('%s', (_, vector) => {
    const got = computed(vector);
    const wanted = expected(vector);
    expect(got).toHaveLength(wanted.length);
    wanted.forEach((value, index) => {
      const mine = got[index] ?? null;
      if (value === null || mine === null) expect(mine).toBe(value);
      else
        expect(Math.abs(mine - value)).toBeLessThanOrEqual(Number(vector.tol) * Math.max(1, Math.abs(value)));
    });
  });
});

const DECISIONS = VECTORS.filter((vector) => vector.fn === 'decide');

// A plan that is long enough for restart points keeps a quarter of its evidence for them; here none is due.
const WITHOUT_RESTARTS = Math.log(0.75);

describe('the decision of a whole look', () => {
  it('has sixteen reference values', () => {
    expect(DECISIONS).toHaveLength(16);
  });

  it.each(
    DECISIONS.map(
      (vector) => [`${titleOf(vector)} after ${vector.input.elapsedMin} minutes`, vector] as const,
    ),
  )('%s', (_, { input, output, tol }) => {
    const decision = decideVector(input);
    const odds = decision.odds?.logOdds ?? Number.NaN;
    expect(wordFor(decision)).toBe(output.decision);
    expect(Math.abs(odds - (output.combinedLogE + WITHOUT_RESTARTS))).toBeLessThanOrEqual(
      Number(tol) * Math.max(1, Math.abs(output.combinedLogE)),
    );
  });
});
