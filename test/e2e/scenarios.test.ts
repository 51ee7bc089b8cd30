/** Every named scenario on both profiles, from the committed bundles, on every Node that the action supports. */
import { describe, expect, it } from 'vitest';
import { API_KEY, rehearse, startEmulatorProcess } from '../support/rehearsal.ts';
import { findRuntimes } from '../support/runtimes.ts';

const STAGES = `
model: radiology-v1
version: 2.0.0
stages: [5%, 25%, 100%]
soak: 4s
bake: 4s
max_wait: 12s
`;
const UNGATED = `${STAGES}gates: none\nunwatched: accepted\n`;
const FLEET = ['--devices', '124', '--requests-per-hour', '36000', '--sync-seconds', '1', '--seed', '7'];

interface Row {
  readonly scenario: string;
  readonly profile: 'full' | 'documented';
  readonly plan: string;
  readonly flags?: readonly string[];
  readonly gives: {
    readonly outcome: string;
    readonly reason: string;
    readonly exitCode: 0 | 1;
    readonly serving: '1.0.0' | '2.0.0' | 'both';
  };
}

const completed = { outcome: 'completed', exitCode: 0, serving: '2.0.0' } as const;
const rolledBack = { outcome: 'rolled_back', exitCode: 1, serving: '1.0.0' } as const;
const unwatched = { ...completed, reason: 'completed_unconfirmed_devices' } as const;

const ROWS: readonly Row[] = [
  { scenario: 'healthy', profile: 'full', plan: STAGES, gives: { ...completed, reason: 'completed' } },
  { scenario: 'error-spike', profile: 'full', plan: STAGES, gives: { ...rolledBack, reason: 'gate_failed' } },
  { scenario: 'crash-spike', profile: 'full', plan: STAGES, gives: { ...rolledBack, reason: 'gate_failed' } },
  {
    scenario: 'slow-burn',
    profile: 'full',
    plan: STAGES.replace('soak: 4s', 'soak: 6s'),
    flags: ['--stage-soak-seconds', '6'],
    gives: { ...rolledBack, reason: 'gate_failed' },
  },
  {
    scenario: 'latency',
    profile: 'full',
    plan: `${STAGES}gates: { latency_p95: 500ms }\n`,
    gives: { ...rolledBack, reason: 'gate_failed' },
  },
  {
    scenario: 'no-data',
    profile: 'full',
    plan: STAGES.replace('max_wait: 12s', 'max_wait: 4s'),
    gives: { outcome: 'held', reason: 'deadline_passed', exitCode: 1, serving: 'both' },
  },
  { scenario: 'offline', profile: 'full', plan: STAGES, gives: { ...completed, reason: 'completed' } },
  {
    scenario: 'auto-rollback',
    profile: 'full',
    plan: `${STAGES}gates: { error_rate: { max: 95%, baseline: none }, crash_rate: { max: 95%, baseline: none } }\n`,
    gives: { ...rolledBack, reason: 'rolled_back_by_server' },
  },
  { scenario: 'clustered', profile: 'full', plan: STAGES, gives: { ...completed, reason: 'completed' } },
  ...['healthy', 'error-spike', 'crash-spike', 'slow-burn', 'latency', 'no-data', 'offline', 'clustered'].map(
    (scenario): Row => ({ scenario, profile: 'documented', plan: UNGATED, gives: unwatched }),
  ),
  {
    scenario: 'auto-rollback',
    profile: 'documented',
    plan: UNGATED,
    gives: { ...rolledBack, reason: 'rolled_back_by_server_unconfirmed_devices' },
  },
];

describe.each(findRuntimes())('on Node $version', ({ path: node }) => {
  it.concurrent.each(ROWS)(
    '$scenario on the $profile profile ends $gives.outcome ($gives.reason)',
    async (row) => {
      const flags = ['--scenario', row.scenario, '--profile', row.profile, ...FLEET, ...(row.flags ?? [])];
      const emulator = await startEmulatorProcess(flags, node);
      try {
        const step = await rehearse({ emulator, node, inputs: { plan: row.plan } });
        const log = step.log.join('\n');
        const { devices } = await emulator.state();
        expect({ outcome: step.outputs['outcome'], reason: step.outputs['reason-code'] }, log).toEqual({
          outcome: row.gives.outcome,
          reason: row.gives.reason,
        });
        expect(step.exitCode).toBe(row.gives.exitCode);
        expect(step.annotations.filter((each) => each.type === 'error')).toHaveLength(row.gives.exitCode);
        expect(step.summary).toContain('radiology-v1');
        if (row.gives.serving !== 'both') {
          const reachableOn = devices.onVersion[row.gives.serving] ?? 0;
          expect(reachableOn, JSON.stringify(devices)).toBeGreaterThanOrEqual(0.95 * devices.reachable);
        }
        const said = step.rawLines.filter((line) => !line.startsWith('::add-mask::'));
        const left = [...said, step.rawSummary, ...Object.values(step.rawOutputs)].join('\n');
        expect(left).not.toContain(API_KEY);
      } finally {
        await emulator.stop();
      }
    },
  );
});
