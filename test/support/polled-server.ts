/** Starts the control plane of the polling tests in another thread: its memory is not the action's. */
import { Worker } from 'node:worker_threads';

/** A server in a thread of its own. */
export interface PolledServer {
  readonly url: string;
  stop(): Promise<unknown>;
}

/** Starts the server; resolves when it listens, rejects when the thread fails. */
export async function startPolledServer(): Promise<PolledServer> {
  const register = new URL('../../scripts/typescript/register.mjs', import.meta.url);
  const worker = new Worker(new URL('./long-polling-server.ts', import.meta.url), {
    execArgv: ['--import', register.href],
  });
  const url = await new Promise<string>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  return { url, stop: () => worker.terminate() };
}
