/** INV-4: the percentage never goes down but by a rollback, never beyond what the plan allows now, and skips no stage. */
import { expect, it } from 'vitest';
import type { WriteEntry } from '../../support/model-chronicle.ts';
import { canKnowItsEntry, lastChange } from '../../support/model-memory.ts';
import { stageOf } from '../../support/model-oracle.ts';
import { objectionsToLeavingEarly } from '../../support/model-passing.ts';
import { holdInWorlds } from '../../support/model-property.ts';
import { FATES } from '../../support/model-tally.ts';
import { type ModelWorld, writesOf } from '../../support/model-world.ts';
import { EVEN, worlds } from '../../support/model-worlds.ts';

function breaches(world: ModelWorld): readonly string[] {
  const { plan } = world.spec;
  return writesOf(world).flatMap((write) => {
    if (write.by !== 'us' || write.version !== plan.version || write.asked === null) return [];
    if (write.method === 'create') return objectionsToCreation(world, write);
    return write.before === null ? [] : objectionsToChange(world, write);
  });
}

function objectionsToCreation({ spec: { plan } }: ModelWorld, { asked }: WriteEntry): readonly string[] {
  return asked === plan.stages[0].percentage ? [] : [`created at ${asked}%`];
}

function objectionsToChange(world: ModelWorld, write: WriteEntry): readonly string[] {
  const { plan } = world.spec;
  const { before, asked, at, run, handed } = write;
  if (before === null || asked === null || asked === before.percentage) return [];
  const change = `${before.percentage}% → ${asked}%`;
  if (asked < before.percentage) return [`${change}: lowered without a rollback`];
  const next = plan.stages.find((stage) => stage.percentage > before.percentage);
  if (asked !== next?.percentage) return [`${change}: the next stage is ${next?.percentage ?? 'none'}%`];
  if (before.percentage < plan.stages[0].percentage) return [];
  if (!canKnowItsEntry(world, run, lastChange(world, before.id, at))) return [];
  const { soakMs, warmupMs } = stageOf(plan, before.percentage);
  const servedMs = at - before.servingSince;
  const leastMs = Math.max(soakMs / 2, warmupMs);
  if (servedMs < leastMs) return [`${change}: after ${servedMs} ms of at least ${leastMs} ms`];
  if (servedMs >= soakMs) return [];
  const passing = { plan, rollout: before, handed, now: at, next: asked };
  return objectionsToLeavingEarly(passing).map((why) => `${change} after ${servedMs} ms: ${why}`);
}

/** Raises before the end of a soak. */
function earlyRaises(world: ModelWorld): number {
  return writesOf(world).filter(({ by, method, asked, before, at }) => {
    if (by !== 'us' || method !== 'set' || before === null || (asked ?? 0) <= before.percentage) return false;
    return at < before.servingSince + stageOf(world.spec.plan, before.percentage).soakMs;
  }).length;
}

it('INV-4: each stage is entered from the one before, after its time, and only a rollback goes back', async () => {
  const weights = { ...EVEN, acts: 75, faults: 35, harm: 35, lowTraffic: 5, shortJobs: 35, past: 10 };
  let early = 0;
  const tally = await holdInWorlds(worlds(weights), { seed: 1_004, numRuns: 1_400 }, (world) => {
    early += earlyRaises(world);
    return breaches(world);
  });
  console.log(`INV-4: ${tally.line()}; ${early} raises before the end of the soak`);
  expect(early / tally.worlds()).toBeGreaterThanOrEqual(0.05);
  for (const fate of FATES) expect(tally.share(fate), fate).toBeGreaterThanOrEqual(0.05);
});
