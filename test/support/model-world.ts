/** A world in memory for the driver: server, health, other people, faults and virtual time, with a true chronicle. */
import type { HealthSource, RollbackRequest } from '../../src/core/ports.ts';
import type { EpochMs } from '../../src/core/units.ts';
import type { Answer, ChronicleEntry, HandedOut, TrueRollout, WriteEntry } from './model-chronicle.ts';
import { createModelHealth, type ModelHealth } from './model-health.ts';
import { createModelServer, type ModelServer } from './model-server.ts';
import { type ForeignAct, WORLD_START, type WorldSpec } from './model-world-spec.ts';

/** What an attempt to write is, before it is known what comes of it. */
export type Attempt = Pick<WriteEntry, 'by' | 'method' | 'rolloutId' | 'version'> &
  Partial<Pick<WriteEntry, 'asked' | 'toVersion'>>;

/** A world. Local times of the spec count from `WORLD_START`; the chronicle is in the server's time. */
export interface ModelWorld {
  readonly spec: WorldSpec;
  readonly server: ModelServer;
  readonly health: ModelHealth;
  readonly chronicle: ChronicleEntry[];
  /** Version that a rollback must restore: given, or that of the last completed rollout; null for none. */
  readonly rightTarget: string | null;
  /** The run that is on now; 0 is the first. */
  run: number;
  /** Calls to the API over all runs, and those since time last moved. */
  calls: number;
  callsAtThisMoment: number;
  /** Number of the look that is on. */
  look: number;
  localNow(): EpochMs;
  serverNow(): EpochMs;
  /** Moves local time to `at`; what others do until then is done on the way. */
  passTo(at: EpochMs): void;
  /** Carries out a write, or with null only its attempt, and writes it into the chronicle. */
  write<T extends TrueRollout | null>(attempt: Attempt, commit: (() => T) | null): T | null;
  /** The evidence of the last look at which the present run was handed any. */
  handed(): HandedOut | null;
  /** Returns `source` with everything that it hands out written into the chronicle. */
  recorded(source: HealthSource): HealthSource;
}

/** Returns a world in which nothing has happened yet. */
export function createModelWorld(spec: WorldSpec): ModelWorld {
  let local = WORLD_START;
  const { skewMs } = spec.server;
  const serverNow = (): EpochMs => local + skewMs;
  const server = createModelServer(spec.server, spec.plan, serverNow);
  const health = createModelHealth(spec.health, WORLD_START + skewMs);
  const chronicle: ChronicleEntry[] = [];
  const acts = spec.acts.toSorted((a, b) => a.atMs - b.atMs);
  const notice = (): void => {
    const ours = server.ours();
    if (ours !== null && ours.status !== 'pending') health.notice(serverNow(), ours.percentage);
  };
  const world: ModelWorld = {
    spec,
    server,
    health,
    chronicle,
    rightTarget: spec.plan.rollback.to ?? lastCompleted(spec),
    run: 0,
    calls: 0,
    callsAtThisMoment: 0,
    look: 0,
    localNow: () => local,
    serverNow,
    passTo(at) {
      for (let act = acts[0]; act !== undefined && WORLD_START + act.atMs <= at; act = acts[0]) {
        acts.shift();
        local = Math.max(local, WORLD_START + act.atMs);
        notice();
        perform(world, act);
      }
      if (at > local) world.callsAtThisMoment = 0;
      local = Math.max(local, at);
      notice();
    },
    write(attempt, commit) {
      const done = writeDown(world, attempt, commit);
      notice();
      return done;
    },
    handed: () => {
      const last = chronicle.findLastIndex((each) => each.kind === 'evidence' || each.kind === 'began');
      return handedAt(chronicle, last);
    },
    recorded: (source) => record(world, source),
  };
  return world;
}

function writeDown<T extends TrueRollout | null>(
  world: ModelWorld,
  { by, method, rolloutId, version, asked = null, toVersion = null }: Attempt,
  commit: (() => T) | null,
): T | null {
  const { server, chronicle } = world;
  const ours = server.ours();
  const index = chronicle.length;
  const entry = {
    kind: 'write',
    by,
    run: world.run,
    at: world.serverNow(),
    method,
    rolloutId,
    version,
    asked,
    toVersion,
    before: server.truth(rolloutId),
    oursInForce: ours !== null && !['rolled_back', 'cancelled', 'failed'].includes(ours.status),
    harmIsReal: world.health.harmIsReal(),
    handed: world.handed(),
  } as const;
  chronicle.push({ ...entry, committed: false, after: entry.before });
  if (commit === null) return null;
  const done = commit();
  const after = server.truth(rolloutId ?? done?.id ?? null);
  chronicle[index] = { ...entry, rolloutId: rolloutId ?? done?.id ?? null, committed: true, after };
  return done;
}

