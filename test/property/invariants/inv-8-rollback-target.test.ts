/** INV-8: a rollback restores the version that was given, recorded, or completed last before ours, and never a guess. */
import { expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/units.ts';
import type { WriteEntry } from '../../support/model-chronicle.ts';
import { holdInWorlds } from '../../support/model-property.ts';
import { FATES } from '../../support/model-tally.ts';
import { type ModelWorld, writesOf } from '../../support/model-world.ts';
import type { WorldSpec } from '../../support/model-world-spec.ts';
import { EVEN, worlds } from '../../support/model-worlds.ts';

function breaches(world: ModelWorld): readonly string[] {
  const { plan } = world.spec;
  const needsTarget = plan.onFail === 'rollback' || plan.onDeadline === 'rollback';
  return writesOf(world).flatMap((write) => {
    if (write.by !== 'us' || write.version !== plan.version) return [];
    if (write.method === 'create' && needsTarget && world.rightTarget === null) {
      return ['created without a version to return to'];
    }
    const right = completedSince(world, write) ?? world.rightTarget;
    if (write.method !== 'roll_back' || write.toVersion === right) return [];
    // After a rival was taken back, the fleet runs what the rival had replaced.
    if (hasReplaced(world) && hasServed(world, write.toVersion)) return [];
    return [`rolled back to ${write.toVersion}; right is ${right ?? 'nothing'}`];
  });
}

/** A version that somebody completed after the world began is the right one for what we create after that. */
function completedSince(world: ModelWorld, { before }: WriteEntry): string | null {
  if (before === null || world.spec.plan.rollback.to !== null) return null;
  const completed = writesOf(world).findLast(
    ({ by, method, after, at }) =>
      by === 'human' && method === 'create' && after?.status === 'completed' && at < before.createdAt,
  );
  return completed?.version ?? null;
}

function hasReplaced({ chronicle }: ModelWorld): boolean {
  return chronicle.some((entry) => entry.kind === 'began' && entry.how === 'replace');
}

function hasServed({ spec }: ModelWorld, version: string | null): boolean {
  return spec.server.past.some((each) => each.version === version && each.status === 'completed');
}

/** Now and then another version is completed between a kill and the next run, and no tag says what was before. */
function overtakenInBetween(spec: WorldSpec): WorldSpec {
  const { acts, runs, server } = spec;
  if (runs.kills.length === 0 || acts.length > 0 || runs.jitter !== 0) return spec;
  const kill = { call: 5, when: 'after' } as const;
  const done = {
    kind: 'start_rival',
    ours: 'kept',
    completes: true,
    reason: null,
    atMs: 5 * MINUTE_MS,
  } as const;
  return {
    ...spec,
    acts: [done],
    server: { ...server, history: { ...server.history, reasons: false } },
    runs: { ...runs, kills: [kill], restartAfterMs: HOUR_MS, restarts: 2 },
  };
}

it('INV-8: whatever was rolled out before and however often we begin again, the target is the right one', async () => {
  const weights = { ...EVEN, harm: 80, past: 85, kills: 35, acts: 20, spells: 45, lowTraffic: 15 };
  const tally = await holdInWorlds(
    worlds(weights, overtakenInBetween),
    { seed: 1_008, numRuns: 1_500 },
    breaches,
  );
  console.log(`INV-8: ${tally.line()}`);
  for (const fate of FATES) expect(tally.share(fate), fate).toBeGreaterThanOrEqual(0.05);
});
