/** A cell of the fault matrix in real time, where a rollout may need a request less than the one that was measured. */
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/emulator/fault.ts';
import { playCell, type Stage } from '../support/fault-matrix.ts';
import { byRuns } from '../support/matrix-drivers.ts';
import { MATRIX_FAULTS } from '../support/matrix-faults.ts';
import type { Attempt } from '../support/matrix-promises.ts';
import { CANDIDATE, MATRIX_SETTINGS } from '../support/matrix-setting.ts';
import type { MatrixWorld } from '../support/matrix-worlds.ts';

const [setting] = MATRIX_SETTINGS;
const [, , , , fault] = MATRIX_FAULTS;
const COMPLETED: Attempt = {
  exitCode: 0,
  outcome: 'completed',
  reason: 'completed',
  nextLookAt: null,
  log: [],
  postExitCode: null,
};
const TRUTH = { past: [], devices: { reachable: 10, reachableOnVersion: { [CANDIDATE]: 10 } } };

/** A column whose first rollout needs as many requests as the first of `needs`, and so on; the last for ever. */
function columnThatNeeds(needs: readonly number[]): { readonly stage: Stage; readonly faulty: number[] } {
  if (setting === undefined) throw new Error('the matrix has no column');
  const faulty: number[] = [];
  let played = 0;
  const open: Stage['open'] = async (_setting, use) => {
    const count = needs[Math.min(played, needs.length - 1)] ?? 0;
    played += 1;
    const faults: Fault[] = [];
    const requests: object[] = [];
    const emulator = { requests, state: () => TRUTH, queueFault: (each: Fault) => faults.push(each) };
    const act = async (): Promise<Attempt> => {
      for (let request = 0; request < count; request += 1) {
        requests.push({ method: 'GET', path: '/', status: 200 });
        const hit = faults.find(({ after }) => after === request);
        if (hit !== undefined) faulty.push(request);
        hit?.onHit?.();
      }
      return COMPLETED;
    };
    await use({
      emulator,
      act,
      pace: { soak: '2s', soakMs: 2_000, maxWait: '20s' },
    } as unknown as MatrixWorld);
  };
  return { stage: { setting, driver: byRuns, open, measures: 1 }, faulty };
}

const UNHARMED = { requests: 34, sentAfter: [34] };

describe('a cell whose request is not sent, because the rollout needed fewer', () => {
  it.each([
    { needs: [34], gives: [33] },
    { needs: [33], gives: [32] },
    { needs: [33, 31, 30], gives: [29] },
  ])('is played at the last request that there is ($needs)', async ({ needs, gives }) => {
    const { stage, faulty } = columnThatNeeds(needs);
    if (fault === undefined) throw new Error('the matrix has no row');
    const result = await playCell(stage, fault, { request: 33, unharmed: UNHARMED });
    expect([result.hit, result.broken, faulty]).toEqual([true, [], gives]);
  });

  it('is broken where no request ever meets the fault', async () => {
    const { stage, faulty } = columnThatNeeds([33, 31, 29, 27, 25]);
    if (fault === undefined) throw new Error('the matrix has no row');
    const result = await playCell(stage, fault, { request: 33, unharmed: UNHARMED });
    expect(result).toMatchObject({ hit: false, broken: ['the request was never sent'] });
    expect(faulty).toEqual([]);
  });
});