function record(world: ModelWorld, source: HealthSource): HealthSource {
  return {
    ...source,
    async read(query, signal) {
      const { run } = world;
      const basics = {
        kind: 'evidence',
        run,
        look: world.look,
        at: world.serverNow(),
        query,
        ours: world.server.ours(),
      } as const;
      try {
        const evidence = await source.read(query, signal);
        world.chronicle.push({ ...basics, evidence });
        return evidence;
      } catch (thrown) {
        world.chronicle.push({ ...basics, evidence: null });
        throw thrown;
      }
    },
  };
}

function perform(world: ModelWorld, act: ForeignAct): void {
  const { server } = world;
  const ours = server.ours();
  if (ours === null) return;
  const by = act.kind === 'auto_roll_back' ? 'policy' : 'human';
  const basics = { by, rolloutId: ours.id, version: ours.version } as const;
  const tryTo = (method: WriteEntry['method'], commit: () => TrueRollout | null, rest = {}): void => {
    try {
      world.write({ ...basics, method, ...rest }, commit);
    } catch {
      // What the server refuses to a person is simply not done.
    }
  };
  const pause = (): TrueRollout => server.pause(ours.id, { who: 'human' }, act.reason);
  switch (act.kind) {
    case 'pause':
      tryTo('pause', pause);
      break;
    case 'resume':
      tryTo('resume', () => server.resume(ours.id, act.reason));
      break;
    case 'set':
      tryTo('set', () => server.setByHuman(ours.id, act.percentage, act.reason), {
        asked: act.percentage,
      });
      break;
    case 'roll_back':
    case 'auto_roll_back': {
      const toVersion = world.rightTarget ?? '0.9.0';
      tryTo('roll_back', () => server.rollBackByOthers(ours.id, toVersion), { toVersion });
      break;
    }
    case 'delete':
      tryTo('delete', () => server.remove(ours.id));
      break;
    case 'start_rival': {
      if (act.ours === 'paused') tryTo('pause', pause);
      if (act.ours === 'deleted') tryTo('delete', () => server.remove(ours.id));
      const rival = {
        version: '3.0.0',
        percentage: 10,
        targetPercentage: 100,
        incrementStep: 10,
        group: null,
      };
      world.write({ by, rolloutId: null, version: rival.version, method: 'create' }, () =>
        act.completes ? server.finish(server.create(rival, true).id) : server.create(rival, true),
      );
    }
  }
}

function lastCompleted({ plan, server }: WorldSpec): string | null {
  const inScope = server.past.filter(
    ({ version, status, group }) =>
      version !== plan.version &&
      status === 'completed' &&
      (group === 'plan' || (plan.group === null && group === 'fleet')),
  );
  const newest = inScope.toSorted((a, b) => a.ageMs - b.ageMs)[0];
  return newest?.version ?? null;
}

/** Returns the evidence of a look up to an entry of a chronicle; null where that is no evidence. */
export function handedAt(chronicle: readonly ChronicleEntry[], index: number): HandedOut | null {
  const last = chronicle[index];
  if (last?.kind !== 'evidence') return null;
  const answers: Answer[] = [];
  for (let i = index; i >= 0; i -= 1) {
    const entry = chronicle[i];
    if (entry?.kind === 'read') continue;
    if (entry?.kind !== 'evidence' || entry.look !== last.look || entry.run !== last.run) break;
    answers.unshift({ query: entry.query, evidence: entry.evidence });
  }
  return { at: last.at, look: last.look, ours: last.ours, answers };
}

/** Returns the writes of a chronicle, in order. */
export function writesOf(world: ModelWorld): readonly WriteEntry[] {
  return world.chronicle.filter((entry) => entry.kind === 'write');
}

/** Returns the attempt that a rollback request is. */
export function rollbackAttempt({ rolloutId, fromVersion, toVersion }: RollbackRequest): Attempt {
  return { by: 'us', method: 'roll_back', rolloutId, version: fromVersion, toVersion };
}
