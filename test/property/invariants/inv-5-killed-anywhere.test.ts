/** INV-5: killed at any call, before or after it took effect, the action converges when it is started again. */
import { expect, it } from 'vitest';
import type { Stage } from '../../../src/core/plan.ts';
import { HOUR_MS, SECOND_MS } from '../../../src/core/units.ts';
import { runCampaign } from '../../support/model-campaign.ts';
import type { RunEnd } from '../../support/model-chronicle.ts';
import { holdInWorlds } from '../../support/model-property.ts';
import { endsOf, FATES } from '../../support/model-tally.ts';
import { type ModelWorld, writesOf } from '../../support/model-world.ts';
import type { WorldSpec } from '../../support/model-world-spec.ts';
import { EVEN, worlds } from '../../support/model-worlds.ts';

/** Leaves the kills as the only trouble beside the candidate's own health, and time enough to start again. */
function killedOnly(spec: WorldSpec): WorldSpec {
  const { plan, server, health, runs } = spec;
  const [first, ...rest] = plan.stages;
  const patient = (stage: Stage): Stage => ({ ...stage, maxWaitMs: stage.maxWaitMs + 12 * HOUR_MS });
  return {
    ...spec,
    plan: {
      ...plan,
      onSuperseded: 'refuse',
      stages: [patient(first), ...rest.map(patient)],
      deadlineMs: plan.deadlineMs + 96 * HOUR_MS,
    },
    server: {
      ...server,
      refusesZero: false,
      rollback: { ...server.rollback, refusals: 0 },
    },
    health: { ...health, harm: health.harm === null ? null : { ...health.harm, fromMs: 0 }, spells: [] },
    runs: { ...runs, timeoutMs: 30 * HOUR_MS, cancelAtMs: null, restarts: 2, restartAfterMs: SECOND_MS },
  };
}

function secondRollouts(world: ModelWorld): readonly string[] {
  return writesOf(world)
    .filter((write) => write.by === 'us' && write.method === 'create' && write.oursInForce)
    .map(() => 'asked for a second rollout of the version');
}

/** What a run can say for good; `null` when it has to be started again. */
function lastWord(end: RunEnd | undefined): string | null {
  if (end?.kind === 'refused') return end.reason;
  if (end?.kind !== 'concluded') return null;
  return ['timed_out', 'cancelled', 'error'].includes(end.conclusion.outcome) ? null : end.conclusion.outcome;
}

/** Without creation times and without a tag of ours to read, nobody can say what came before what (INV-8). */
function isInDoubt(world: ModelWorld, word: string | null): boolean {
  const { server, plan } = world.spec;
  const { kept, reasons } = server.history;
  const tagged = writesOf(world).some(
    ({ by, method, committed }) => by === 'us' && method === 'set' && committed,
  );
  if (server.tellsCreatedAt || (kept && reasons && tagged)) return false;
  return word === 'another_version' || (word === 'previous_version_missing' && plan.rollback.to === null);
}

async function breaches(world: ModelWorld): Promise<readonly string[]> {
  const last = world.chronicle.findLast((entry) => entry.kind === 'ended');
  const word = lastWord(endsOf(world).at(-1));
  if (isInDoubt(world, word)) return secondRollouts(world);
  const twin = await runCampaign({ ...world.spec, runs: { ...world.spec.runs, kills: [] } });
  const undisturbed = endsOf(twin)[0];
  const expected = lastWord(undisturbed);
  const harmed = undisturbed?.kind === 'concluded' && undisturbed.conclusion.reason.startsWith('gate_failed');
  // A rollback that was cut off leaves the candidate paused, and so it stays until a person decides.
  const status = last?.kind === 'ended' ? last.ours?.status : undefined;
  const isSettled = word !== null || expected === null || (status !== 'active' && status !== 'pending');
  return [
    ...secondRollouts(world),
    ...(isSettled ? [] : ['still not settled after two more runs']),
    ...(expected === 'completed' && word !== 'completed'
      ? [`completed without a kill, with it: ${word}`]
      : []),
    ...(expected?.startsWith('roll') && harmed && !isRolledBack(world) ? ['harm was not rolled back'] : []),
  ];
}

/** A run that finds the work of a killed one done refuses to begin again. */
function isRolledBack(world: ModelWorld): boolean {
  return writesOf(world).some(
    (write) => write.by === 'us' && write.method === 'roll_back' && write.committed,
  );
}

it('INV-5: after a kill at any call the next runs converge on what an undisturbed run does', async () => {
  const weights = { ...EVEN, kills: 95, harm: 45, lowTraffic: 25, acts: 0, faults: 0, outages: 0, past: 10 };
  const tally = await holdInWorlds(worlds(weights, killedOnly), { seed: 1_005, numRuns: 600 }, breaches);
  console.log(`INV-5: ${tally.line()}`);
  for (const fate of FATES) expect(tally.share(fate), fate).toBeGreaterThanOrEqual(0.05);
});
