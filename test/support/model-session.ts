/** One run's connection to a modelled world: API, source, clock and signal, with the faults and the kill of the run. */
import { readTag } from '../../src/core/memory-tag.ts';
import type { Clock, HealthSource, RolloutApi } from '../../src/core/ports.ts';
import type { PauseMark, RolloutStatus } from '../../src/core/rollout.ts';
import { TransportFailure } from '../../src/octomil/errors.ts';
import { CancelledError } from '../../src/runtime/abort.ts';
import type { TrueRollout } from './model-chronicle.ts';
import { refusal } from './model-store.ts';
import { type Attempt, type ModelWorld, rollbackAttempt } from './model-world.ts';
import { WORLD_START } from './model-world-spec.ts';

const MOST_CALLS = 30_000;
const MOST_CALLS_AT_ONE_MOMENT = 100;

/** What one run gets. A killed run's calls never answer, as after the end of a process. */
export interface ModelSession {
  readonly api: RolloutApi;
  readonly health: HealthSource;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Resolves when the run is killed; rejects when the driver goes round and round without time passing. */
  readonly killed: Promise<void>;
}

interface Life {
  readonly world: ModelWorld;
  calls: number;
  dead: boolean;
  /** The mark of the last tag that this run sent. */
  mark: PauseMark | null;
  die: () => void;
  fail: (why: string) => void;
}

/** Connects the present run of `world`. */
export function openSession(world: ModelWorld): ModelSession {
  const life: Life = { world, calls: 0, dead: false, mark: null, die: () => {}, fail: () => {} };
  const killed = new Promise<void>((resolve, reject) => {
    life.die = resolve;
    life.fail = (why) => reject(new Error(why));
  });
  const controller = new AbortController();
  return {
    api: apiOf(life),
    health: world.recorded(sourceOf(life)),
    clock: clockOf(life, controller),
    signal: controller.signal,
    killed,
  };
}

function never<T>(): Promise<T> {
  return new Promise(() => {});
}

function end(life: Life, failure: string | null): void {
  life.dead = true;
  if (failure === null) life.die();
  else life.fail(failure);
}

function clockOf(life: Life, controller: AbortController): Clock {
  const { world } = life;
  const { cancelAtMs } = world.spec.runs;
  const cancelAt = cancelAtMs === null || world.run > 0 ? Number.POSITIVE_INFINITY : WORLD_START + cancelAtMs;
  return {
    now: world.localNow,
    async sleepUntil(at, signal) {
      if (life.dead) return never();
      if (!Number.isFinite(at)) throw new RangeError(`cannot sleep until ${at}`);
      signal?.throwIfAborted();
      world.chronicle.push({ kind: 'slept', run: world.run, at: world.serverNow() });
      if (cancelAt <= at && signal !== undefined) {
        world.passTo(cancelAt);
        controller.abort(new CancelledError('SIGINT'));
        throw controller.signal.reason;
      }
      world.passTo(at);
    },
  };
}

function sourceOf({ world }: Life): HealthSource {
  return {
    name: 'model',
    probe: async () => ({ kind: 'available', detail: 'modelled' }),
    async read(query) {
      const exposure = {
        now: world.serverNow(),
        devices: world.server.countDevices(query.rolloutId),
      };
      const evidence = world.health.answer(query, exposure);
      if (evidence === null) throw new Error('the source cannot be reached');
      return evidence;
    },
    readPercentile: async () => world.health.percentile(world.serverNow()),
  };
}

type Call<T> = { readonly attempt: Attempt | null; readonly commit: () => T };

async function call<T>(life: Life, { attempt, commit }: Call<T>): Promise<T> {
  const { world } = life;
  const { runs, faults, outages } = world.spec;
  const kill = runs.kills[world.run];
  const index = life.calls++;
  const fault = faults.find((each) => each.call === world.calls)?.kind;
  world.calls += 1;
  world.callsAtThisMoment += 1;
  if (world.calls > MOST_CALLS) end(life, `still at it after ${MOST_CALLS} calls`);
  if (world.callsAtThisMoment > MOST_CALLS_AT_ONE_MOMENT) end(life, 'many calls while no time passes');
  if (kill?.call === index && kill.when === 'before') end(life, null);
  if (life.dead) return never();
  const elapsedMs = world.localNow() - WORLD_START;
  const cutOff = outages.some(({ fromMs, toMs }) => elapsedMs >= fromMs && elapsedMs < toMs);
  const attempted = (): void => {
    if (attempt !== null) world.write(attempt, null);
  };
  if (cutOff || fault === 'lost_before') {
    attempted();
    throw new TransportFailure('the API could not be reached', { kind: 'connect' });
  }
  if (fault === 'refused' && attempt !== null) {
    attempted();
    throw refusal('the API refused', 'advance_refused');
  }
  const done = commit();
  if (kill?.call === index) end(life, null);
  if (life.dead) return never();
  if (fault !== 'lost_after') return done;
  throw new TransportFailure('the answer was lost', { kind: 'cut', uncertain: attempt !== null });
}

function apiOf(life: Life): RolloutApi {
  const { world } = life;
  const { server, spec } = world;
  const view = (id: string) => {
    const seen = server.read(id);
    if (seen === null) throw refusal(`rollout ${id} does not exist`);
    return seen;
  };
  const read = <T>(commit: () => T): Promise<T> => call(life, { attempt: null, commit });
  const change = (attempt: Attempt, commit: () => TrueRollout | null) =>
    call(life, { attempt, commit: () => view(world.write(attempt, commit)?.id ?? '') });
  const verb = (method: Attempt['method'], rolloutId: string, rest: Partial<Attempt> = {}): Attempt => ({
    by: 'us',
    method,
    rolloutId,
    version: server.truth(rolloutId)?.version ?? '',
    ...rest,
  });
  return {
    now: world.serverNow,
    listRollouts: () => read(() => server.list()),
    async readRollout(id) {
      // A look begins with this question and asks for its evidence beside it.
      world.look += 1;
      const tell = (told: RolloutStatus | 'gone' | 'failed'): void => {
        world.chronicle.push({ kind: 'read', run: world.run, at: world.serverNow(), told });
      };
      try {
        const seen = await read(() => server.read(id));
        tell(seen?.status ?? 'gone');
        return seen;
      } catch (thrown) {
        tell('failed');
        throw thrown;
      }
    },
    readHistory: (id) => read(() => server.history(id)),
    countDevices: (id) => read(() => server.countDevices(id)),
    createRollout: (rollout) =>
      change(
        { by: 'us', method: 'create', rolloutId: null, version: rollout.version, asked: rollout.percentage },
        () => server.create(rollout),
      ),
    startRollout: (id) => change(verb('start', id), () => server.start(id)),
    pauseRollout: (id) =>
      change(verb('pause', id), () => server.pause(id, { who: 'us', mark: life.mark }, null)),
    resumeRollout: (id) => change(verb('resume', id), () => server.resume(id, null)),
    setPercentage(id, percentage, reason) {
      life.mark = readTag(reason)?.pausing ?? null;
      return change(verb('set', id, { asked: percentage }), () => server.set(id, percentage, reason));
    },
    async rollBack(request) {
      let restoringRolloutId: string | null = null;
      for (const step of server.rollbackSteps(request)) {
        const attempt = rollbackAttempt(request);
        const done = await call(life, { attempt, commit: () => world.write(attempt, step) });
        restoringRolloutId = done === null || done.id === request.rolloutId ? null : done.id;
      }
      return { via: spec.server.rollback.via, restoringRolloutId, acceptedAt: world.serverNow() };
    },
  };
}
