/** Chooses what remembers a rollout beside the API: the deployments of a GitHub environment, or nothing. */
import type { Clock, RolloutMemory } from '../core/ports.ts';
import { NOTHING_REMEMBERED } from '../core/rollout-memory.ts';
import { createDeploymentMemory } from '../github/deployment-memory.ts';
import { connectDeployments, type DeploymentsApi, type GitHubAccess } from '../github/deployments-api.ts';
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
  const { environment, token } = inputs;
  return createDeploymentMemory({
    connect: () => connectAs(token, shell.variable),
    environment,
    ref: shell.variable('GITHUB_SHA'),
    names: { model_id: modelId, version, group_id: groupId },
    runUrl: readWorkflowRun(shell.variable).url,
    clock: around.clock,
    log: shell.log,
    signal: around.signal,
  });
}

async function connectAs(token: string, variable: (name: string) => string): Promise<DeploymentsApi> {
  const apiUrl = readApiUrl(variable('GITHUB_API_URL'));
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(variable('GITHUB_REPOSITORY')) ?? [];
  if (owner === undefined || repo === undefined || variable('GITHUB_SHA') === '') {
    throw new Error('GITHUB_REPOSITORY and GITHUB_SHA do not say which run of which repository this is');
  }
  const access: GitHubAccess = { apiUrl, token, owner, repo };
  return connectDeployments(access);
}

/** The runner sets it, so that GitHub Enterprise is asked where it is; the token goes nowhere in clear text. */
function readApiUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isLoopback = url !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback);
  if (url === null || !isSafe || url.username !== '' || url.password !== '') {
    throw new Error('GITHUB_API_URL is not an https URL');
  }
  return text.replace(/\/+$/, '');
}
