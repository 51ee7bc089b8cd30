/** Starts the bundled emulator as a process of its own, and ends it for certain. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const START_TIMEOUT_MS = 10_000;

/** @typedef {{ url: string, readState(): Promise<unknown>, stop(): void }} EmulatorProcess */

/**
 * Starts the emulator and resolves once it listens.
 *
 * Errors: rejects with what the emulator wrote when it ends or says nothing within ten seconds.
 *
 * @param {string} script path of the emulator's bundle
 * @param {readonly string[]} flags
 * @returns {Promise<EmulatorProcess>}
 */
export async function startEmulator(script, flags) {
  const child = spawn(process.execPath, [script, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => {
    child.kill('SIGKILL');
    process.removeListener('exit', stop);
  };
  process.once('exit', stop);
  try {
    const { url } = await readAddress(child);
    return { url, stop, readState: () => readState(new URL('/_emulator/state', url)) };
  } catch (error) {
    stop();
    throw error;
  }
}

/**
 * @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, import('node:stream').Readable>} child
 * @returns {Promise<{ url: string }>}
 */
function readAddress(child) {
  return new Promise((resolve, reject) => {
    let complaint = '';
    const fail = (/** @type {string} */ what) => {
      clearTimeout(timer);
      reject(new Error(`The emulator ${what}. ${complaint.trim()}`.trim()));
    };
    const timer = setTimeout(() => fail('did not say where it listens within 10 s'), START_TIMEOUT_MS);
    child.stderr.on('data', (chunk) => {
      complaint = (complaint + chunk).slice(-2_000);
    });
    child.on('error', (error) => fail(`could not be started: ${error.message}`));
    child.on('exit', (code) => fail(`ended with exit code ${code}`));
    createInterface(child.stdout).once('line', (line) => {
      clearTimeout(timer);
      try {
        resolve({ url: new URL(JSON.parse(line).url).href });
      } catch {
        fail(`printed "${line.slice(0, 200)}" instead of {"url": …}`);
      }
    });
  });
}

/** @param {URL} address */
async function readState(address) {
  const response = await fetch(address, { signal: AbortSignal.timeout(5_000), redirect: 'error' });
  if (!response.ok)
    throw new Error(`GET ${address} answered ${response.status}; expected the emulator's state.`);
  return response.json();
}
