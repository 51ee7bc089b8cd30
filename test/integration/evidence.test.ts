/** Rollouts decided by evidence, over real HTTP: what is asked, what is caught, what is left alone. */
import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../src/core/units.ts';
import type { EmulatorOptions } from '../../src/emulator/emulator-options.ts';
import { type EmulatedRun, type EmulatedWorld, withEmulator, writesOf } from '../support/emulated-run.ts';

const STAGES = 'model: radiology-v1\nversion: 2.0.0\nstages: [1%, 10%, 50%, 100%]\nsoak: 1h\nbake: 1h\n';

/** A fleet with little traffic, in which devices follow within half a minute and the fault shows at 10%. */
const SPARSE: Partial<EmulatorOptions> = {
  devices: 10_000,
  requestsPerHour: 12,
  syncMs: 30_000,
  scenarioSettings: { atPercentage: 10 },
};

/** More seeds by hand: ROLLOUT_SEEDS=300. */
const SEEDS = Number(process.env['ROLLOUT_SEEDS'] ?? 6);

function ended({ outcome, reason }: EmulatedRun): string {
  return `${outcome}: ${reason}`;
}

function log(run: EmulatedRun): string {
  return run.shell.lines.join('\n');
}

interface Ending {
  readonly outcome: string;
  readonly minutes: number;
}

async function endingsOf(options: Partial<EmulatorOptions>, plan: string): Promise<readonly Ending[]> {
  const endings: Ending[] = [];
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    await withEmulator({ ...SPARSE, ...options, seed }, async ({ run, clock }) => {
      const from = clock.now();
      const { outcome } = await run({ plan, 'poll-interval': '5m', timeout: '20h' });
      endings.push({ outcome, minutes: (clock.now() - from) / MINUTE_MS });
    });
  }
  return endings;
}

describe('on a fleet in which one phone in fifty makes nearly all errors', () => {
  it(
    'a healthy version is promoted to the end',
    async () => {
      const endings = await endingsOf({ scenario: 'clustered' }, STAGES);
      const completed = endings.filter(({ outcome }) => outcome === 'completed');
      expect(completed.length / SEEDS).toBeGreaterThanOrEqual(0.99);
    },
    60_000 * Math.ceil(SEEDS / 20),
  );
});

describe('a version that makes five times the errors of 10 000 devices', () => {
  it(
    'is rolled back, for every seed',
    async () => {
      const scenarioSettings = { atPercentage: 10, errorRatio: 0.05 };
      const endings = await endingsOf({ scenario: 'error-spike', scenarioSettings }, STAGES);
      expect(endings.map(({ outcome }) => outcome)).toEqual(Array(SEEDS).fill('rolled_back'));
      // An hour at 1%, then it shows at 10%.
      expect(Math.max(...endings.map(({ minutes }) => minutes))).toBeLessThanOrEqual(60 + 45);
    },
    60_000 * Math.ceil(SEEDS / 20),
  );
});

/** Every window that was asked of the health route, as minutes since the rollout was created. */
function windowsAsked({ emulator }: EmulatedWorld): ReadonlySet<string> {
  const creation = emulator.requests.find(({ method, path }) => method === 'POST' && /rollouts$/.test(path));
  const createdAt = creation?.at ?? 0;
  const minute = (text: string | undefined): number =>
    Math.round((Date.parse(text ?? '') - createdAt) / MINUTE_MS);
  const asked = emulator.requests.filter(({ path, query }) => path.endsWith('/health') && 'to' in query);
  return new Set(asked.map(({ query }) => `${minute(query['from'])} to ${minute(query['to'])}`));
}

describe('a look', () => {
  it('asks for the stages before and for restart points inside a long stage', () =>
    withEmulator({ ...SPARSE, devices: 1_000 }, async (world) => {
      const plan = 'model: radiology-v1\nversion: 2.0.0\nstages: [1%, 10%, 100%]\nsoak: 3h\nbake: 10m\n';
      const run = await world.run({ plan, 'poll-interval': '30m', timeout: '20h' });
      expect(ended(run), log(run)).toBe('completed: completed');
      const windows = windowsAsked(world);
      // At 10%, half an hour after its entry: this stage, the stage before it, and three restart points.
      for (const window of ['180 to 210', '0 to 180', '205 to 210']) expect([...windows]).toContain(window);
      // Two hours in, the windows that restart are 5, 20 and 80 minutes long at least.
      expect([...windows]).toContain('180 to 300');
      expect([...windows]).toContain('280 to 300');
    }));

  it('tells what proof would take while it is missing', () =>
    withEmulator({ ...SPARSE, devices: 124 }, async ({ run }) => {
      const result = await run({ plan: STAGES, 'poll-interval': '5m', timeout: '20h' });
      expect(ended(result)).toBe('completed: completed');
      expect(log(result)).toMatch(/odds of harm 1:\d/);
    }));
});

interface Row {
  readonly fact: string;
  readonly options: Partial<EmulatorOptions>;
  readonly gates: string;
  readonly gives: string;
  /** Something that the log says about the gate that decided. */
  readonly says?: RegExp;
}

