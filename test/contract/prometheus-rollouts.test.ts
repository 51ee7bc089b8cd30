/** Rollouts that are promoted and rolled back on numbers that went through a real Prometheus, and on no others. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { main } from '../../src/action/main.ts';
import { type EmulatorOptions, startEmulator } from '../../src/emulator/server.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { inputDefaults } from '../support/manifest.ts';
import { findPrometheus, type RealPrometheus, startRealPrometheus } from '../support/real-prometheus.ts';
import { recipeIn } from '../support/recipes.ts';
import { createRecordingShell } from '../support/recording-shell.ts';

const binary = findPrometheus();
const TOKEN = 'prom-5ecret-token';
const TIMES = `model: radiology-v1
version: 2.0.0
stages: [5%, 25%, 100%]
soak: 6s
bake: 6s
max_wait: 60s
`;
const PLAN = `${TIMES}gates: { error_rate: 5%, crash_rate: none }
metrics:
  error_rate:
    source: prometheus
    events: 'sum(increase(octomil_requests_failed_total{model_version="{{version}}"}[{{window}}])) or vector(0)'
    trials: 'sum(increase(octomil_requests_total{model_version="{{version}}"}[{{window}}]))'
    devices: 'sum(octomil_devices{model_version="{{version}}"})'
`;

/** The limit alone decides: one class in ten that fails in a quarter of its requests keeps the whole fleet below it. */
const SEGMENTED_PLAN = `${TIMES}gates: { error_rate: { max: 5%, baseline: none }, crash_rate: none, latency_p95: { max: 2s, severity: warn } }
${recipeIn('docs/metrics.md', 'segments')}
`;

interface Row {
  readonly what: string;
  readonly plan: string;
  readonly emulated: Partial<EmulatorOptions>;
  /** What the log says of the ending. */
  readonly says: RegExp;
  readonly gives: { readonly exitCode: 0 | 1; readonly outcome: string; readonly reason: string };
  readonly serving: string;
}

// The API of this profile has no health route, so every number can only have come through Prometheus.
const ROWS: readonly Row[] = [
  {
    what: 'candidate is healthy',
    plan: PLAN,
    // The previous version ends slowly, so that its totals are extrapolated less and less.
    emulated: { scenario: 'healthy', syncMs: 3_000 },
    says: /error rate .* of [0-9.]+ requests/,
    gives: { exitCode: 0, outcome: 'completed', reason: 'completed_unconfirmed_devices' },
    serving: '2.0.0',
  },
  {
    what: 'candidate fails',
    plan: PLAN,
    emulated: { scenario: 'error-spike' },
    says: /Rolled back .*error rate \d/,
    gives: { exitCode: 1, outcome: 'rolled_back', reason: 'gate_failed_unconfirmed_devices' },
    serving: '1.0.0',
  },
  {
    what: 'candidate fails on one class of devices',
    plan: SEGMENTED_PLAN,
    emulated: { scenario: 'segment-errors', scenarioSettings: { errorRatio: 0.25 }, devices: 1_000 },
    says: /Rolled back .*error rate on device_class phone-low \d/,
    gives: { exitCode: 1, outcome: 'rolled_back', reason: 'gate_failed_unconfirmed_devices' },
    serving: '1.0.0',
  },
];

describe.skipIf(binary === null)('a rollout that is watched through Prometheus', () => {
  it.concurrent.each(ROWS)('ends $gives.outcome when the $what', async (row) => {
    const clock = systemClock();
    const temp = await mkdtemp(join(tmpdir(), 'rollout-prometheus-run-'));
    const emulator = await startEmulator({
      clock,
      ...row.emulated,
      profile: 'documented',
      requestsPerHour: 36_000,
    });
    const prometheus = await startRealPrometheus({
      binary: binary ?? '',
      target: new URL(emulator.origin).host,
    });
    try {
      await knowsTheBaseline(prometheus);
      const shell = createRecordingShell(
        {
          'api-key': 'edg_test_integration_0123456789',
          'api-url': emulator.url,
          'prometheus-url': prometheus.url,
          'prometheus-token': TOKEN,
          'poll-interval': '1s',
          'rate-limit': '1000',
          plan: row.plan,
        },
        inputDefaults(),
        { RUNNER_TEMP: temp, GITHUB_WORKSPACE: temp },
      );
      const signal = new AbortController().signal;
      const exitCode = await main(shell, { clock, random: () => 0.5, signal });
      const { outcome, 'reason-code': reason } = shell.outputs;
      expect({ exitCode, outcome, reason }, shell.lines.join('\n')).toEqual(row.gives);
      expect(emulator.requests.filter(({ path }) => path.endsWith('/health'))).toEqual([]);
      expect(shell.lines.join('\n')).toMatch(row.says);
      expect(shell.lines.join('\n')).not.toContain('error rate error');
      expect(shell.summary()).toMatch(/error rate .* of [0-9.]+ requests/);
      const said = [
        ...shell.lines,
        shell.summary(),
        JSON.stringify([shell.outputs, shell.states, shell.errors]),
      ];
      expect(said.join('\n')).not.toContain(TOKEN);
      const { devices } = emulator.state();
      expect(devices.onVersion[row.serving]).toBeGreaterThanOrEqual(0.95 * devices.reachable);
    } finally {
      await prometheus.stop();
      await emulator.close();
      await rm(temp, { recursive: true, force: true });
    }
  });
});

/** Resolves when a few samples of the version that serves at the start are there, as on any running fleet. */
async function knowsTheBaseline({ url }: RealPrometheus): Promise<void> {
  const query = 'min(count_over_time(octomil_requests_total{model_version="1.0.0"}[1m])) > 12';
  await vi.waitFor(
    async () => {
      const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
      expect(await answer.json()).toMatchObject({ data: { result: [{}] } });
    },
    { timeout: 30_000, interval: 100 },
  );
}
