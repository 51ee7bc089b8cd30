/** An incident of the whole fleet is not the candidate's: as long as it does no worse than what it replaces, it stays. */
import { expect, it } from 'vitest';
import type { HandedOut } from '../../support/model-chronicle.ts';
import { evidenceFor, limitOf, presentAnswer, stageAsked } from '../../support/model-oracle.ts';
import { holdInWorlds } from '../../support/model-property.ts';
import { handedAt, type ModelWorld, writesOf } from '../../support/model-world.ts';
import type { WorldSpec } from '../../support/model-world-spec.ts';
import { EVEN, worlds } from '../../support/model-worlds.ts';

/** Leaves nothing that could end a rollout but its gates, and both versions measured side by side. */
function sideBySide(spec: WorldSpec): WorldSpec {
  const { plan, health, runs } = spec;
  const spells = health.spells.filter(({ kind }) => kind !== 'bare');
  return {
    ...spec,
    plan: { ...plan, onDeadline: 'pause' },
    health: { ...health, baseline: true, harm: null, spells },
    runs: { ...runs, onTimeout: 'pause', onCancel: 'pause' },
  };
}

/** Whether every gate that could condemn the candidate was measured in both versions. */
function isCompared({ spec: { plan } }: ModelWorld, handed: HandedOut | null): boolean {
  const stage = handed === null ? null : stageAsked(plan, handed);
  if (stage === null) return false;
  const limited = stage.gates.filter((gate) => limitOf(gate) !== null);
  return evidenceFor(limited, presentAnswer(handed)).every(
    ({ evidence }) => evidence?.kind === 'counts' && (evidence.baseline?.trials ?? 0) > 0,
  );
}

function breaches(world: ModelWorld): readonly string[] {
  const rollbacks = writesOf(world).flatMap(({ by, method, at, handed, before }) => {
    if (by !== 'us' || method !== 'roll_back' || handed?.at !== at) return [];
    return isCompared(world, handed) ? [`rolled back at ${before?.percentage}%`] : [];
  });
  const stops = world.chronicle.flatMap((entry) => {
    if (entry.kind !== 'ended' || entry.end.kind !== 'concluded') return [];
    const { reason, detail } = entry.end.conclusion;
    const isStopped = reason === 'gate_failed_paused' || reason === 'gate_failed_alert';
    return isStopped && isCompared(world, entry.handed) ? [`${reason}: ${detail}`] : [];
  });
  return [...rollbacks, ...stops];
}

/** Whether both versions were seen beyond a limit while the candidate had less than the whole fleet. */
function isSuffered({ spec: { plan }, chronicle }: ModelWorld): boolean {
  return chronicle.some((entry, index) => {
    const handed = entry.kind === 'evidence' ? handedAt(chronicle, index) : null;
    const stage = handed === null ? null : stageAsked(plan, handed);
    return evidenceFor(stage?.gates ?? [], presentAnswer(handed)).some(({ gate, evidence }) => {
      if (evidence?.kind !== 'counts' || (evidence.baseline?.trials ?? 0) === 0) return false;
      const { events, trials } = evidence.candidate;
      return events > 2 * (limitOf(gate) ?? Number.POSITIVE_INFINITY) * trials;
    });
  });
}

it('a version that does as badly as the one beside it is never condemned, however bad that is', async () => {
  const weights = { ...EVEN, incidents: 100, harm: 0, bare: 0, spells: 15, acts: 15, lowTraffic: 10 };
  let suffered = 0;
  const tally = await holdInWorlds(worlds(weights, sideBySide), { seed: 1_021, numRuns: 500 }, (world) => {
    if (isSuffered(world)) suffered += 1;
    return breaches(world);
  });
  console.log(`incidents: ${tally.line()}; ${suffered} suffered beside a baseline`);
  expect(suffered / tally.worlds()).toBeGreaterThanOrEqual(0.15);
});
