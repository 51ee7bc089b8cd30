/** INV-7: `completed` and `rolled_back` are said only of what truly is; a rollback that failed is called that. */
import { expect, it } from 'vitest';
import type { ChronicleEntry } from '../../support/model-chronicle.ts';
import { evidenceFor, presentAnswer } from '../../support/model-oracle.ts';
import { holdInWorlds } from '../../support/model-property.ts';
import { FATES } from '../../support/model-tally.ts';
import { type ModelWorld, writesOf } from '../../support/model-world.ts';
import type { WorldSpec } from '../../support/model-world-spec.ts';
import { EVEN, worlds } from '../../support/model-worlds.ts';

type Ended = Extract<ChronicleEntry, { kind: 'ended' }>;

function breaches(world: ModelWorld): readonly string[] {
  return world.chronicle.flatMap((entry) => {
    if (entry.kind !== 'ended' || entry.end.kind !== 'concluded') return [];
    const { outcome, reason } = entry.end.conclusion;
    if (outcome === 'completed') return falseCompletion(world, entry, reason);
    if (outcome === 'rolled_back') return falseRollback(world, entry, reason);
    return untoldFailure(world, entry, outcome);
  });
}

function falseCompletion(
  { spec }: ModelWorld,
  { ours, handed, at }: Ended,
  reason: string,
): readonly string[] {
  const target = spec.plan.stages.at(-1);
  if (ours === null || target === undefined) return ['completed, but there is no rollout of ours'];
  const adoption = target.gates.filter((gate) => gate.kind === 'adoption');
  const counted = evidenceFor(adoption, presentAnswer(handed)).some(
    ({ evidence }) => evidence?.kind === 'counts' && evidence.candidate.trials > 0,
  );
  return [
    ...(ours.status === 'active' || ours.status === 'completed'
      ? []
      : [`completed, but it is ${ours.status}`]),
    ...(ours.percentage >= target.percentage ? [] : [`completed at ${ours.percentage}%`]),
    ...(ours.group === spec.plan.group ? [] : [`completed for group ${ours.group ?? 'of all devices'}`]),
    ...(at >= ours.servingSince + target.soakMs ? [] : ['completed before the bake was over']),
    ...(reason === 'completed' && !counted
      ? ['completed without counting devices and without saying so']
      : []),
  ];
}

function falseRollback(world: ModelWorld, { restoredRatio, run }: Ended, reason: string): readonly string[] {
  const { plan } = world.spec;
  const isRestored = restoredRatio >= plan.rollback.confirmRatio - 1e-9;
  const unconfirmed = reason.endsWith('_unconfirmed_devices');
  const done = writesOf(world).some((write) => write.method === 'roll_back' && write.committed);
  return [
    ...(done ? [] : ['rolled_back, but nobody rolled back']),
    ...(unconfirmed || isRestored ? [] : [`rolled_back with ${restoredRatio} of the devices restored`]),
    ...(isCountable(world, run) && !isRestored
      ? [`rolled_back with ${restoredRatio} restored, which the API could have told`]
      : []),
  ];
}

/**
 * Devices are counted through the rollout that restores: the one that the answer to our request names or,
 * where that answer was lost, one that the API lists with its creation time.
 */
function isCountable(world: ModelWorld, run: number): boolean {
  const { countsDevices, tellsCreatedAt, rollback } = world.spec.server;
  const first = writesOf(world).find((each) => each.method === 'roll_back' && each.committed);
  const isOurs = first?.by === 'us' && first.run === run;
  const isNamed = tellsCreatedAt || !world.spec.faults.some(({ kind }) => kind === 'lost_after');
  return countsDevices && isOurs && isNamed && (rollback.via === 'rollout' || rollback.showsRestoring);
}

function untoldFailure(world: ModelWorld, { run, ours }: Ended, outcome: string): readonly string[] {
  const asked = writesOf(world).filter(
    ({ by, method, run: asker, version }) =>
      by === 'us' && method === 'roll_back' && asker === run && version === world.spec.plan.version,
  );
  const failed = asked.length > 0 && !asked.some((write) => write.committed);
  const isOver = ours === null || ['rolled_back', 'rolling_back', 'cancelled'].includes(ours.status);
  const told = ['rollback_failed', 'timed_out', 'cancelled'].includes(outcome);
  if (failed && !isOver && !told) return [`the rollback was never accepted and the run says ${outcome}`];
  return outcome === 'rolling_back' && failed ? ['rolling_back, but nothing was accepted'] : [];
}

/** Where calls fail at all, they fail again and again: also while devices are counted. */
function failingOnAndOn(spec: WorldSpec): WorldSpec {
  const again = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const faults = spec.faults.flatMap((fault) => again.map((n) => ({ ...fault, call: fault.call + 11 * n })));
  return { ...spec, faults };
}

it('INV-7: the outcome says no more than what is true on the server and on the devices', async () => {
  const weights = { ...EVEN, harm: 60, acts: 30, faults: 35, lowTraffic: 5, spells: 25, past: 10 };
  const tally = await holdInWorlds(worlds(weights, failingOnAndOn), { seed: 1_007, numRuns: 900 }, breaches);
  console.log(`INV-7: ${tally.line()}`);
  for (const fate of FATES) expect(tally.share(fate), fate).toBeGreaterThanOrEqual(0.05);
});
