/** Gates per segment, over real HTTP: a fault of one class of phones, a tenth of the fleet. */
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/core/units.ts';
import type { EmulatorOptions } from '../../src/emulator/emulator-options.ts';
import { type EmulatedRun, withEmulator, writesOf } from '../support/emulated-run.ts';

const STAGES = 'model: radiology-v1\nversion: 2.0.0\nstages: [1%, 10%, 50%, 100%]\nsoak: 1h\nbake: 1h\n';
const SEGMENTS = 'segments: { by: [device_class, os, region], min_devices: 20 }\n';

/** A fleet of phones with little traffic; one in ten is a small one. */
const PHONES: Partial<EmulatorOptions> = {
  devices: 10_000,
  requestsPerHour: 12,
  syncMs: 30_000,
  segments: true,
};

/** One in twenty requests of small phones fails from 10% on, five times what they did before. */
const FAULT: Partial<EmulatorOptions> = {
  scenario: 'segment-errors',
  scenarioSettings: { atPercentage: 10, errorRatio: 0.05 },
};

/** More seeds by hand: ROLLOUT_SEEDS=300. */
const SEEDS = Number(process.env['ROLLOUT_SEEDS'] ?? 4);
const TIMEOUT_MS = 60_000 * Math.ceil(SEEDS / 8);

interface Ending {
  readonly outcome: string;
  readonly percentage: string;
  readonly minutes: number;
  readonly log: string;
}

async function endingsOf(options: Partial<EmulatorOptions>, plan: string): Promise<readonly Ending[]> {
  const endings: Ending[] = [];
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    await withEmulator({ ...PHONES, ...options, seed }, async ({ run, clock }) => {
      const from = clock.now();
      const { outcome, shell } = await run({ plan, 'poll-interval': '5m', timeout: '20h' });
      const minutes = (clock.now() - from) / MINUTE_MS;
      endings.push({ outcome, minutes, percentage: caughtAt(shell.lines), log: shell.lines.join('\n') });
    });
  }
  if (process.env['ROLLOUT_SEEDS'] !== undefined) console.log(figuresOf(endings));
  return endings;
}

/** The percentage at which the rollback was issued; empty where there was none. */
function caughtAt(lines: readonly string[]): string {
  return /Rolled back .* at (\d+%)/.exec(lines.join('\n'))?.[1] ?? '';
}

const NAMED = /Rolled back .*error rate on device_class phone-low \d/;

function figuresOf(endings: readonly Ending[]): string {
  const minutes = endings.map((each) => each.minutes).sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round((minutes[Math.floor(share * (minutes.length - 1))] ?? 0) - 60);
  const count = (outcome: string, percentage: string): number =>
    endings.filter((each) => each.outcome === outcome && each.percentage === percentage).length;
  return [
    `${endings.length} rollouts: ${count('completed', '')} completed`,
    `rolled back ${count('rolled_back', '10%')} at 10%, ${count('rolled_back', '50%')} at 50%`,
    `${endings.filter(({ log }) => NAMED.test(log)).length} name the segment`,
    `minutes after 10%: median ${at(0.5)}, 95% ${at(0.95)}`,
  ].join('; ');
}

function ended({ outcome, reason }: EmulatedRun): string {
  return `${outcome}: ${reason}`;
}

describe('a version that makes five times the errors on one class of phones, a tenth of the fleet', () => {
  it(
    'is rolled back at 10% by its segment, which is named',
    async () => {
      const endings = await endingsOf(FAULT, STAGES + SEGMENTS);
      for (const { outcome, percentage, log } of endings) {
        expect([outcome, percentage], log).toEqual(['rolled_back', '10%']);
      }
      // Now and then the whole fleet proves it at the same look, with more evidence.
      const named = endings.filter(({ log }) => NAMED.test(log));
      expect(named.length / SEEDS).toBeGreaterThan(0.9);
    },
    TIMEOUT_MS,
  );

  it(
    'takes the whole fleet longer to show',
    async () => {
      const bySegments = await endingsOf(FAULT, STAGES + SEGMENTS);
      const byFleet = await endingsOf(FAULT, STAGES);
      const total = (endings: readonly Ending[]): number =>
        endings.reduce((sum, { minutes }) => sum + minutes, 0);
      expect(total(byFleet)).toBeGreaterThan(total(bySegments) + SEEDS * 15);
    },
    TIMEOUT_MS,
  );
});

describe('a healthy version on a fleet in which one phone in fifty makes nearly all errors', () => {
  it(
    'is promoted to the end with segments too',
    async () => {
      const endings = await endingsOf({ scenario: 'clustered' }, STAGES + SEGMENTS);
      const completed = endings.filter(({ outcome }) => outcome === 'completed');
      expect(completed.length / SEEDS).toBeGreaterThanOrEqual(0.99);
    },
    TIMEOUT_MS,
  );
});

describe('segments', () => {
  const plan = 'model: radiology-v1\nversion: 2.0.0\nstages: [10%, 100%]\nsoak: 20m\nbake: 10m\n';

  it('that the source cannot tell apart leave the whole fleet to decide, and the plan says so', () =>
    withEmulator({ ...PHONES, devices: 1_000, segments: false }, async ({ run }) => {
      const inputs = { plan: plan + SEGMENTS, 'poll-interval': '5m', timeout: '20h' };
      const planned = await run({ ...inputs, command: 'plan' });
      expect(planned.shell.lines.join('\n')).toContain(
        'segments: the source does not tell device_class, os, region apart, so the whole fleet decides alone',
      );
      const result = await run(inputs);
      expect(ended(result)).toBe('completed: completed');
      expect(result.shell.lines.join('\n')).toContain('so the whole fleet decides alone');
    }));

  it('cost one more request for each look', () =>
    withEmulator({ ...PHONES, devices: 1_000 }, async ({ run, emulator }) => {
      const result = await run({ plan: plan + SEGMENTS, 'poll-interval': '5m', timeout: '20h' });
      expect(ended(result), result.shell.lines.join('\n')).toBe('completed: completed');
      const asked = emulator.requests.filter(({ path }) => path.endsWith('/health'));
      const bySegment = asked.filter(({ query }) => query['by'] === 'device_class,os,region');
      const looks = result.shell.lines.filter((line) => line.includes('stage 1/2')).length;
      expect(looks).toBeGreaterThan(2);
      expect(bySegment.length).toBeGreaterThanOrEqual(looks - 1);
      expect(writesOf(emulator).length).toBeGreaterThan(0);
    }));
});
