/** Arbitrary modelled worlds; a suite weighs what matters to it. */
import fc from 'fast-check';
import type { EndingPolicy } from '../../src/action/rollout-context.ts';
import type { Plan } from '../../src/core/plan.ts';
import type { PollInterval } from '../../src/core/ports.ts';
import { type DurationMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/units.ts';
import { mostly, sometimes } from './arbitrary-odds.ts';
import { leastDurationOf, plans } from './model-plans.ts';
import { servers } from './model-servers.ts';
import {
  type CallFault,
  type ForeignAct,
  type HealthSpec,
  type Kill,
  type ServerSpec,
  SPELL_KINDS,
  type WorldSpec,
} from './model-world-spec.ts';

/** Of a hundred worlds, how many have each kind of trouble. Several may come together. */
export interface Weights {
  readonly harm: number;
  readonly spells: number;
  readonly acts: number;
  readonly faults: number;
  readonly outages: number;
  readonly kills: number;
  readonly shortJobs: number;
  readonly cancels: number;
  readonly lowTraffic: number;
  readonly incidents: number;
  readonly bare: number;
  readonly past: number;
}

/** A little of everything. */
export const EVEN: Weights = {
  harm: 40,
  spells: 35,
  acts: 35,
  faults: 20,
  outages: 8,
  kills: 15,
  shortJobs: 15,
  cancels: 5,
  lowTraffic: 15,
  incidents: 12,
  bare: 6,
  past: 25,
};

/** Returns worlds; `adjust` may change each of them at the end. */
export function worlds(
  weights: Weights = EVEN,
  adjust: (spec: WorldSpec) => WorldSpec = (spec) => spec,
): fc.Arbitrary<WorldSpec> {
  return fc
    .record({
      plan: plans,
      server: servers(weights),
      health: healths(weights),
      acts: sometimes(weights.acts, fc.array(acts, { minLength: 1, maxLength: 3 }), []),
      faults: sometimes(weights.faults, fc.array(faults, { minLength: 1, maxLength: 4 }), []),
      outages: sometimes(weights.outages, fc.array(spans, { minLength: 1, maxLength: 1 }), []),
      runs: runs(weights),
    })
    .map((drawn) => adjust(scaled(drawn)));
}

/** A share of the plan's least time; above 1 is after it. */
const shares = fc.integer({ min: 0, max: 30 }).map((n) => n / 20);

const spans = fc
  .record({ from: shares, length: fc.integer({ min: 1, max: 20 }).map((n) => n / 20) })
  .map(({ from, length }) => ({ from, to: from + length }));

type Scaled<T, K extends keyof T> = Omit<T, K> & { readonly share: number };

const acts: fc.Arbitrary<Scaled<ForeignAct, 'atMs'>> = fc
  .record({
    share: shares,
    reason: fc.constantFrom(null, 'looks odd', 'pausing: timeout'),
    act: fc.oneof(
      fc.constantFrom(
        { kind: 'pause' },
        { kind: 'pause' },
        { kind: 'pause' },
        { kind: 'resume' },
        { kind: 'resume' },
        { kind: 'resume' },
        { kind: 'roll_back' },
        { kind: 'auto_roll_back' },
        { kind: 'delete' },
      ),
      fc.constantFrom(0, 1, 5, 10, 30, 50, 100).map((percentage) => ({ kind: 'set', percentage })),
      fc
        .record({ ours: fc.constantFrom('kept', 'paused', 'deleted'), completes: mostly(false, true) })
        .map((how) => ({ kind: 'start_rival', ...how })),
    ),
  })
  .map(({ share, reason, act }) => ({ share, reason, ...act }) as Scaled<ForeignAct, 'atMs'>);

const faults: fc.Arbitrary<CallFault> = fc.record({
  call: fc.integer({ min: 0, max: 60 }),
  kind: fc.constantFrom('lost_before', 'lost_after', 'refused'),
});

const kills: fc.Arbitrary<Kill> = fc.record({
  call: fc.integer({ min: 0, max: 40 }),
  when: fc.constantFrom('before', 'after'),
});

function healths(weights: Weights) {
  return fc.record({
    requestsPerHour: sometimes(weights.lowTraffic, fc.constantFrom(0, 20, 200), 40_000),
    devices: mostly(20_000, 500),
    level: fc.constantFrom<HealthSpec['level']>(2, 2, 1, 0),
    baseline: sometimes(30, fc.constant(false), true),
    bare: sometimes(weights.bare, fc.constant(true), false),
    skewed: sometimes(5, fc.constant(true), false),
    cleanPart: fc.constant(0.1),
    incident: sometimes(weights.incidents, spans, null),
    harm: sometimes(
      weights.harm,
      fc.record({ from: shares, fromPercentage: fc.constantFrom(0, 0, 5, 10, 50, 100) }),
      null,
    ),
    spells: sometimes(
      weights.spells,
      fc.array(fc.record({ span: spans, kind: fc.constantFrom(...SPELL_KINDS) }), {
        minLength: 1,
        maxLength: 3,
      }),
      [],
    ),
  });
}

function runs(weights: Weights) {
  const policies = fc.constantFrom<EndingPolicy>('pause', 'pause', 'leave', 'rollback');
  return fc.record({
    looks: fc.constantFrom(10, 10, 25, 25, 25, 50, 50, null),
    jitter: fc.constantFrom(0.5, 0, 0.99),
    timeout: sometimes(weights.shortJobs, shares, null),
    onTimeout: policies,
    onCancel: policies,
    cancel: sometimes(weights.cancels, shares, null),
    kills: sometimes(weights.kills, fc.array(kills, { minLength: 1, maxLength: 2 }), []),
    restarts: fc.constantFrom(2, 2, 1, 0),
    restartAfterMs: fc.constantFrom(SECOND_MS, 10 * MINUTE_MS, 3 * HOUR_MS),
  });
}

type Drawn<A> = A extends fc.Arbitrary<infer T> ? T : never;

interface Unscaled {
  readonly plan: Plan;
  readonly server: ServerSpec;
  readonly health: Drawn<ReturnType<typeof healths>>;
  readonly acts: readonly Scaled<ForeignAct, 'atMs'>[];
  readonly faults: readonly CallFault[];
  readonly outages: readonly { readonly from: number; readonly to: number }[];
  readonly runs: Drawn<ReturnType<typeof runs>>;
}

/** Times are drawn as shares of the plan, so that what happens happens while it runs. */
function scaled({
  plan,
  server,
  health,
  acts: drawnActs,
  faults: drawnFaults,
  outages,
  runs: drawnRuns,
}: Unscaled) {
  const leastMs = Math.max(20 * MINUTE_MS, leastDurationOf(plan.stages));
  const ms = (share: number): DurationMs => Math.round(share * leastMs);
  const { looks, timeout, cancel, ...rest } = drawnRuns;
  // Which group an unnamed rollout was for is known to nobody, so there is no right answer to find.
  const past = server.past.map((each) => (server.tellsGroup ? each : { ...each, group: 'plan' as const }));
  const spec: WorldSpec = {
    plan,
    server: { ...server, past },
    health: {
      ...health,
      harm: harmOf(health.harm, ms),
      incident:
        health.incident === null ? null : { fromMs: ms(health.incident.from), toMs: ms(health.incident.to) },
      spells: health.spells.map(({ kind, span }) => ({ kind, fromMs: ms(span.from), toMs: ms(span.to) })),
    },
    acts: onceSet(drawnActs).map(({ share, ...act }) => ({ ...act, atMs: ms(share) }) as ForeignAct),
    faults: drawnFaults,
    outages: outages.map(({ from, to }) => ({ fromMs: ms(from), toMs: ms(to) })),
    runs: {
      ...rest,
      poll: pollOf(looks, leastMs),
      timeoutMs: timeout === null ? 2 * leastMs + 6 * HOUR_MS : Math.max(MINUTE_MS, ms(timeout)),
      cancelAtMs: cancel === null ? null : ms(cancel),
    },
  };
  return spec;
}

/** A percentage that was changed and changed back between two looks was never seen by anybody. */
function onceSet<T extends { readonly kind: string }>(drawn: readonly T[]): readonly T[] {
  const first = drawn.findIndex(({ kind }) => kind === 'set');
  return drawn.filter(({ kind }, index) => kind !== 'set' || index === first);
}

function harmOf(
  harm: Drawn<ReturnType<typeof healths>>['harm'],
  ms: (share: number) => DurationMs,
): HealthSpec['harm'] {
  return harm === null ? null : { fromMs: ms(harm.from), fromPercentage: harm.fromPercentage };
}

function pollOf(looks: number | null, leastMs: DurationMs): PollInterval {
  if (looks === null) return { kind: 'auto' };
  return { kind: 'fixed', everyMs: Math.min(HOUR_MS, Math.max(30 * SECOND_MS, Math.round(leastMs / looks))) };
}
