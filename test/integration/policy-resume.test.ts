/** A rollout whose job ends between two steps of an organisation's policy, on the next run. */
import { expect, it } from 'vitest';
import { withEmulator } from '../support/emulated-run.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PLAN =
  'model: radiology-v1\nversion: 2.0.0\nstages: [5%, 25%, 100%]\nsoak: 1h\nbake: 30m\ndeadline: 1d\n';
const POLICY = { maxRolloutStep: 25, minRolloutDurationMs: 2 * HOUR };

it('goes on with the next step when it is allowed, without soaking again', () =>
  withEmulator(
    { requestsPerHour: 60, devices: 1000, policy: POLICY },
    async ({ run, emulator, clock, at }) => {
      const inputs = { plan: PLAN, 'org-id': 'org_demo', 'poll-interval': '5m' };
      const stop = new AbortController();
      at(clock.now() + 5 * HOUR, () => stop.abort());
      const first = await run({ ...inputs, timeout: '1d' }, { signal: stop.signal });
      expect(first.outcome, first.shell.lines.join('\n')).toBe('cancelled');
      const second = await run({ ...inputs, timeout: '1d' });
      expect(second.outcome, second.shell.lines.join('\n')).toBe('completed');
      const raised = new Map<number, number>();
      for (const { path, body, at, status } of emulator.requests) {
        const { percentage = 0 } = (body ?? {}) as { percentage?: number };
        if (path.endsWith('/update-percentage') && status === 200 && !raised.has(percentage)) {
          raised.set(percentage, at);
        }
      }
      expect([...raised.keys()]).toEqual([5, 25, 50, 75, 100]);
      const times = [...raised.values()].slice(1);
      const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
      for (const gap of gaps) {
        expect(gap).toBeGreaterThanOrEqual(2 * HOUR);
        expect(gap).toBeLessThanOrEqual(2 * HOUR + 15 * MINUTE);
      }
    },
  ));
