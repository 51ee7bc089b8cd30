/** A real Prometheus server that scrapes an emulator, where the machine has one. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** A running server. */
export interface RealPrometheus {
  /** Where it answers, with the path that it is served under. */
  readonly url: string;
  stop(): Promise<void>;
}

/** What the server is started with. */
export interface RealPrometheusOptions {
  readonly binary: string;
  /** The `host:port` whose `/metrics` is scraped four times a second; nothing is where it is left out. */
  readonly target?: string;
  /** Samples that it begins with, as OpenMetrics text with times. */
  readonly history?: string;
  /** Who may ask; everybody where it is left out. */
  readonly basicAuth?: { readonly user: string; readonly passwordBcrypt: string };
}

/** Every server is served under a path of its own, as behind a proxy. */
const PREFIX = '/prometheus';

/**
 * Returns the binary: `$PROMETHEUS`, else `prometheus` on PATH, else null.
 *
 * Errors: with `$REQUIRE_PROMETHEUS` a missing one is an error, so that nothing is left out by accident.
 */
export function findPrometheus(): string | null {
  const binary = process.env['PROMETHEUS'] || 'prometheus';
  if (spawnSync(binary, ['--version'], { stdio: 'ignore' }).status === 0) return binary;
  if (process.env['REQUIRE_PROMETHEUS'])
    throw new Error(`${binary} does not run, and REQUIRE_PROMETHEUS is set`);
  return null;
}

/** Returns the `promtool` that is installed with a Prometheus binary. */
export function promtoolOf(binary: string): string {
  return binary.includes('/') ? join(dirname(binary), 'promtool') : 'promtool';
}

/** Starts a server in a folder of its own; resolves when it answers queries. */
export async function startRealPrometheus(options: RealPrometheusOptions): Promise<RealPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'rollout-prometheus-'));
  const { basicAuth } = options;
  await writeFile(join(folder, 'prometheus.yml'), scrapeConfig(options.target));
  if (options.history !== undefined) await writeHistory(folder, options.binary, options.history);
  if (basicAuth !== undefined) {
    const users = { basic_auth_users: { [basicAuth.user]: basicAuth.passwordBcrypt } };
    await writeFile(join(folder, 'web.yml'), JSON.stringify(users));
  }
  const child = spawn(
    options.binary,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
      `--web.external-url=http://127.0.0.1${PREFIX}`,
      '--log.format=json',
      ...(basicAuth === undefined ? [] : [`--web.config.file=${join(folder, 'web.yml')}`]),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const address = await addressWhenReady(child);
  return {
    url: `http://${address}${PREFIX}`,
    async stop() {
      await ended(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function scrapeConfig(target: string | undefined): string {
  const targets = target === undefined ? [] : [target];
  return JSON.stringify({
    global: { scrape_interval: '250ms', scrape_timeout: '250ms' },
    scrape_configs: [{ job_name: 'emulator', static_configs: [{ targets }] }],
  });
}

async function writeHistory(folder: string, binary: string, history: string): Promise<void> {
  const file = join(folder, 'history.txt');
  await writeFile(file, history);
  const made = spawnSync(
    promtoolOf(binary),
    ['tsdb', 'create-blocks-from', 'openmetrics', file, join(folder, 'data')],
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`promtool did not take the history: ${made.stderr}${made.stdout}`);
}

function addressWhenReady(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stderr === null) throw new Error('Prometheus has no standard error');
    let address = '';
    let isReady = false;
    let lastLine = '';
    createInterface({ input: child.stderr }).on('line', (line) => {
      lastLine = line;
      const entry = logEntry(line);
      if (entry.msg === 'Listening on') address = entry.address ?? '';
      isReady ||= entry.msg?.startsWith('Server is ready') === true;
      // With or without a history, either may be logged first.
      if (isReady && address !== '') resolve(address);
    });
    child.once('exit', (code) => reject(new Error(`Prometheus ended with ${code}: ${lastLine}`)));
  });
}

function logEntry(line: string): { readonly msg?: string; readonly address?: string } {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    // It has nothing to save, and a graceful end takes seconds.
    child.kill('SIGKILL');
  });
}
