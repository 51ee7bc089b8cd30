/** INV-3: the look at which harm is proven is the look that acts: before any timer, pause, window or deadline. */
import { expect, it } from 'vitest';
import type { Stage } from '../../../src/core/plan.ts';
import { MINUTE_MS } from '../../../src/core/units.ts';
import type { ChronicleEntry, HandedOut, TrueRollout } from '../../support/model-chronicle.ts';
import { presentAnswer, provesHarm, stageAsked } from '../../support/model-oracle.ts';
import { holdInWorlds } from '../../support/model-property.ts';
import { FATES } from '../../support/model-tally.ts';
import { handedAt, type ModelWorld } from '../../support/model-world.ts';
import type { WorldSpec } from '../../support/model-world-spec.ts';
import { EVEN, worlds } from '../../support/model-worlds.ts';

interface ProvenHarm {
  readonly handed: HandedOut;
  readonly stage: Stage;
  readonly ours: TrueRollout;
  readonly run: number;
  /** Of the last evidence of the look. */
  readonly index: number;
}

const OVER: readonly TrueRollout['status'][] = ['rolling_back', 'rolled_back', 'cancelled', 'failed'];

/** Looks at which the driver was handed harm beyond doubt about a rollout that was in force. */
function proofs(world: ModelWorld): readonly ProvenHarm[] {
  const { plan } = world.spec;
  const { designEffect } = plan;
  return lastOfLooks(world.chronicle).flatMap((index) => {
    const handed = handedAt(world.chronicle, index);
    const entry = world.chronicle[index];
    const present = handed?.answers[0]?.query;
    if (handed === null || entry === undefined || present?.version !== plan.version) return [];
    const { ours, at } = handed;
    if (ours === null || ours.id !== present.rolloutId || OVER.includes(ours.status)) return [];
    const stage = stageAsked(plan, handed);
    if (stage === null || !provesHarm(handed, stage, { now: at, designEffect })) return [];
    return [{ handed, stage, ours, run: entry.run, index }];
  });
}

/** The last evidence of each look, as an index into the chronicle. */
function lastOfLooks(chronicle: readonly ChronicleEntry[]): readonly number[] {
  const last = new Map<string, number>();
  for (const [index, entry] of chronicle.entries()) {
    if (entry.kind === 'evidence') last.set(`${entry.run} ${entry.look}`, index);
  }
  return [...last.values()];
}

function breaches(world: ModelWorld): readonly string[] {
  return proofs(world).flatMap(({ index, run, ours }) => {
    const next = world.chronicle.slice(index + 1).find((each) => each.run === run && isOurDeed(each));
    return next === undefined || acts(world, next)
      ? []
      : [`harm was proven at ${ours.percentage}% (${ours.status}) and then: ${next.kind}`];
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
  'during warm-up': (_: ModelWorld, { ours, stage, handed }: ProvenHarm) =>
    handed.at < ours.servingSince + stage.warmupMs,
  'before the soak was over': (_: ModelWorld, { ours, stage, handed }: ProvenHarm) =>
    handed.at < ours.servingSince + stage.soakMs,
  'during the bake': ({ spec }: ModelWorld, { stage }: ProvenHarm) => spec.plan.stages.at(-1) === stage,
  'after the server called it completed': (_: ModelWorld, { ours }: ProvenHarm) =>
    ours.status === 'completed',
  'since a restart point only': ({ spec }: ModelWorld, { handed, stage }: ProvenHarm) => {
    const present = presentAnswer(handed);
    const { designEffect } = spec.plan;
    const answers = present === null ? [] : [present];
    return !provesHarm({ ...handed, answers }, stage, { now: handed.at, designEffect });
  },
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
    { seed: 1_003, numRuns: 1_400 },
    (world) => {
      const seen = proofs(world);
      for (const [place, isThere] of Object.entries(HARD_PLACES)) {
        if (seen.some((proof) => isThere(world, proof))) met.set(place, (met.get(place) ?? 0) + 1);
      }
      return breaches(world);
    },
  );
  const places = Object.keys(HARD_PLACES).map((place) => `${met.get(place) ?? 0} ${place}`);
  console.log(`INV-3: ${tally.line()}; harm was proven in ${places.join(', ')}`);
  for (const fate of FATES) expect(tally.share(fate), fate).toBeGreaterThanOrEqual(0.05);
  for (const place of Object.keys(HARD_PLACES)) expect(met.get(place) ?? 0, place).toBeGreaterThanOrEqual(12);
});
