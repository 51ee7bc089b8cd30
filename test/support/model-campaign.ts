/** Runs the action's driver in a modelled world, kills it, starts it again, and returns what truly happened. */

import { refuseOtherDevices } from '../../src/action/create-rollout.ts';
import { adoptionOnlyHealth } from '../../src/action/device-count-health.ts';
import { drive } from '../../src/action/drive.ts';
import { createJournal, type Journal } from '../../src/action/journal.ts';
import { type Beginning, previousVersionOf, readStanding } from '../../src/action/prepare.ts';
import { Refusal } from '../../src/action/refusal.ts';
import { replaceRival } from '../../src/action/replace-rival.ts';
import type { RolloutContext } from '../../src/action/rollout-context.ts';
import type { Decision, Look } from '../../src/core/look.ts';
import { NOTHING_TOLD } from '../../src/core/org-policy.ts';
import type { Logger } from '../../src/core/ports.ts';
import { reconcile } from '../../src/core/reconcile.ts';
import type { RolloutState } from '../../src/core/rollout.ts';
import { NOTHING_REMEMBERED } from '../../src/core/rollout-memory.ts';
import { toError } from '../../src/runtime/to-error.ts';
import type { RunEnd } from './model-chronicle.ts';
import { type ModelSession, openSession } from './model-session.ts';
import { PLAN_GROUP } from './model-store.ts';
import { createModelWorld, type ModelWorld } from './model-world.ts';
import type { WorldSpec } from './model-world-spec.ts';

/** One look at a watched rollout and what was decided, before anything is done about it. */
export interface Moment {
  readonly context: RolloutContext;
  readonly state: RolloutState;
  readonly look: Look;
  readonly decision: Decision;
}

/** Is told of every look of a world, at the time of the look. */
export type Witness = (world: ModelWorld, moment: Moment) => void;

const SILENT: Logger = {
  debug() {},
  info() {},
  notice() {},
  warn() {},
  group() {},
  endGroup() {},
};

/**
 * Drives the plan of `spec` to its end, starting the action again as often as the spec says.
 *
 * Errors: rejects when the driver calls the API again and again while no time passes, or never comes to an end.
 */
export async function runCampaign(spec: WorldSpec, witness: Witness = () => {}): Promise<ModelWorld> {
  const world = createModelWorld(spec);
  for (;;) {
    const end = await runOnce(world, witness);
    world.chronicle.push({
      kind: 'ended',
      run: world.run,
      at: world.serverNow(),
      end,
      ours: world.server.ours(),
      handed: world.handed(),
      restoredRatio: world.server.restoredRatio(),
    });
    if (world.run >= spec.runs.restarts || !isUnfinished(end)) return world;
    world.passTo(world.localNow() + spec.runs.restartAfterMs);
    world.run += 1;
  }
}

function isUnfinished(end: RunEnd): boolean {
  if (end.kind === 'concluded') {
    return ['timed_out', 'cancelled', 'error', 'rolling_back'].includes(end.conclusion.outcome);
  }
  return end.kind !== 'refused';
}

function runOnce(world: ModelWorld, witness: Witness): Promise<RunEnd> {
  const session = openSession(world);
  const killed = session.killed.then((): RunEnd => ({ kind: 'killed' }));
  const ran = beginAgain(world, session, witness).catch((thrown: unknown): RunEnd => {
    if (thrown instanceof Refusal) return { kind: 'refused', reason: thrown.reason, detail: thrown.message };
    return { kind: 'threw', message: toError(thrown).message };
  });
  return Promise.race([ran, killed]);
}

/** Begins as a run of the action does that remembers nothing: from what the server shows. */
async function beginAgain(world: ModelWorld, session: ModelSession, witness: Witness): Promise<RunEnd> {
  const { plan } = world.spec;
  const { api } = session;
  const group = plan.group === null ? null : PLAN_GROUP;
  const model = { id: 'mdl-1', name: 'radiology' };
  const basics = { model, group, devices: null, wholeFleetDevices: wholeFleet(world), plan, api };
  const fleet = { ...basics, memory: NOTHING_REMEMBERED, notes: [], policy: NOTHING_TOLD };
  const standing = await readStanding(fleet);
  const facts = { ...standing, now: api.now(), toVersion: plan.rollback.to, retry: false, run: null };
  const beginning = reconcile(plan, facts);
  world.chronicle.push({ kind: 'began', run: world.run, at: world.serverNow(), how: beginning.kind });
  if (beginning.kind === 'refuse') throw new Refusal(beginning);
  const replacing = contextOf(world, session);
  const replaced = beginning.kind === 'replace' ? await replaceRival(replacing, beginning.rival) : null;
  const previousVersion = replaced === null ? previousVersionOf(beginning) : (plan.rollback.to ?? replaced);
  const context = { ...replacing, previousVersion };
  const record = createJournal(plan, SILENT);
  const look: Journal['look'] = (state, seen, decision) => {
    witness(world, { context, state, look: seen, decision });
    record.look(state, seen, decision);
  };
  const journal = { ...record, look };
  const state =
    beginning.kind === 'adopt' ? await adopt(context, beginning, journal) : { phase: 'absent' as const };
  journal.entered(state);
  return { kind: 'concluded', conclusion: await drive(context, state, journal) };
}

async function adopt(
  context: RolloutContext,
  { state, resume }: Extract<Beginning, { kind: 'adopt' }>,
  journal: Journal,
): Promise<RolloutState> {
  const remote = context.group === null ? null : await context.api.readRollout(state.rolloutId);
  const detail = remote === null ? null : await refuseOtherDevices(context, remote, journal);
  if (detail !== null) throw new Refusal({ outcome: 'held', reason: 'group_not_confirmed', detail });
  if (!resume) return state;
  const resumed = await context.api.resumeRollout(state.rolloutId);
  if (resumed.status !== 'paused') return state;
  throw new Refusal({ outcome: 'error', reason: 'advance_refused', detail: 'it could not be resumed' });
}

function wholeFleet({ spec: { server } }: ModelWorld): number | null {
  return server.countsDevices ? server.fleetDevices : null;
}

function contextOf(world: ModelWorld, session: ModelSession): Omit<RolloutContext, 'previousVersion'> {
  const { plan, runs } = world.spec;
  const { api, clock, signal } = session;
  return {
    plan,
    policy: NOTHING_TOLD,
    modelId: 'mdl-1',
    group: plan.group === null ? null : PLAN_GROUP,
    wholeFleetDevices: wholeFleet(world),
    memory: NOTHING_REMEMBERED,
    api,
    leases: true,
    emergencyApi: () => api,
    health: plan.ungated ? world.recorded(adoptionOnlyHealth(api)) : session.health,
    clock,
    random: () => runs.jitter,
    log: SILENT,
    signal,
    poll: runs.poll,
    endsAt: clock.now() + runs.timeoutMs,
    onTimeout: runs.onTimeout,
    onCancel: runs.onCancel,
    run: { label: `run-${world.run}`, url: null },
    reason: null,
  };
}
