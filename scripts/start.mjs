/** Rehearses two rollouts with the committed bundles, as the runner would start them, against the emulator. */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startEmulator } from './emulator-process.mjs';
import { runAction } from './stand-in-runner.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const EMULATOR = join(ROOT, 'dist/emulator/index.js');
const API_KEY = 'oct_sec_rehearsal';
const BASELINE = '1.0.0';
const CANDIDATE = '2.0.0';
const DEVICES = 124;
const RUN_TIMEOUT_MS = 25_000;
const TOTAL_TIMEOUT_MS = 60_000;
const PLAN = `model: radiology-v1
version: ${CANDIDATE}
stages: [5%, 25%, 100%]
soak: 4s
bake: 4s
`;
const USAGE = `Usage: npm start [-- --json]

Runs dist/index.js as the GitHub runner would, twice, against a local emulator of the Octomil API: once
healthy, once with a candidate whose errors break the gate at 25%. Needs Node 20 or newer and no install.
Job summaries and reports are written to .demo/. Exits 0 when both rollouts ended as they should.

  --json  prints one JSON object per run instead of the job's log
`;

/** What each scenario has to end like. */
const SCENARIOS = /** @type {const} */ ([
  { name: 'healthy', outcome: 'completed', exitCode: 0, rolledBackTo: null, candidateDevices: DEVICES },
  { name: 'error-spike', outcome: 'rolled_back', exitCode: 1, rolledBackTo: BASELINE, candidateDevices: 0 },
]);

/** @typedef {typeof SCENARIOS[number]} Scenario */

/**
 * What a run came to; device counts are the emulator's own truth, not what the action reported.
 *
 * @typedef {object} Ending
 * @property {string} scenario
 * @property {string | null} outcome
 * @property {string | null} reasonCode
 * @property {number | null} exitCode
 * @property {number | null} percentage
 * @property {number} devicesOnVersion
 * @property {number} devicesTotal
 * @property {string | null} rolledBackTo
 */

/**
 * Runs one scenario and returns how it ended. The emulator is gone afterwards, whatever happened.
 *
 * @param {Scenario} scenario
 * @param {(line: string) => void} print
 * @returns {Promise<{ ending: Ending, summaryPath: string }>}
 */
async function rehearse({ name }, print) {
  const folder = join(ROOT, '.demo', name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const flags = [
    '--scenario',
    name,
    '--profile',
    'full',
    '--devices',
    String(DEVICES),
    '--requests-per-hour',
    '36000',
    '--port',
    '0',
  ];
  const emulator = await startEmulator(EMULATOR, flags);
  try {
    const result = await runAction({
      root: ROOT,
      workspace: join(folder, 'workspace'),
      temp: join(folder, 'temp'),
      inputs: {
        command: 'run',
        plan: PLAN,
        'api-key': API_KEY,
        'api-url': emulator.url,
        'org-id': 'org_demo',
        'poll-interval': '2s',
        timeout: '1m',
      },
      secrets: [API_KEY],
      onLine: print,
      timeoutMs: RUN_TIMEOUT_MS,
      grace: { interruptMs: 2_000, terminateMs: 500 },
    });
    const summaryPath = join(folder, 'summary.md');
    await writeFile(summaryPath, result.summary);
    const devices = readDevices(await emulator.readState());
    return { ending: toEnding(name, result, devices), summaryPath };
  } finally {
    emulator.stop();
  }
}

/**
 * @param {string} scenario
 * @param {import('./stand-in-runner.d.mts').StepResult} result
 * @param {{ onVersion: Record<string, number>, total: number }} devices
 * @returns {Ending}
 */
function toEnding(scenario, { outputs, exitCode }, devices) {
  const outcome = outputs['outcome'] ?? null;
  const percentage = Number.parseFloat(outputs['percentage'] ?? '');
  return {
    scenario,
    outcome,
    reasonCode: outputs['reason-code'] ?? null,
    exitCode,
    percentage: Number.isNaN(percentage) ? null : percentage,
    devicesOnVersion: devices.onVersion[CANDIDATE] ?? 0,
    devicesTotal: devices.total,
    rolledBackTo: outcome === 'rolled_back' ? (outputs['previous-version'] ?? null) : null,
  };
}

/**
 * @param {unknown} state
 * @returns {{ onVersion: Record<string, number>, total: number }}
 */
function readDevices(state) {
  const devices = /** @type {any} */ (state)?.devices;
  if (typeof devices?.total !== 'number' || typeof devices.onVersion !== 'object') {
    throw new Error(
      'The emulator told no devices; expected devices.total and devices.onVersion in its state.',
    );
  }
  return devices;
}

/**
 * @param {Scenario} scenario
 * @param {Ending} ending
 */
function isAsExpected({ outcome, exitCode, rolledBackTo, candidateDevices }, ending) {
  return (
    ending.outcome === outcome &&
    ending.exitCode === exitCode &&
    ending.rolledBackTo === rolledBackTo &&
    ending.devicesOnVersion === candidateDevices &&
    ending.devicesTotal === DEVICES
  );
}

/**
 * @param {Scenario} scenario
 * @param {Ending} ending
 */
function describeEnding(scenario, ending) {
  const verdict = isAsExpected(scenario, ending)
    ? 'as it should be'
    : `NOT as it should be (${scenario.outcome})`;
  const back = ending.rolledBackTo === null ? '' : `, back on ${ending.rolledBackTo}`;
  const devices = `${ending.devicesOnVersion} of ${ending.devicesTotal} devices run ${CANDIDATE}`;
  const how = `${ending.outcome ?? 'no outcome'} (${ending.reasonCode ?? 'no reason'}), exit ${ending.exitCode}`;
  return `${scenario.name}: ${how}${back}; ${devices}: ${verdict}`;
}

async function main() {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help === true) {
    process.stdout.write(USAGE);
    process.exitCode = 0;
    return;
  }
  const missing = [join(ROOT, 'dist/index.js'), EMULATOR].filter((path) => !existsSync(path));
  if (missing.length > 0) {
    const names = missing.map((path) => relative(ROOT, path)).join(' and ');
    throw new Error(`${names} missing; run \`npm ci && npm run build\`.`);
  }
  const print = values.json === true ? () => {} : console.log;
  const rehearsals = [];
  for (const scenario of SCENARIOS) {
    print(`\n=== ${scenario.name}: radiology-v1 ${BASELINE} → ${CANDIDATE} on ${DEVICES} devices ===\n`);
    const { ending, summaryPath } = await rehearse(scenario, print);
    if (values.json === true) console.log(JSON.stringify(ending));
    rehearsals.push({ scenario, ending, summaryPath });
  }
  print('');
  for (const { summaryPath } of rehearsals) print(`Job summary: ${relative(process.cwd(), summaryPath)}`);
  for (const { scenario, ending } of rehearsals) print(describeEnding(scenario, ending));
  if (rehearsals.every(({ scenario, ending }) => isAsExpected(scenario, ending))) process.exitCode = 0;
}

process.exitCode = 1;
// Leaving by exit() ends the children, which a signal alone would not.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
  process.once(signal, () => process.exit(1));
setTimeout(() => {
  console.error('npm start failed: not done within a minute.');
  process.exit(1);
}, TOTAL_TIMEOUT_MS).unref();
main().catch((error) => {
  console.error(`npm start failed: ${error instanceof Error ? error.message : String(error)}`);
});
