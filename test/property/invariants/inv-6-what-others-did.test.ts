/** INV-6: a pause, a percentage or a deletion that we did not make is never undone, and other versions are left alone. */
import { expect, it } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '../../../src/core/units.ts';
import type { WriteEntry } from '../../support/model-chronicle.ts';
import { holdInWorlds } from '../../support/model-property.ts';
import { FATES } from '../../support/model-tally.ts';
import { type ModelWorld, writesOf } from '../../support/model-world.ts';
import type { WorldSpec } from '../../support/model-world-spec.ts';
import { EVEN, worlds } from '../../support/model-worlds.ts';

function breaches(world: ModelWorld): readonly string[] {
  const writes = writesOf(world);
  const ours = writes.filter((write) => write.by === 'us');
  return [
    ...ours.flatMap((write) => undonePause(world, write)),
    ...ours.flatMap((write) => undonePercentage(write, writes)),
    ...ours.flatMap((write) => undoneDeletion(world, write, writes)),
    ...ours.flatMap((write) => touchedOthers(world, write)),
  ];
}

function undonePause(world: ModelWorld, { method, before, asked }: WriteEntry): readonly string[] {
  if (before?.status !== 'paused') return [];
  // Only times tell a person's pause from ours where the run ended between its mark and its pause.
  if (method === 'resume' && !world.spec.server.history.times) return [];
  const pausedBy = before.pausedBy?.who === 'us' ? before.pausedBy.mark : 'human';
  const mayResume = pausedBy === 'timeout' || pausedBy === 'cancel';
  if (method === 'resume' && !mayResume) return [`resumed a pause by ${pausedBy ?? 'an unmarked pause'}`];
  const raised = method === 'set' && asked !== null && asked > before.percentage;
  return raised ? [`raised to ${asked}% while paused`] : [];
}

/** Within one run: to run again is a person's wish to go on from there. */
function undonePercentage(write: WriteEntry, writes: readonly WriteEntry[]): readonly string[] {
  if (write.method !== 'set' || write.asked === null || write.before === null) return [];
  const last = writes.findLast(
    (each) =>
      each.committed &&
      each.at <= write.at &&
      writes.indexOf(each) < writes.indexOf(write) &&
      each.rolloutId === write.rolloutId &&
      each.before?.percentage !== each.after?.percentage,
  );
  if (last?.by !== 'human' || last.run !== write.run || last.method !== 'set') return [];
  const change = `${last.before?.percentage}% → ${last.after?.percentage}%`;
  const lowered = (last.after?.percentage ?? 0) < (last.before?.percentage ?? 0);
  if (lowered && write.asked > write.before.percentage) return [`${change} was undone with ${write.asked}%`];
  return write.asked < write.before.percentage ? [`${change} was undone with ${write.asked}%`] : [];
}

function undoneDeletion(
  world: ModelWorld,
  write: WriteEntry,
  writes: readonly WriteEntry[],
): readonly string[] {
  if (write.method !== 'create') return [];
  const before = writes.slice(0, writes.indexOf(write));
  const ended = before.filter(
    (each) => each.by !== 'us' && each.committed && ['delete', 'roll_back'].includes(each.method),
  );
  // What was deleted without a trace is known only to the run that saw it go.
  const leftTrace = world.spec.server.deletionLeavesTrace || !ended.some(({ method }) => method === 'delete');
  const isKnown = (each: WriteEntry): boolean => each.run === write.run || leftTrace;
  return ended.some(isKnown) ? ['created again what somebody had deleted or rolled back'] : [];
}

function touchedOthers(world: ModelWorld, write: WriteEntry): readonly string[] {
  const { plan } = world.spec;
  if (plan.onSuperseded === 'replace') return [];
  if (write.version !== plan.version) return [`${write.method} on version ${write.version}`];
  const rivals = writesOf(world).filter(
    (each) => each.by !== 'us' && each.method === 'create' && each.at <= write.at,
  );
  // The rollback route names the model: without our rollout in force it takes back somebody else's.
  return write.method === 'roll_back' && !write.oursInForce && rivals.length > 0 && couldLook(world, write)
    ? ["rolled back the model while only somebody else's rollout was in force"]
    : [];
}

/** Proven harm is acted on even while the API does not tell what has become of the rollout. */
function couldLook({ chronicle }: ModelWorld, write: WriteEntry): boolean {
  const last = chronicle.findLast(
    (entry) => entry.kind === 'read' && entry.run === write.run && entry.at === write.at,
  );
  return !(last?.kind === 'read' && last.told === 'failed');
}

/** Where a run is killed and somebody pauses: it is killed about when it pauses by itself, and they pause after that. */
function pausedInBetween(spec: WorldSpec): WorldSpec {
  const [pause, ...rest] = spec.acts;
  const [kill, ...kills] = spec.runs.kills;
  if (pause?.kind !== 'pause' || kill === null || kill === undefined) return spec;
  const acts = [{ ...pause, reason: null, atMs: 6 * MINUTE_MS }, ...rest];
  const early = { ...kill, call: 4 + (kill.call % 8) };
  const times = { timeoutMs: MINUTE_MS, restartAfterMs: 10 * MINUTE_MS, restarts: 2 };
  return { ...spec, acts, runs: { ...spec.runs, ...times, onTimeout: 'pause', kills: [early, ...kills] } };
}

/** Where somebody deletes the rollout to start another version: just before the job ends, or while we roll back. */
function deletedInTime(spec: WorldSpec): WorldSpec {
  const { acts, runs, server, health } = spec;
  const act = acts[0];
  if (act?.kind !== 'start_rival' || act.ours !== 'deleted') return spec;
  if (runs.jitter === 0) {
    return { ...spec, runs: { ...runs, timeoutMs: Math.max(MINUTE_MS, act.atMs + SECOND_MS) } };
  }
  const harm = { fromMs: Math.max(0, act.atMs - 3 * MINUTE_MS), fromPercentage: 0 };
  const rollback = { ...server.rollback, refusals: 1_000 };
  return { ...spec, health: { ...health, harm }, server: { ...server, rollback } };
}

it('INV-6: what people do to the rollout stays done, and no other version is written to', async () => {
  const weights = { ...EVEN, acts: 95, harm: 30, spells: 20, kills: 40, shortJobs: 25, cancels: 10 };
  const tally = await holdInWorlds(
    worlds(weights, (spec) => deletedInTime(pausedInBetween(spec))),
    { seed: 1_006, numRuns: 1_200 },
    breaches,
  );
  console.log(`INV-6: ${tally.line()}`);
  for (const fate of FATES) expect(tally.share(fate), fate).toBeGreaterThanOrEqual(0.05);
});
