/** Chooses what remembers a rollout beside the API: the deployments of a GitHub environment, or nothing. */
import type { Clock, RolloutMemory } from '../core/ports.ts';
import { NOTHING_REMEMBERED } from '../core/rollout-memory.ts';
import { createDeploymentMemory } from '../github/deployment-memory.ts';
import { connectDeployments, type DeploymentsApi } from '../github/deployments-api.ts';
import { readGitHubAccess } from '../github/github-access.ts';
import { deploymentsPage } from '../github/repository-page.ts';
import { readWorkflowRun } from '../github/run-identity.ts';
import type { DeploymentInputs } from './deployment-inputs.ts';
import type { Shell } from './shell.ts';

/** The rollouts that a memory is for. */
export interface RememberedNames {
  readonly modelId: string;
  readonly version: string;
  readonly groupId: string | null;
}

/** The runner and the machine around a run, as far as a memory needs them. */
export interface MachineOfRun {
  readonly shell: Pick<Shell, 'log' | 'variable'>;
  readonly around: { readonly clock: Clock; readonly signal: AbortSignal };
}

/**
 * Returns the memory of a run; nothing is asked of GitHub yet.
 *
 * Where the runner does not say which repository this is, that is found out, and told, at the first use.
 */
export function memoryOf(
  inputs: DeploymentInputs | null,
  { modelId, version, groupId }: RememberedNames,
  { shell, around }: MachineOfRun,
): RolloutMemory {
  if (inputs === null) return NOTHING_REMEMBERED;
  const { environment, token, environmentUrl } = inputs;
  return createDeploymentMemory({
    connect: () => connectAs(token, shell.variable),
    environment,
    ref: shell.variable('GITHUB_SHA'),
    names: { model_id: modelId, version, group_id: groupId },
    runUrl: readWorkflowRun(shell.variable).url,
    environmentUrl: environmentUrl ?? deploymentsPage(environment, shell.variable),
    clock: around.clock,
    log: shell.log,
    signal: around.signal,
  });
}

async function connectAs(token: string, variable: (name: string) => string): Promise<DeploymentsApi> {
  const access = readGitHubAccess(token, variable);
  if (variable('GITHUB_SHA') === '') throw new Error('GITHUB_SHA does not say which commit this run is of');
  return connectDeployments(access);
}
