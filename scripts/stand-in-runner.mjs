/** A stand-in for the GitHub runner: runs a JavaScript action as `uses:` would, on any machine with Node. */
import { mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runProcess } from './runner/child-process.mjs';
import { createLineHandler } from './runner/command-handler.mjs';
import { buildEnvironment, resolveInputs, writeEvent } from './runner/environment.mjs';
import { applyCommandFiles, createCommandFiles } from './runner/file-commands.mjs';
import { readManifest } from './runner/manifest.mjs';
import { createMasker } from './runner/masker.mjs';
import { createStepLog } from './runner/step-log.mjs';

export { readManifest };

/** @typedef {import('./stand-in-runner.d.mts').RunOptions} RunOptions */
/** @typedef {import('./stand-in-runner.d.mts').StageResult} StageResult */
/** @typedef {import('./stand-in-runner.d.mts').StepResult} StepResult */
/** @typedef {import('./stand-in-runner.d.mts').Manifest} Manifest */
/** @typedef {import('./runner/step-log.mjs').StepLog} StepLog */

/**
 * @typedef {object} Job what the stages of one step share
 * @property {RunOptions} options
 * @property {Manifest} manifest
 * @property {string} temp
 * @property {import('./runner/masker.mjs').Masker} masker
 * @property {Record<string, string>} state
 * @property {Record<string, string>} env
 * @property {string[]} paths
 */

/**
 * @typedef {object} Ends how a stage may be ended from outside
 * @property {AbortController} cancellation the runner's: SIGINT, SIGTERM, SIGKILL
 * @property {AbortController} loss SIGKILL at once, without a post stage where the machine is `lost`
 */

/**
 * Runs an action, main and then post, and resolves with everything that a person or a later step would see.
 *
 * @param {RunOptions} options
 * @returns {Promise<StepResult>}
 */
export function runAction(options) {
  return startAction(options).result;
}

/**
 * Starts an action and returns its result to come, and the button that cancels it.
 *
 * @param {RunOptions} options
 * @returns {import('./stand-in-runner.d.mts').RunningAction}
 */
export function startAction(options) {
  const cancellation = new AbortController();
  const loss = new AbortController();
  return {
    result: runStep(options, { cancellation, loss }),
    cancel: () => cancellation.abort('cancelled'),
    kill: () => loss.abort('killed'),
    lose: () => loss.abort('lost'),
  };
}

/**
 * @param {RunOptions} given
 * @param {Ends} ends
 * @returns {Promise<StepResult>}
 */
async function runStep(given, ends) {
  const options = { ...given, root: resolve(given.root), workspace: resolve(given.workspace) };
  const manifest = options.manifest ?? readManifest(await readFile(join(options.root, 'action.yml'), 'utf8'));
  const temp = options.temp ?? (await mkdtemp(join(tmpdir(), 'stand-in-runner-')));
  await mkdir(options.workspace, { recursive: true });
  await writeEvent(temp, options.event ?? {});
  /** @type {Job} */
  const job = {
    options,
    manifest,
    temp,
    masker: createMasker(options.secrets ?? []),
    state: {},
    env: {},
    paths: [],
  };

  const main = await runStage(job, manifest.runs.main, ends);
  const { post, postIf } = manifest.runs;
  if (ends.loss.signal.reason === 'lost') return { ...main, temp };
  if (post === undefined || !isWanted(postIf ?? 'always()', main.conclusion)) return { ...main, temp };
  // A cancelled job still runs its post stages, and they are not signalled.
  const untouched = { cancellation: new AbortController(), loss: new AbortController() };
  return { ...main, temp, post: await runStage(job, post, untouched) };
}

/**
 * @param {Job} job
 * @param {string} script path below the action's root
 * @param {Ends} ends
 * @returns {Promise<StageResult>}
 */
