/** INV-11: a run that adopts the rollout now decides as the run that has watched it from the beginning. */
import { expect, it } from 'vitest';
import { adoptionOnlyHealth } from '../../../src/action/device-count-health.ts';
import { readGates } from '../../../src/action/read-gates.ts';
import type { RolloutContext } from '../../../src/action/rollout-context.ts';
import { decide } from '../../../src/core/decide.ts';
import { surveyRollouts } from '../../../src/core/landscape.ts';
import type { Decision } from '../../../src/core/look.ts';
import { stageAt } from '../../../src/core/plan.ts';
import type { HealthSource } from '../../../src/core/ports.ts';
import { type Reconciliation, reconcile } from '../../../src/core/reconcile.ts';
import type { Watching } from '../../../src/core/rollout.ts';
import type { Moment } from '../../support/model-campaign.ts';
import { holdInWorlds } from '../../support/model-property.ts';
import { PLAN_GROUP } from '../../support/model-store.ts';
import { FATES } from '../../support/model-tally.ts';
import type { ModelWorld } from '../../support/model-world.ts';
import type { WorldSpec } from '../../support/model-world-spec.ts';
import { EVEN, worlds } from '../../support/model-worlds.ts';

/** A look of a run that watched, and what another run would find at the same instant. */
interface Twin {
  readonly watched: Moment & { readonly state: Watching };
  readonly found: Reconciliation;
  readonly health: HealthSource;
}

/** Leaves a server that remembers everything and that nobody else changes. */
function remembered(spec: WorldSpec): WorldSpec {
  const { plan, server } = spec;
  const history = { kept: true, reasons: true, times: true, percentages: true };
  return {
    ...spec,
    plan: { ...plan, onSuperseded: 'refuse' },
    server: { ...server, history, tellsCreatedAt: true, honoursGroup: true, createsAs: 'active' },
    acts: [],
    faults: [],
    outages: [],
  };
}

function twinOf(world: ModelWorld, moment: Moment): Twin | null {
  const { state, look, context } = moment;
  if (state.phase !== 'soaking' && state.phase !== 'baking') return null;
  if (look.server.kind !== 'rollout' || look.server.rollout.status === 'paused') return null;
  const { server, health } = world;
  const { plan } = context;
  const groupNames = plan.group === null ? [] : [PLAN_GROUP.id, PLAN_GROUP.name];
  const found = reconcile(plan, {
    landscape: surveyRollouts(server.list(), plan.version, groupNames),
    history: server.history(state.rolloutId),
    now: look.at,
    toVersion: plan.rollback.to,
    retry: false,
    run: null,
  });
  const exposure = { now: look.at, devices: server.countDevices(state.rolloutId) };
  const counting = { ...context.api, countDevices: async () => exposure.devices };
  return {
    watched: { ...moment, state },
    found,
    health: plan.ungated ? adoptionOnlyHealth(counting) : sourceAt(health, exposure),
  };
}

/** Returns a source that answers as it did at one moment. */
function sourceAt(
  health: ModelWorld['health'],
  exposure: Parameters<ModelWorld['health']['answer']>[1],
): HealthSource {
  return {
    name: 'model',
    probe: async () => ({ kind: 'available', detail: 'modelled' }),
    async read(query) {
      const evidence = health.answer(query, exposure);
      if (evidence === null) throw new Error('the source cannot be reached');
      return evidence;
    },
    readPercentile: async () => health.percentile(exposure.now),
  };
}

async function differences({ watched, found, health }: Twin): Promise<readonly string[]> {
  const { context, state, look, decision } = watched;
  const { plan } = context;
  const when = `${(look.at - state.createdAt) / 60_000} min after its creation`;
  if (found.kind !== 'adopt') return [`${when}: ${found.kind} instead of an adoption`];
  if (JSON.stringify(essenceOf(found.state)) !== JSON.stringify(essenceOf(state))) {
    const states = [essenceOf(state), essenceOf(found.state)].map((each) => JSON.stringify(each));
    return [`${when}: watched ${states[0]}, adopted ${states[1]}`];
  }
  const fresh: RolloutContext = { ...context, health, signal: new AbortController().signal };
  const stage = stageAt(plan, found.state.stageIndex);
  const readings = await readGates(fresh, found.state, { stage, at: look.at });
  const own = decide(plan, found.state, { ...look, readings });
  const odds = [own, decision].map((each) => each.odds?.logOdds ?? 0);
  return [
    ...(Math.abs((odds[0] ?? 0) - (odds[1] ?? 0)) <= 1e-9 ? [] : [`${when}: odds ${odds.join(' and ')}`]),
    ...(isOfAge(own) || isOfAge(decision) || deedOf(own) === deedOf(decision)
      ? []
      : [`${when}: watched ${deedOf(decision)}, adopted ${deedOf(own)}`]),
  ];
}

function essenceOf({ lastEvidenceAt: _, lastMeasuredAt: __, lastServerAt: ___, ...state }: Watching) {
  return state;
}

/** How long nothing was measured is what only the run that watched can know. */
function isOfAge({ command, reason }: Decision): boolean {
  return command.kind === 'pause' && (reason === 'no_data' || reason === 'measurement_failed');
}

function deedOf({ command, reason, verdicts }: Decision): string {
  return JSON.stringify([command, reason, verdicts.map(({ verdict, sentence }) => [verdict, sentence])]);
}

it('INV-11: what is decided follows from what the server remembers, not from having watched', async () => {
  const weights = { ...EVEN, harm: 55, spells: 30, kills: 20, past: 10, shortJobs: 15 };
  let twins: Twin[] = [];
  const met = { looks: 0, 'with earlier stages': 0, 'with restart points': 0, rollbacks: 0 };
  const tally = await holdInWorlds(
    worlds(weights, remembered),
    {
      seed: 1_011,
      numRuns: 250,
      witness(world, moment) {
        const twin = twinOf(world, moment);
        if (twin !== null) twins.push(twin);
      },
    },
    async () => {
      const seen = twins;
      twins = [];
      for (const { watched } of seen) {
        met.looks += 1;
        if (watched.state.past.length > 0) met['with earlier stages'] += 1;
        if (watched.look.readings.some(({ restarts }) => restarts.length > 0))
          met['with restart points'] += 1;
        if (watched.decision.command.kind === 'roll_back') met.rollbacks += 1;
      }
      return (await Promise.all(seen.map(differences))).flat();
    },
  );
  console.log(`INV-11: ${tally.line()}; ${JSON.stringify(met)}`);
  for (const fate of FATES) expect(tally.share(fate), fate).toBeGreaterThanOrEqual(0.05);
  for (const [what, times] of Object.entries(met)) expect(times, what).toBeGreaterThanOrEqual(20);
});
