/** Arbitrary modelled servers: what they tell, how they roll back, and what was rolled out before. */
import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS } from '../../src/core/units.ts';
import { mostly, sometimes } from './arbitrary-odds.ts';
import { CANDIDATE } from './model-plans.ts';
import type { PastRollout, ServerSpec } from './model-world-spec.ts';

const pastRollouts: fc.Arbitrary<readonly PastRollout[]> = fc
  .array(
    fc.record({
      version: fc.constantFrom('1.0.0', '1.3.0', '1.4.0', '1.9.0', CANDIDATE),
      status: fc.constantFrom('completed', 'completed', 'rolled_back', 'cancelled', 'paused'),
      ageMs: fc.integer({ min: 1, max: 400 }).map((hours) => hours * HOUR_MS),
      group: fc.constantFrom('plan', 'plan', 'plan', 'other', 'fleet'),
    }),
    { maxLength: 5 },
  )
  // An unfinished rollout of another version, or any finished one of ours, would only be refused at once.
  .map((all) =>
    all
      .filter(({ version, status }) => (version === CANDIDATE ? status !== 'paused' : true))
      .filter(({ version, status }) => version !== CANDIDATE || status !== 'completed'),
  );

const ONE_PAST: readonly PastRollout[] = [
  { version: '1.3.0', status: 'completed', ageMs: 240 * HOUR_MS, group: 'plan' },
];

/** Returns servers; of a hundred, `past` have more behind them than one completed rollout. */
export function servers({ past }: { readonly past: number }): fc.Arbitrary<ServerSpec> {
  return fc.record({
    createsAs: mostly('active', 'pending'),
    completesAtTarget: fc.boolean(),
    tellsCreatedAt: mostly(true, false),
    tellsGroup: fc.boolean(),
    honoursGroup: mostly(true, false),
    history: fc.record({
      kept: mostly(true, false),
      reasons: mostly(true, false),
      times: mostly(true, false),
      percentages: mostly(true, false),
    }),
    countsDevices: fc.boolean(),
    refusesZero: mostly(false, true),
    refusesWhenNotActive: fc.boolean(),
    policyCeiling: sometimes(5, fc.constantFrom(10, 50), null),
    deletionLeavesTrace: fc.boolean(),
    rollback: fc.record({
      via: fc.constantFrom('endpoint', 'rollout'),
      refusals: sometimes(20, fc.constantFrom(1, 2, 1000), 0),
      revertMs: fc.constantFrom(0, 2 * MINUTE_MS, 10 * MINUTE_MS),
      stuckRatio: mostly(0, 0.3),
      showsRestoring: fc.boolean(),
      settleMs: fc.constantFrom(0, MINUTE_MS, 10 * MINUTE_MS),
    }),
    fleetDevices: fc.constantFrom(100, 400, 5000),
    adoptionRatio: mostly(1, 0.5),
    syncMs: fc.constantFrom(0, 5 * MINUTE_MS),
    skewMs: mostly(0, 7 * MINUTE_MS),
    past: sometimes(past, pastRollouts, ONE_PAST),
  });
}
