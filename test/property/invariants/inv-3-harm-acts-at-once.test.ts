/** INV-3: the look at which harm is proven is the look that acts: before any timer, pause, window or deadline. */
import { expect, it } from 'vitest';
import { MINUTE_MS } from '../../../src/core/units.ts';
import type { ChronicleEntry, TrueRollout } from '../../support/model-chronicle.ts';
import { evidenceFor, provesHarm } from '../../support/model-oracle.ts';
import { holdInWorlds } from '../../support/model-property.ts';
import { FATES } from '../../support/model-tally.ts';
import type { ModelWorld } from '../../support/model-world.ts';
import type { WorldSpec } from '../../support/model-world-spec.ts';
import { EVEN, worlds } from '../../support/model-worlds.ts';

type EvidenceEntry = Extract<ChronicleEntry, { kind: 'evidence' }>;
type ProvenHarm = EvidenceEntry & { readonly ours: TrueRollout };

const OVER: readonly TrueRollout['status'][] = ['rolling_back', 'rolled_back', 'cancelled', 'failed'];

/** Looks at which the driver was handed harm beyond doubt about a rollout that was in force. */
function proofs(world: ModelWorld): readonly { readonly proof: ProvenHarm; readonly index: number }[] {
  const { plan } = world.spec;
  return world.chronicle.flatMap((entry, index) => {
    if (entry.kind !== 'evidence' || entry.query.version !== plan.version) return [];
    const { ours } = entry;
    if (ours === null || ours.id !== entry.query.rolloutId || OVER.includes(ours.status)) return [];
    // The gates of a query are those of the stage in which the driver looked.
    const stage = plan.stages.find(({ gates }) => gates === entry.query.gates);
    const proven =
      stage !== undefined &&
      evidenceFor(stage.gates, entry).some((each) => provesHarm(each, stage, entry.at));
    return proven ? [{ proof: { ...entry, ours }, index }] : [];
  });
}

function breaches(world: ModelWorld): readonly string[] {
  return proofs(world).flatMap(({ proof, index }) => {
    const next = world.chronicle.slice(index + 1).find((each) => each.run === proof.run && isOurDeed(each));
    return next === undefined || acts(world, next)
      ? []
      : [`harm was proven at ${proof.ours.percentage}% (${proof.ours.status}) and then: ${next.kind}`];
  });
}

/** Looking again is no deed; sleeping is. */
function isOurDeed(entry: ChronicleEntry): boolean {
  return entry.kind === 'write' ? entry.by === 'us' : entry.kind !== 'read';
}

function acts({ spec: { plan }, rightTarget }: ModelWorld, next: ChronicleEntry): boolean {
  if (next.kind === 'ended' && next.end.kind === 'killed') return true;
  if (plan.onFail === 'alert') {
    return next.kind === 'ended' && next.end.kind === 'concluded' && next.end.conclusion.outcome === 'held';
  }
  if (next.kind !== 'write') return false;
  const isPause =
    next.method === 'pause' || (next.method === 'set' && next.asked === next.before?.percentage);
  if (plan.onFail === 'pause' || rightTarget === null) return isPause;
  return next.method === 'roll_back';
}

const HARD_PLACES = {
  'while somebody had paused it': (_: ModelWorld, { ours }: ProvenHarm) => ours.pausedBy?.who === 'human',
  'during warm-up': ({ spec }: ModelWorld, { ours, query, at }: ProvenHarm) =>
    spec.plan.stages.some((stage) => stage.gates === query.gates && at < ours.servingSince + stage.warmupMs),
  'before the soak was over': ({ spec }: ModelWorld, { ours, query, at }: ProvenHarm) =>
    spec.plan.stages.some((stage) => stage.gates === query.gates && at < ours.servingSince + stage.soakMs),
  'during the bake': ({ spec }: ModelWorld, { query }: ProvenHarm) =>
    spec.plan.stages.at(-1)?.gates === query.gates,
  'after the server called it completed': (_: ModelWorld, { ours }: ProvenHarm) =>
    ours.status === 'completed',
};

/** Where somebody pauses first, the harm begins only then. */
function harmfulOncePaused(spec: WorldSpec): WorldSpec {
  const first = spec.acts.toSorted((a, b) => a.atMs - b.atMs)[0];
  if (first?.kind !== 'pause') return spec;
  const harm = { fromMs: first.atMs + MINUTE_MS, fromPercentage: 0 };
  return { ...spec, health: { ...spec.health, harm } };
}

it('INV-3: proven harm is acted on at the look that proves it, wherever the rollout stands', async () => {
  const weights = { ...EVEN, harm: 85, acts: 45, spells: 30, lowTraffic: 5, past: 10 };
  const met = new Map<string, number>();
  const tally = await holdInWorlds(
    worlds(weights, harmfulOncePaused),
    { seed: 1_003, numRuns: 2_000 },
    (world) => {
      const seen = proofs(world).map(({ proof }) => proof);
      for (const [place, isThere] of Object.entries(HARD_PLACES)) {
        if (seen.some((proof) => isThere(world, proof))) met.set(place, (met.get(place) ?? 0) + 1);
      }
      return breaches(world);
    },
  );
  const places = Object.keys(HARD_PLACES).map((place) => `${met.get(place) ?? 0} ${place}`);
  console.log(`INV-3: ${tally.line()}; harm was proven in ${places.join(', ')}`);
  for (const fate of FATES) expect(tally.share(fate), fate).toBeGreaterThanOrEqual(0.05);
  for (const place of Object.keys(HARD_PLACES)) expect(met.get(place) ?? 0, place).toBeGreaterThanOrEqual(20);
});
