/** Long windows are added up in blocks, and nobody can tell. */
import { describe, expect, it } from 'vitest';
import { observeWindow } from '../../../src/simulation/observe-window.ts';
import { BLOCK_TICKS, createTickBlocks } from '../../../src/simulation/tick-blocks.ts';
import {
  CANDIDATE,
  candidateAt,
  fleetWith,
  ordersWith,
  WORLD_START,
  worldWith,
} from '../../support/simulated-fleet.ts';

const MINUTE = 60_000;

function busyWorld() {
  const fleet = fleetWith({ groups: [{ name: 'beta', count: 40 }] });
  const world = worldWith(
    {
      requestsPerHour: 60,
      crashesPerHour: 0.5,
      faultyVersion: CANDIDATE,
      harm: { kind: 'memory', ratio: 0.5, withinMs: 60 * MINUTE },
    },
    fleet,
  );
  world.serve(ordersWith([candidateAt(30)], { harmFrom: WORLD_START }));
  world.advanceTo(WORLD_START + 40 * MINUTE);
  world.serve(ordersWith([candidateAt(60)], { harmFrom: WORLD_START }));
  world.advanceTo(WORLD_START + 90 * MINUTE);
  return world;
}

describe('a window over blocks of ticks', () => {
  it('shows to the last digit what its ticks show one by one', () => {
    const world = busyWorld();
    const blocks = createTickBlocks(world.ticks);
    expect(world.ticks.length).toBeGreaterThan(4 * BLOCK_TICKS);
    for (const group of [null, 0, 1]) {
      for (let fromMs = 0; fromMs < 90 * MINUTE; fromMs += 7 * MINUTE) {
        for (let toMs = fromMs; toMs <= 90 * MINUTE; toMs += 11 * MINUTE) {
          const window = { from: WORLD_START + fromMs, to: WORLD_START + toMs };
          const ask = (of: typeof blocks | null) =>
            observeWindow({ ticks: world.ticks, blocks: of }, { version: CANDIDATE, group, window }, 124);
          expect(ask(blocks)).toEqual(ask(null));
        }
      }
    }
  });

  it('changes no tick', () => {
    const [looked, untouched] = [busyWorld(), busyWorld()];
    const window = { from: WORLD_START, to: looked.now() };
    looked.observe({ version: CANDIDATE, group: null, window });
    expect(looked.ticks).toEqual(untouched.ticks);
  });

  it('has no block that is not full, until it is', () => {
    const { ticks } = busyWorld();
    const growing = ticks.slice(0, BLOCK_TICKS - 1);
    const blocks = createTickBlocks(growing);
    expect(blocks.from(0)).toBeNull();
    growing.push(...ticks.slice(BLOCK_TICKS - 1, BLOCK_TICKS));
    expect(blocks.from(0)).not.toBeNull();
    expect(blocks.from(1)).toBeNull();
  });
});
