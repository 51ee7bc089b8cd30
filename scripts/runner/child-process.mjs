/** Runs one process as the runner does, and ends it as the runner does: SIGINT, SIGTERM, SIGKILL. */
import { spawn } from 'node:child_process';
import { createLineSplitter } from './line-splitter.mjs';

// actions/runner 258d6c857d, ProcessInvoker.cs: how long a cancelled process may take.
const INTERRUPT_MS = 7_500;
const TERMINATE_MS = 2_500;

/** @type {Set<() => void>} */
const running = new Set();

/**
 * Runs a process to its end and returns how it ended.
 *
 * The child leads a process group of its own, so that nothing it started outlives it; it also dies with
 * the process that runs this.
 *
 * @param {object} options
 * @param {string} options.node path of the node binary
 * @param {string} options.script
 * @param {string} options.cwd
 * @param {Record<string, string>} options.env
 * @param {(line: string) => void} options.onLine
 * @param {AbortSignal} options.cancelled ends the process step by step once it is aborted
 * @param {AbortSignal} options.killed ends the process and what it started at once when it is aborted
 * @param {{ interruptMs?: number | undefined, terminateMs?: number | undefined }} options.grace
 * @returns {Promise<{ exitCode: number | null, signal: NodeJS.Signals | null }>}
 */
export function runProcess({ node, script, cwd, env, onLine, cancelled, killed, grace }) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [script], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    /** @type {NodeJS.Timeout | undefined} */
    let timer;

    const killTree = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // ESRCH: nothing of the group is left, which is what was wanted.
      }
    };
    const end = () => {
      child.kill('SIGINT');
      timer = setTimeout(() => {
        child.kill('SIGTERM');
        timer = setTimeout(killTree, grace.terminateMs ?? TERMINATE_MS);
      }, grace.interruptMs ?? INTERRUPT_MS);
    };
    const settle = () => {
      clearTimeout(timer);
      cancelled.removeEventListener('abort', end);
      killed.removeEventListener('abort', killTree);
      running.delete(killTree);
    };

    dieTogether(killTree);
    for (const stream of [child.stdout, child.stderr]) {
      const splitter = createLineSplitter(onLine);
      stream.on('data', splitter.push);
      stream.on('end', splitter.end);
    }
    child.on('error', (error) => {
      settle();
      reject(
        new Error(`Cannot start ${node}: ${error.message}. Give the path of a node binary.`, {
          cause: error,
        }),
      );
    });
    // Whatever the process left behind could hold its output open for ever.
    child.on('exit', killTree);
    child.on('close', (exitCode, signal) => {
      settle();
      resolve({ exitCode, signal });
    });
    if (killed.aborted) killTree();
    else killed.addEventListener('abort', killTree, { once: true });
    if (cancelled.aborted) end();
    else cancelled.addEventListener('abort', end, { once: true });
  });
}

/**
 * Has `kill` called when this process exits. One listener serves all, as many runs may be under way.
 *
 * @param {() => void} kill
 */
function dieTogether(kill) {
  if (process.listeners('exit').every((listener) => listener !== killAll)) process.on('exit', killAll);
  running.add(kill);
}

function killAll() {
  for (const kill of running) kill();
}
