/** INV-1: evidence whose window starts before the stage was entered never passes the stage. */
import { expect, it } from 'vitest';
import type { HandedOut, TrueRollout } from '../../support/model-chronicle.ts';
import { canKnowItsEntry, lastChange } from '../../support/model-memory.ts';
import { blockingGates, decidingEvidence, isFromBefore, stageOf } from '../../support/model-oracle.ts';
import { holdInWorlds } from '../../support/model-property.ts';
import { FATES } from '../../support/model-tally.ts';
import { type ModelWorld, writesOf } from '../../support/model-world.ts';
import { EVEN, worlds } from '../../support/model-worlds.ts';

interface Passing {
  readonly what: string;
  readonly run: number;
  readonly at: number;
  readonly rollout: TrueRollout;
  readonly handed: HandedOut | null;
}

/** Every time the driver treated a stage as passed: a raise beyond the first stage, or a completion. */
function passings(world: ModelWorld): readonly Passing[] {
  const first = world.spec.plan.stages[0].percentage;
  const raises = writesOf(world).flatMap(({ by, run, method, asked, before, at, handed }): Passing[] => {
    if (by !== 'us' || method !== 'set' || before === null) return [];
    if (asked === null || asked <= before.percentage || before.percentage < first) return [];
    return [{ what: `raise to ${asked}%`, run, at, rollout: before, handed }];
  });
  const completions = world.chronicle.flatMap((entry): Passing[] => {
    if (entry.kind !== 'ended' || entry.end.kind !== 'concluded' || entry.ours === null) return [];
    const { at, run, ours: rollout, handed } = entry;
    return entry.end.conclusion.outcome === 'completed'
      ? [{ what: 'completed', run, at, rollout, handed }]
      : [];
  });
  return [...raises, ...completions];
}

function breaches(world: ModelWorld): readonly string[] {
  const { plan } = world.spec;
  return passings(world).flatMap(({ what, run, at, rollout, handed }) => {
    if (!canKnowItsEntry(world, run, lastChange(world, rollout.id, at))) return [];
    const stage = stageOf(plan, rollout.percentage);
    const since = rollout.servingSince + stage.warmupMs;
    const gates = blockingGates(stage);
    const current = handed?.at === at ? handed : null;
    return decidingEvidence(gates, current).flatMap(({ gate, asked, evidence }) => {
      // Without a previous version there is no latency to compare with, and nothing is asked.
      if (evidence === null && gate.kind === 'relative_latency' && asked === null) return [];
      if (evidence === null) return [`${what}: no evidence was handed out for ${gate.name}`];
      return isFromBefore(evidence, since) ? [`${what}: ${gate.name} is from before the stage`] : [];
    });
  });
}

it('INV-1: a stage is passed only on evidence from within the stage and after its warm-up', async () => {
  const weights = { ...EVEN, spells: 60, harm: 35, lowTraffic: 5 };
  const tally = await holdInWorlds(worlds(weights), { seed: 1_001, numRuns: 1_200 }, breaches);
  console.log(`INV-1: ${tally.line()}`);
  for (const fate of FATES) expect(tally.share(fate), fate).toBeGreaterThanOrEqual(0.05);
});
