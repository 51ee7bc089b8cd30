/** Builds the environment of an action from nothing but the runner's rules. Source: actions/runner, Handler.cs. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** @typedef {import('../stand-in-runner.d.mts').RunOptions} RunOptions */
/** @typedef {import('../stand-in-runner.d.mts').Manifest} Manifest */

/**
 * Returns the value of every declared input, defaults filled in, and of the undeclared ones that were given.
 *
 * Errors: throws for an expression in a default other than `${{ github.token }}`.
 *
 * @param {Manifest} manifest
 * @param {RunOptions} options
 * @returns {Record<string, string>}
 */
export function resolveInputs(manifest, options) {
  /** @type {Record<string, string>} */
  const values = {};
  for (const [name, input] of Object.entries(manifest.inputs)) {
    values[name] = input.default.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression) => {
      if (expression === 'github.token') return options.githubToken ?? '';
      throw new Error(
        `The default of input ${name} uses \${{ ${expression} }}; only github.token is known here.`,
      );
    });
  }
  return { ...values, ...options.inputs };
}

/**
 * Returns the whole environment of one stage. Of the caller's own environment only PATH is in it, so no
 * proxy, token or NODE_OPTIONS of the machine changes what is run.
 *
 * @param {object} stage
 * @param {Record<string, string>} stage.inputs
 * @param {RunOptions} stage.options
 * @param {string} stage.temp
 * @param {Record<string, string>} stage.files paths of the command files by variable
 * @param {Record<string, string>} stage.state
 * @param {Record<string, string>} stage.env what earlier stages exported
 * @param {readonly string[]} stage.paths what earlier stages put on PATH, oldest first
 * @returns {Record<string, string>}
 */
export function buildEnvironment({ inputs, options, temp, files, state, env, paths }) {
  return {
    PATH: [...paths]
      .reverse()
      .concat(process.env['PATH'] ?? '')
      .join(':'),
    CI: 'true',
    ...githubVariables(options, temp),
    RUNNER_OS: 'Linux',
    RUNNER_ARCH: process.arch === 'arm64' ? 'ARM64' : 'X64',
    RUNNER_NAME: 'stand-in',
    RUNNER_ENVIRONMENT: 'self-hosted',
    RUNNER_TEMP: temp,
    RUNNER_TOOL_CACHE: join(temp, '_tool'),
    RUNNER_WORKSPACE: dirname(options.workspace),
    ...(options.debug === true ? { RUNNER_DEBUG: '1' } : {}),
    ...env,
    ...options.env,
    ...files,
    ...prefixed('INPUT_', inputs, (name) => name.replaceAll(' ', '_').toUpperCase()),
    ...prefixed('STATE_', state, (name) => name),
  };
}

/**
 * Writes the event of the run where GITHUB_EVENT_PATH points.
 *
 * @param {string} temp
 * @param {object} event
 */
export async function writeEvent(temp, event) {
  const path = eventPath(temp);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(event));
}

/** @param {string} temp */
function eventPath(temp) {
  return join(temp, '_github_workflow', 'event.json');
}

/**
 * @param {RunOptions} options
 * @param {string} temp
 * @returns {Record<string, string>}
 */
function githubVariables(options, temp) {
  return {
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__octomil_rollout-action',
    GITHUB_ACTION_PATH: options.root,
    GITHUB_ACTION_REF: 'v1',
    GITHUB_ACTION_REPOSITORY: 'octomil/rollout-action',
    GITHUB_ACTOR: 'octocat',
    GITHUB_ACTOR_ID: '583231',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_BASE_REF: '',
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_EVENT_PATH: eventPath(temp),
    GITHUB_GRAPHQL_URL: 'https://api.github.com/graphql',
    GITHUB_HEAD_REF: '',
    GITHUB_JOB: 'rollout',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REF_NAME: 'main',
    GITHUB_REF_PROTECTED: 'false',
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REPOSITORY: 'octo-org/models',
    GITHUB_REPOSITORY_ID: '1296269',
    GITHUB_REPOSITORY_OWNER: 'octo-org',
    GITHUB_REPOSITORY_OWNER_ID: '583232',
    GITHUB_RETENTION_DAYS: '90',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '1658821493',
    GITHUB_RUN_NUMBER: '3',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: 'ffac537e6cbbf934b08745a378932722df287a53',
    GITHUB_TRIGGERING_ACTOR: 'octocat',
    GITHUB_WORKFLOW: 'Rollout',
    GITHUB_WORKFLOW_REF: 'octo-org/models/.github/workflows/rollout.yml@refs/heads/main',
    GITHUB_WORKFLOW_SHA: 'ffac537e6cbbf934b08745a378932722df287a53',
    GITHUB_WORKSPACE: options.workspace,
  };
}

/**
 * @param {string} prefix
 * @param {Record<string, string>} values
 * @param {(name: string) => string} toName
 */
function prefixed(prefix, values, toName) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + toName(name), value]));
}
