/** The ledger of the bench counts devices with events in any window as counting them one by one does. */
import { expect, it } from 'vitest';
import { BASELINE, CANDIDATE, createStageLedger, rowOf } from '../../../bench/gates/stage-ledger.ts';
import { createRandom } from '../../../src/simulation/random-source.ts';

it('counts the events and the devices with any from each step of a stage until now', () => {
  const random = createRandom([1]);
  const ledger = createStageLedger(20, 40);
  const seen: { arm: number; device: number; step: number }[] = [];
  for (let step = 0; step < 40; step += 1) {
    // From the second stage on, half of the baseline's devices are the candidate's.
    if (step === 0 || step === 15) ledger.begin(step);
    const candidates = step < 15 ? 5 : 12;
    for (let event = 0; event < 4; event += 1) {
      const device = random.below(20);
      const arm = device < candidates ? CANDIDATE : BASELINE;
      ledger.addEvent(rowOf(1, arm), device, step);
      seen.push({ arm, device, step });
    }
    ledger.addRequests(CANDIDATE, step, 3);
    const stageFrom = step < 15 ? 0 : 15;
    for (let from = stageFrom; from <= step; from += 1) {
      for (const arm of [CANDIDATE, BASELINE] as const) {
        const within = seen.filter((event) => event.arm === arm && event.step >= from);
        expect(ledger.tally(1, arm, from)).toEqual({
          events: within.length,
          devicesWithEvents: new Set(within.map(({ device }) => device)).size,
        });
      }
      expect(ledger.requests(CANDIDATE, from)).toBe(3 * (step - from + 1));
    }
  }
});
