/** The files by which an action hands values to the runner. Source: actions/runner, FileCommandManager.cs. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILES = /** @type {const} */ ({
  GITHUB_OUTPUT: 'set_output_',
  GITHUB_STATE: 'save_state_',
  GITHUB_ENV: 'set_env_',
  GITHUB_PATH: 'add_path_',
  GITHUB_STEP_SUMMARY: 'step_summary_',
});
const MAX_SUMMARY_BYTES = 1_048_576;

/** @typedef {Record<keyof typeof FILES, string>} CommandFiles */

/**
 * Creates the empty files of one stage and returns their paths, keyed by the variable that names them.
 *
 * @param {string} temp the runner's temporary folder
 * @returns {Promise<CommandFiles>}
 */
export async function createCommandFiles(temp) {
  const folder = join(temp, '_runner_file_commands');
  const id = randomUUID();
  await mkdir(folder, { recursive: true });
  const entries = Object.entries(FILES).map(([variable, prefix]) => [variable, join(folder, prefix + id)]);
  await Promise.all(entries.map(([, path]) => writeFile(path ?? '', '')));
  return Object.fromEntries(entries);
}

/**
 * Takes over what a stage wrote into its files; a bad file becomes an error of the step, as on the runner.
 *
 * Values before a bad line are kept, the ones behind it are lost.
 *
 * @param {CommandFiles} files
 * @param {import('./step-log.mjs').StepLog} log
 * @returns {Promise<{ summary: string }>} the summary as it would be uploaded; empty when it is too large
 */
export async function applyCommandFiles(files, log) {
  await applyPairs(files.GITHUB_OUTPUT, 'output', log, (name, value) => log.setOutput(name, value));
  await applyPairs(files.GITHUB_STATE, 'state', log, (name, value) => log.setState(name, value));
  await applyPairs(files.GITHUB_ENV, 'env', log, (name, value) => {
    if (name.toUpperCase() === 'NODE_OPTIONS') {
      log.annotate('error', "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.", {});
    } else log.setEnv(name, value);
  });
  const paths = await readWritten(files.GITHUB_PATH, 'path', log);
  for (const path of paths.split(/\r?\n/)) if (path !== '') log.addPath(path);
  return { summary: await readSummary(files.GITHUB_STEP_SUMMARY, log) };
}

/**
 * @param {string} path
 * @param {string} name
 * @param {import('./step-log.mjs').StepLog} log
 * @param {(name: string, value: string) => void} set
 */
async function applyPairs(path, name, log, set) {
  try {
    for (const [key, value] of readPairs(await readWritten(path, name, log))) set(key, value);
  } catch (error) {
    failFile(name, error, log);
  }
}

/**
 * @param {string} path
 * @param {string} name
 * @param {import('./step-log.mjs').StepLog} log
 */
async function readWritten(path, name, log) {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    // The runner passes over a file that the step deleted.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    failFile(name, error, log);
    return '';
  }
}

/**
 * @param {string} name
 * @param {unknown} error
 * @param {import('./step-log.mjs').StepLog} log
 */
function failFile(name, error, log) {
  log.annotate('error', `Unable to process file command '${name}' successfully.`, {});
  log.annotate('error', error instanceof Error ? error.message : String(error), {});
  log.fail();
}

/**
 * @param {string} path
 * @param {import('./step-log.mjs').StepLog} log
 */
async function readSummary(path, log) {
  const summary = await readWritten(path, 'step_summary', log);
  const bytes = Buffer.byteLength(summary);
  if (bytes <= MAX_SUMMARY_BYTES) return summary;
  const got = Math.ceil(bytes / 1024);
  log.annotate(
    'error',
    `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${got}k.`,
    {},
  );
  return '';
}

/**
 * Yields the pairs of `NAME=VALUE` lines and `NAME<<DELIMITER` blocks; whichever sign comes first decides.
 *
 * @param {string} text
 * @returns {Generator<[name: string, value: string]>}
 */
export function* readPairs(text) {
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (heredoc >= 0 && (equals < 0 || heredoc < equals)) {
      const delimiter = line.slice(heredoc + 2);
      if (heredoc === 0 || delimiter === '') {
        throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`);
      }
      const end = lines.indexOf(delimiter, at + 1);
      if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
      yield [line.slice(0, heredoc), lines.slice(at + 1, end).join('\n')];
      at = end;
    } else if (equals > 0) {
      yield [line.slice(0, equals), line.slice(equals + 1)];
    } else {
      throw new Error(`Invalid format '${line}'${equals === 0 ? '. Name must not be empty' : ''}`);
    }
  }
}
