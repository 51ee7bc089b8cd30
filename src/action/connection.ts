/** Builds the real ports from the inputs: the composition root. */
import type { Plan } from '../core/plan.ts';
import type { Clock, HealthSource, RolloutApi, RolloutMemory } from '../core/ports.ts';
import { NOTHING_REMEMBERED } from '../core/rollout-memory.ts';
import { watchCounters } from '../metrics/growing-counters.ts';
import { createOctomilHealth } from '../metrics/octomil-health.ts';
import { rememberWindows } from '../metrics/remembered-windows.ts';
import type { SeriesSource } from '../metrics/series-source.ts';
import { createOctomilClient, type OctomilClient } from '../octomil/client.ts';
import { timeLimit } from '../runtime/abort.ts';
import { memoryOf, type RememberedNames } from './github-memory.ts';
import type { ActionInputs } from './inputs.ts';
import { createSeriesSources } from './series-sources.ts';
import type { Shell } from './shell.ts';

/** The machine around the action; the tests replace time, randomness and the signal. */
export interface Surroundings {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** A connection to the control plane, with what it has cost so far. */
export interface Connection {
  readonly client: OctomilClient;
  /** Returns a client that is not aborted with the job, for at most `lastMs` milliseconds. */
  emergencyApi(modelId: string, lastMs: number): RolloutApi;
  /** Octomil's own health. */
  health(modelId: string): HealthSource;
  /** What remembers rollouts beside the API. */
  memory(names: RememberedNames): RolloutMemory;
  /** The memory that was asked for last; one that remembers nothing before that. */
  lastMemory(): RolloutMemory;
  /** The places of a plan's series; throws a `Refusal` for inputs that they need and that are missing. */
  seriesSources(metrics: Plan['metrics']): ReadonlyMap<string, SeriesSource>;
  /** Warns in the job's log. */
  warn(line: string): void;
  requests(): number;
}

/** Returns a connection for the validated inputs; nothing is sent yet. */
export function connect(
  inputs: ActionInputs,
  apiKey: string,
  {
    shell,
    around,
    workspace,
  }: {
    readonly shell: Pick<Shell, 'log' | 'variable'>;
    readonly around: Surroundings;
    readonly workspace: string;
  },
): Connection {
  let requests = 0;
  let memory = NOTHING_REMEMBERED;
  const { log } = shell;
  const clientWith = (signal: AbortSignal): OctomilClient =>
    createOctomilClient({
      baseUrl: inputs.baseUrl.url,
      apiKey,
      orgId: inputs.orgId,
      clock: around.clock,
      random: around.random,
      rateLimitPerMinute: inputs.rateLimitPerMinute,
      signal,
      userAgent: 'octomil-rollout-action',
      onRequest: (request) => {
        requests += 1;
        log.debug(`${request.method} ${request.path} → ${request.result}`);
      },
    });
  const client = clientWith(around.signal);
  return {
    client,
    emergencyApi: (modelId, lastMs) => clientWith(timeLimit(lastMs)).forModel(modelId),
    health: (modelId) => {
      const source = createOctomilHealth({ client, healthPath: inputs.healthPath, modelId });
      return rememberWindows(watchCounters(source), () => client.now());
    },
    memory: (names) => {
      memory = memoryOf(inputs.deployments, names, { shell, around });
      return memory;
    },
    lastMemory: () => memory,
    seriesSources: (metrics) =>
      createSeriesSources(metrics, {
        inputs: inputs.sources,
        workspace,
        clock: around.clock,
      }),
    warn: (line) => log.warn(line),
    requests: () => requests,
  };
}