const BUSY: Partial<EmulatorOptions> = { devices: 1_000, requestsPerHour: 120, syncMs: 30_000 };

describe('a gate', () => {
  it.each<Row>([
    {
      fact: 'on the latency of the previous version passes a healthy one',
      options: {},
      gates: '{ latency_p95: { baseline: current, margin: 10% } }',
      gives: 'completed: completed',
    },
    {
      fact: 'on the latency of the previous version catches a slow one without any number in the plan',
      options: { scenario: 'latency' },
      gates: '{ latency_p95: { baseline: current, margin: 10% } }',
      gives: 'rolled_back: gate_failed',
      says: /p95 latency: .* slower than [\d.]+ ms.*worse than the previous version/,
    },
    {
      fact: 'on a percentile told without a histogram counts by interpolation',
      options: { scenario: 'latency', conflicts: { 'health-latency': 'percentiles' } },
      gates: '{ latency_p95: 400ms }',
      gives: 'rolled_back: gate_failed',
      says: /p95 latency: .* slower than 400 ms.*level 1/,
    },
    {
      fact: 'on a bare percentile decides by three windows and promises no rate',
      options: { scenario: 'latency', conflicts: { 'health-latency': 'bare' } },
      gates: '{ latency_p95: 400ms }',
      gives: 'rolled_back: gate_failed',
      says: /p95 latency [\d ]+ ms, limit 400 ms, in 3 of 3 windows — a bare value: no error rate can be promised/,
    },
    {
      fact: 'on the quality of answers passes a healthy version',
      options: {},
      gates: '{ quality: 90% }',
      gives: 'completed: completed',
    },
    {
      fact: 'on the quality of answers catches a worse one',
      options: { scenario: 'quality-drop' },
      gates: '{ quality: 90% }',
      gives: 'rolled_back: gate_failed',
      says: /quality [67]\d(\.\d+)?% .*at least 90%/,
    },
    {
      fact: 'on memory catches devices that run out of it',
      options: { scenario: 'memory-spike' },
      gates: '{ memory_rate: 2% }',
      gives: 'rolled_back: gate_failed',
      says: /out-of-memory rate/,
    },
    {
      fact: 'catches errors also where the source tells devices but not which had errors',
      options: { scenario: 'error-spike', conflicts: { 'health-devices': 'active' } },
      gates: '{ error_rate: 5% }',
      gives: 'rolled_back: gate_failed',
      says: /level 1\)/,
    },
    {
      fact: 'catches errors also where the source tells nothing about devices',
      options: { scenario: 'error-spike', conflicts: { 'health-devices': 'none' } },
      gates: '{ error_rate: 5%, crash_rate: none, adoption: none }',
      gives: 'rolled_back: gate_failed',
      says: /level 0\)/,
    },
    {
      fact: 'that must be proven passes when it is',
      options: {},
      gates: '{ error_rate: 5%, crash_rate: none }\npass_when: proven',
      gives: 'completed: completed',
    },
  ])('$fact', ({ options, gates, gives, says }) =>
    withEmulator({ ...BUSY, ...options }, async ({ run }) => {
      const plan = `model: radiology-v1\nversion: 2.0.0\nstages: [10%, 50%, 100%]\nsoak: 30m\nbake: 20m\ngates: ${gates}\n`;
      const result = await run({ plan, 'poll-interval': '1m', timeout: '20h' });
      expect(ended(result), log(result)).toBe(gives);
      if (says !== undefined) expect(log(result)).toMatch(says);
    }),
  );
});

describe('a gate on the latency of the previous version is refused before the first write', () => {
  const plan = `${STAGES}gates: { latency_p95: { baseline: current } }\n`;

  it.each<{ fact: string; options: Partial<EmulatorOptions>; says: string }>([
    {
      fact: 'when nothing is known from before the rollout',
      options: { historyMs: 0 },
      says: 'latency_p95 is compared with the previous version: nothing measured: the covered window is empty',
    },
    {
      fact: 'when there is no previous version',
      options: { firstEver: true },
      says: 'no completed rollout of another version was found',
    },
  ])('$fact', ({ options, says }) =>
    withEmulator({ ...SPARSE, ...options }, async ({ run, emulator }) => {
      const result = await run({ plan });
      expect(result.exitCode).toBe(1);
      expect(log(result) + (result.shell.outputs.decision ?? '')).toContain(says);
      expect(writesOf(emulator)).toEqual([]);
    }),
  );
});

describe('a run that adopts', () => {
  it('takes the decision of the run that watched, from the windows of the server alone', () =>
    withEmulator({ ...SPARSE, scenario: 'error-spike' }, async ({ run, clock, at }) => {
      const stop = new AbortController();
      at(clock.now() + HOUR_MS + 2 * MINUTE_MS, () => stop.abort());
      const inputs = { plan: STAGES, 'poll-interval': '5m', timeout: '20h', 'on-cancel': 'leave' };
      const first = await run(inputs, { signal: stop.signal });
      expect(first.outcome).toBe('cancelled');
      const second = await run(inputs);
      expect(ended(second), log(second)).toBe('rolled_back: gate_failed');
    }));
});
