/** Builds the real ports from the inputs: the composition root. */
import type { Clock, HealthSource, RolloutApi, RolloutMemory } from '../core/ports.ts';
import { watchCounters } from '../metrics/growing-counters.ts';
import { createOctomilHealth } from '../metrics/octomil-health.ts';
import { rememberWindows } from '../metrics/remembered-windows.ts';
import { createOctomilClient, type OctomilClient } from '../octomil/client.ts';
import { timeLimit } from '../runtime/abort.ts';
import { memoryOf, type RememberedNames } from './github-memory.ts';
import type { ActionInputs } from './inputs.ts';
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
  health(modelId: string): HealthSource;
  /** What remembers rollouts beside the API. */
  memory(names: RememberedNames): RolloutMemory;
  requests(): number;
}

/** Returns a connection for the validated inputs; nothing is sent yet. */
export function connect(
  inputs: ActionInputs,
  apiKey: string,
  { shell, around }: { readonly shell: Pick<Shell, 'log' | 'variable'>; readonly around: Surroundings },
): Connection {
  let requests = 0;
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
    memory: (names) => memoryOf(inputs.deployments, names, { shell, around }),
    requests: () => requests,
  };
}
