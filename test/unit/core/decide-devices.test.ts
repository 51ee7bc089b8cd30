import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../src/core/evidence.ts';
import type { Severity } from '../../../src/core/plan.ts';
import type { ReasonCode } from '../../../src/core/reason-codes.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/units.ts';
import {
  aDeviceCount,
  anAdoptionGate,
  aReading,
  aStage,
  countsOf,
  evidenceOf,
  stagesOf,
  T0,
} from '../../support/core-builders.ts';
import { type Essence, essenceOf, type Situation } from '../../support/situations.ts';

const AFTER_SOAK = 20 * MINUTE_MS;
interface Row {
  readonly fact: string;
  readonly situation: Situation;
  readonly gives: ReasonCode;
  readonly until: number;
  readonly says?: string;
}

function adoption(onVersion: number, severity: Severity = 'hold', trials = 100): Reading {
  const window = { from: T0, to: T0 + AFTER_SOAK };
  const evidence = evidenceOf(countsOf(onVersion, trials), window);
  return aReading({ gate: anAdoptionGate({ severity }), asked: window, evidence });
}

const FEW: Situation['plan'] = { stages: [aStage({ minDevices: 40 }), ...stagesOf(100)] };

const DEVICES: readonly Row[] = [
  {
    fact: 'low adoption has its own name',
    situation: { afterMs: AFTER_SOAK, readings: [adoption(89)] },
    gives: 'adoption_low',
    until: 21 * MINUTE_MS,
    says: 'adoption 89% (89 of 100 reachable devices), at least 90%',
  },
  {
    fact: 'too few devices by the adoption gate',
    situation: { afterMs: AFTER_SOAK, plan: FEW, readings: [adoption(39, 'hold', 39)] },
    gives: 'min_devices_missing',
    until: 21 * MINUTE_MS,
    says: '39 of at least 40 devices',
  },
  {
    fact: "too few devices by the rollout's own count",
    situation: { afterMs: AFTER_SOAK, plan: FEW, look: { devices: aDeviceCount({ onVersion: 12 }) } },
    gives: 'min_devices_missing',
    until: 21 * MINUTE_MS,
    says: '12 of at least 40 devices',
  },
  {
    fact: 'the adoption gate is believed before the count',
    situation: {
      afterMs: AFTER_SOAK,
      plan: FEW,
      readings: [adoption(39, 'hold', 39)],
      look: { devices: aDeviceCount() },
    },
    gives: 'min_devices_missing',
    until: 21 * MINUTE_MS,
    says: '39 of at least 40 devices',
  },
  {
    fact: 'impossible adoption is not believed, the count is',
    situation: {
      afterMs: AFTER_SOAK,
      plan: FEW,
      readings: [adoption(Number.NaN, 'warn')],
      look: { devices: aDeviceCount({ onVersion: 12 }) },
    },
    gives: 'min_devices_missing',
    until: 21 * MINUTE_MS,
    says: '12 of at least 40 devices',
  },
];

describe('devices hold a stage', () => {
  it.each(DEVICES)('$fact', ({ situation, gives, until, says = null }) => {
    const command = { kind: 'wait', until: T0 + until } as const;
    expect(essenceOf(situation)).toEqual({ command, reason: gives, detail: says } satisfies Essence);
  });
});

describe('nothing holds a stage', () => {
  it.each<{ fact: string; situation: Situation }>([
    { fact: 'without a gate', situation: { afterMs: AFTER_SOAK, gates: [] } },
    { fact: 'at the very end of its soak', situation: { afterMs: 15 * MINUTE_MS } },
    {
      fact: 'whose only trouble is a warning',
      situation: {
        afterMs: HOUR_MS,
        gates: [
          ['fail', 'warn'],
          ['error', 'warn'],
          ['no_data', 'warn'],
          ['inconclusive', 'warn'],
        ],
      },
    },
    {
      fact: 'whose low adoption is a warning',
      situation: { afterMs: AFTER_SOAK, readings: [adoption(50, 'warn')] },
    },
    {
      fact: 'with just as many devices as it asks for',
      situation: { afterMs: AFTER_SOAK, plan: FEW, readings: [adoption(40, 'hold', 40)] },
    },
    {
      fact: 'whose devices cannot be counted',
      situation: { afterMs: AFTER_SOAK, plan: FEW, look: { devices: aDeviceCount({ onVersion: null }) } },
    },
    {
      fact: 'at 0%, where no device runs the candidate',
      situation: {
        afterMs: AFTER_SOAK,
        plan: { stages: [aStage({ percentage: 0, gates: [], minDevices: 40 }), ...stagesOf(100)] },
        state: { percentage: 0 },
        gates: [],
        look: { devices: aDeviceCount({ onVersion: 0 }) },
      },
    },
  ])('$fact', ({ situation }) => {
    expect(essenceOf(situation).reason).toBe('stage_passed');
  });
});
