/** Looking often is no evidence: a steady stream at half of every limit never counts against the candidate. */
import { expect, it } from 'vitest';
import type { Moment } from '../../support/model-campaign.ts';
import { holdInWorlds } from '../../support/model-property.ts';
import { endsOf } from '../../support/model-tally.ts';
import { type ModelWorld, writesOf } from '../../support/model-world.ts';
import type { WorldSpec } from '../../support/model-world-spec.ts';
import { EVEN, worlds } from '../../support/model-worlds.ts';

// Odds of 1:1, but for the rounding of sums of doubles.
const EVEN_LOG_ODDS = 1e-9;

/** Leaves a candidate that always does the same, whatever else happens to the run. */
function steady(spec: WorldSpec): WorldSpec {
  const { plan, health, runs } = spec;
  return {
    ...spec,
    plan: { ...plan, onDeadline: 'pause' },
    health: { ...health, cleanPart: 0.5, harm: null, incident: null, spells: [] },
    runs: { ...runs, onTimeout: 'pause', onCancel: 'pause' },
  };
}

function breaches(world: ModelWorld): readonly string[] {
  const rollbacks = writesOf(world).filter(({ by, method }) => by === 'us' && method === 'roll_back');
  const condemned = endsOf(world).flatMap((end) =>
    end.kind === 'concluded' && end.conclusion.reason.startsWith('gate_failed') ? [end.conclusion] : [],
  );
  return [
    ...rollbacks.map(({ before }) => `rolled back at ${before?.percentage}%`),
    ...condemned.map(({ reason, detail }) => `${reason}: ${detail}`),
  ];
}

it('a candidate at half of every limit is never rolled back, and the odds of harm never exceed 1:1', async () => {
  const weights = { ...EVEN, harm: 0, incidents: 0, spells: 0, acts: 10, bare: 3, kills: 10, past: 10 };
  let worst: { readonly logOdds: number; readonly detail: string } = { logOdds: 0, detail: '' };
  let restarted = 0;
  let completed = 0;
  const witness = (_: ModelWorld, { decision, look }: Moment): void => {
    if (look.readings.some(({ restarts }) => restarts.length > 0)) restarted += 1;
    const { odds } = decision;
    const logOdds = Math.max(odds?.logOdds ?? 0, odds?.logOddsUnblamed ?? 0);
    if (logOdds > worst.logOdds) worst = { logOdds, detail: JSON.stringify(look) };
  };
  const tally = await holdInWorlds(
    worlds(weights, steady),
    { seed: 1_022, numRuns: 350, witness },
    (world) => {
      if (endsOf(world).some((end) => end.kind === 'concluded' && end.conclusion.outcome === 'completed')) {
        completed += 1;
      }
      const { logOdds, detail } = worst;
      worst = { logOdds: 0, detail: '' };
      const isUnfounded = logOdds > EVEN_LOG_ODDS;
      return [...breaches(world), ...(isUnfounded ? [`odds of ${Math.exp(logOdds)}:1 at ${detail}`] : [])];
    },
  );
  console.log(`healthy streams: ${tally.line()}; ${completed} completed, ${restarted} looks with restarts`);
  expect(completed / tally.worlds()).toBeGreaterThanOrEqual(0.3);
  expect(restarted / tally.worlds()).toBeGreaterThanOrEqual(1);
});