async function runStage(job, script, { cancellation, loss }) {
  const { options, masker, temp } = job;
  const isMain = script === job.manifest.runs.main;
  const log = createStepLog(masker, options.onLine);
  const inputs = resolveInputs(job.manifest, options);
  const files = await createCommandFiles(temp);
  announce(job, log, isMain ? inputs : null);

  /** @type {string[]} */
  const rawLines = [];
  const handle = createLineHandler({ log, masker, debug: options.debug === true });
  const timers = startTimers(options, isMain, cancellation);
  const ended = await runProcess({
    node: options.node ?? process.execPath,
    script: join(options.root, script),
    cwd: options.workspace,
    env: buildEnvironment({ inputs, options, temp, files, state: job.state, env: job.env, paths: job.paths }),
    onLine: (line) => {
      rawLines.push(line);
      handle(line);
      if (isMain && options.cancelWhen?.(line) === true) cancellation.abort('cancelled');
      if (isMain && options.killWhen?.(line) === true) loss.abort('killed');
    },
    cancelled: cancellation.signal,
    killed: loss.signal,
    grace: options.grace ?? {},
  }).finally(() => {
    for (const timer of timers) clearTimeout(timer);
  });

  const { summary } = await applyCommandFiles(files, log);
  if (cancellation.signal.reason === 'timed out') log.annotate('error', 'The action has timed out.', {});
  else if (cancellation.signal.aborted) log.annotate('error', 'The operation was canceled.', {});
  Object.assign(job.state, log.state);
  Object.assign(job.env, log.env);
  job.paths.push(...log.paths);
  return toResult({ ended, cancellation, log, rawLines, summary, masker, state: { ...job.state } });
}

/**
 * @param {RunOptions} options
 * @param {boolean} isMain
 * @param {AbortController} cancellation
 */
function startTimers(options, isMain, cancellation) {
  const timers = [];
  if (isMain && options.cancelAfterMs !== undefined) {
    timers.push(setTimeout(() => cancellation.abort('cancelled'), options.cancelAfterMs));
  }
  if (options.timeoutMs !== undefined) {
    timers.push(setTimeout(() => cancellation.abort('timed out'), options.timeoutMs));
  }
  return timers;
}

/**
 * Prints the head of a step as the runner does: every input that is not empty, before the action can mask.
 *
 * @param {Job} job
 * @param {StepLog} log
 * @param {Record<string, string> | null} inputs null for the post stage, which shows none
 */
function announce({ options, manifest }, log, inputs) {
  const label = options.label ?? 'octomil/rollout-action@v1';
  if (inputs === null) return log.print(`Post job cleanup: ${label}`);
  log.group(`Run ${label}`);
  log.print('with:');
  for (const [name, value] of Object.entries(inputs)) {
    if (value !== '') log.print(`  ${name}: ${value.trimEnd().replaceAll('\n', '\n  ')}`);
  }
  log.endGroup();
  const undeclared = Object.keys(inputs).filter((name) => manifest.inputs[name] === undefined);
  if (undeclared.length > 0) {
    const quote = (/** @type {string[]} */ names) => names.map((name) => `'${name}'`).join(', ');
    const valid = quote(Object.keys(manifest.inputs));
    log.annotate('warning', `Unexpected input(s) ${quote(undeclared)}, valid inputs are [${valid}]`, {});
  }
}

/**
 * @param {string} condition
 * @param {StageResult['conclusion']} conclusion
 */
function isWanted(condition, conclusion) {
  const checks = condition.split('||').map((check) => check.trim());
  const unknown = checks.find((check) => !/^(always|success|failure|cancelled)\(\)$/.test(check));
  if (unknown !== undefined) {
    throw new Error(
      `post-if: got "${unknown}"; expected always(), success(), failure(), cancelled() joined by ||.`,
    );
  }
  return checks.some((check) => check === 'always()' || check === `${conclusion}()`);
}

/**
 * @param {{ ended: { exitCode: number | null, signal: NodeJS.Signals | null }, cancellation: AbortController,
 *   log: StepLog, rawLines: string[], summary: string, masker: import('./runner/masker.mjs').Masker,
 *   state: Record<string, string> }} stage
 * @returns {StageResult}
 */
function toResult({ ended, cancellation, log, rawLines, summary, masker, state }) {
  const failed = log.failed() || ended.exitCode !== 0 || cancellation.signal.reason === 'timed out';
  const cancelled = cancellation.signal.reason === 'cancelled';
  return {
    ...ended,
    conclusion: cancelled ? 'cancelled' : failed ? 'failure' : 'success',
    log: log.lines,
    rawLines,
    annotations: log.annotations,
    outputs: Object.fromEntries(
      Object.entries(log.outputs).map(([name, value]) => [name, masker.mask(value)]),
    ),
    rawOutputs: log.outputs,
    state,
    summary: summary.split('\n').map(masker.mask).join('\n'),
    rawSummary: summary,
    masks: masker.values(),
  };
}
