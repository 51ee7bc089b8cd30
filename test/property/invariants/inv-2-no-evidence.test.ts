/** INV-2: no evidence is never a pass, and neither silence nor a broken source ever rolls back by itself. */
import { expect, it } from 'vitest';
import type { WriteEntry } from '../../support/model-chronicle.ts';
import { mayBeHarm, stageAsked, stageOf } from '../../support/model-oracle.ts';
import { objectionsToStage } from '../../support/model-passing.ts';
import { holdInWorlds } from '../../support/model-property.ts';
import { FATES } from '../../support/model-tally.ts';
import { type ModelWorld, writesOf } from '../../support/model-world.ts';
import { WORLD_START } from '../../support/model-world-spec.ts';
import { EVEN, worlds } from '../../support/model-worlds.ts';

function unfoundedPasses(world: ModelWorld): readonly string[] {
  const { plan } = world.spec;
  const raises = writesOf(world).flatMap(({ by, method, asked, before, at, handed }) => {
    if (by !== 'us' || method !== 'set' || before === null || asked === null) return [];
    if (asked <= before.percentage || before.percentage < plan.stages[0].percentage) return [];
    const passing = { plan, rollout: before, handed, now: at, next: asked };
    return objectionsToStage(passing).map((why) => `raise to ${asked}%: ${why}`);
  });
  const completions = world.chronicle.flatMap((entry) => {
    if (entry.kind !== 'ended' || entry.end.kind !== 'concluded' || entry.ours === null) return [];
    if (entry.end.conclusion.outcome !== 'completed') return [];
    const { ours, handed, at: now } = entry;
    const passing = { plan, rollout: ours, handed, now, next: ours.percentage };
    return objectionsToStage(passing).map((why) => `completed: ${why}`);
  });
  return [...raises, ...completions];
}

/** The first request of each rollback of ours; asking again needs no new reason. */
function unfoundedRollbacks(world: ModelWorld): readonly string[] {
  const asked = new Set<number>();
  return writesOf(world).flatMap((write) => {
    if (write.by !== 'us' || write.method !== 'roll_back' || write.version !== world.spec.plan.version)
      return [];
    if (asked.has(write.run)) return [];
    asked.add(write.run);
    return isFounded(world, write) ? [] : [`rolled back without harm, deadline or the end of the job`];
  });
}

function isFounded(world: ModelWorld, { handed, at, before, run }: WriteEntry): boolean {
  const { plan, runs, server } = world.spec;
  const stage = handed?.at === at ? stageAsked(plan, handed) : null;
  const { designEffect } = plan;
  if (handed !== null && stage !== null && mayBeHarm(handed, stage, { now: at, designEffect })) return true;
  const localAt = at - server.skewMs;
  const began = world.chronicle.find((entry) => entry.kind === 'began' && entry.run === run);
  const isTimeOver = began !== undefined && at >= began.at + runs.timeoutMs;
  if (isTimeOver && runs.onTimeout === 'rollback') return true;
  const isCancelled = runs.cancelAtMs !== null && run === 0 && localAt >= WORLD_START + runs.cancelAtMs;
  if (isCancelled && runs.onCancel === 'rollback') return true;
  if (plan.onDeadline !== 'rollback' || before === null) return false;
  const { soakMs, maxWaitMs } = stageOf(plan, before.percentage);
  return at > before.createdAt + plan.deadlineMs || at > before.servingSince + soakMs + maxWaitMs;
}

/** Raises out of stages that only proof may end. */
function provenPasses(world: ModelWorld): number {
  return writesOf(world).filter(({ by, method, asked, before }) => {
    if (by !== 'us' || method !== 'set' || before === null || (asked ?? 0) <= before.percentage) return false;
    return stageOf(world.spec.plan, before.percentage).passWhen === 'proven';
  }).length;
}

it('INV-2: without recent, possible, measured evidence nothing passes and nothing is rolled back', async () => {
  const weights = { ...EVEN, spells: 80, lowTraffic: 30, harm: 25, incidents: 40 };
  let proven = 0;
  const tally = await holdInWorlds(worlds(weights), { seed: 1_002, numRuns: 1_200 }, (world) => {
    proven += provenPasses(world);
    return [...unfoundedPasses(world), ...unfoundedRollbacks(world)];
  });
  console.log(`INV-2: ${tally.line()}; ${proven} stages passed that had to be proven`);
  expect(proven / tally.worlds()).toBeGreaterThanOrEqual(0.05);
  for (const fate of FATES) expect(tally.share(fate), fate).toBeGreaterThanOrEqual(0.05);
});
