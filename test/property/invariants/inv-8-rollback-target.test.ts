/** INV-8: a rollback restores the version that was given, recorded, or completed last before ours, and never a guess. */
import { expect, it } from 'vitest';
import { holdInWorlds } from '../../support/model-property.ts';
import { FATES } from '../../support/model-tally.ts';
import { type ModelWorld, writesOf } from '../../support/model-world.ts';
import { EVEN, worlds } from '../../support/model-worlds.ts';

function breaches(world: ModelWorld): readonly string[] {
  const { plan } = world.spec;
  const needsTarget = plan.onFail === 'rollback' || plan.onDeadline === 'rollback';
  return writesOf(world).flatMap((write) => {
    if (write.by !== 'us' || write.version !== plan.version) return [];
    if (write.method === 'create' && needsTarget && world.rightTarget === null) {
      return ['created without a version to return to'];
    }
    if (write.method !== 'roll_back' || write.toVersion === world.rightTarget) return [];
    // After a rival was taken back, the fleet runs what the rival had replaced.
    if (hasReplaced(world) && hasServed(world, write.toVersion)) return [];
    return [`rolled back to ${write.toVersion}; right is ${world.rightTarget ?? 'nothing'}`];
  });
}

function hasReplaced({ chronicle }: ModelWorld): boolean {
  return chronicle.some((entry) => entry.kind === 'began' && entry.how === 'replace');
}

function hasServed({ spec }: ModelWorld, version: string | null): boolean {
  return spec.server.past.some((each) => each.version === version && each.status === 'completed');
}

it('INV-8: whatever was rolled out before and however often we begin again, the target is the right one', async () => {
  const weights = { ...EVEN, harm: 80, past: 85, kills: 35, acts: 20, spells: 45, lowTraffic: 15 };
  const tally = await holdInWorlds(worlds(weights), { seed: 1_008, numRuns: 2_500 }, breaches);
  console.log(`INV-8: ${tally.line()}`);
  for (const fate of FATES) expect(tally.share(fate), fate).toBeGreaterThanOrEqual(0.05);
});
