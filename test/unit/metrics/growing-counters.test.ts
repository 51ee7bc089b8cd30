/** Totals of a window that only grows cannot shrink: small corrections are evened out, more is no evidence. */
import { describe, expect, it } from 'vitest';
import type { Counts, Evidence } from '../../../src/core/evidence.ts';
import type { HealthQuery, HealthSource } from '../../../src/core/ports.ts';
import { MINUTE_MS } from '../../../src/core/units.ts';
import { watchCounters } from '../../../src/metrics/growing-counters.ts';
import { anAdoptionGate, aRateGate, countsOf, evidenceOf, T0 } from '../../support/core-builders.ts';

function queryAt(minute: number, gate: HealthQuery['gates'][number] = aRateGate(), from = T0): HealthQuery {
  return {
    modelId: 'm1',
    rolloutId: 'r2',
    version: '2.0.0',
    baselineVersion: '1.9.0',
    group: null,
    window: { from, to: T0 + minute * MINUTE_MS },
    gates: [gate],
  };
}

function seen(minute: number, candidate: Counts, baseline: Counts | null = null): Evidence {
  return evidenceOf(candidate, { from: T0, to: T0 + minute * MINUTE_MS }, baseline);
}

function scripted(answers: readonly Evidence[]): HealthSource {
  const left = [...answers];
  return {
    name: 'scripted',
    probe: async () => ({ kind: 'available', detail: '' }),
    readPercentile: async () => ({ kind: 'none', why: '' }),
    read: async () => [left.shift() ?? { kind: 'none', why: 'nothing left' }],
  };
}

function sourceOf(...answers: readonly Evidence[]): HealthSource {
  return watchCounters(scripted(answers));
}

/** A source that adds a minute to what it counted. */
function estimatingSourceOf(...answers: readonly Evidence[]): HealthSource {
  return watchCounters(scripted(answers), MINUTE_MS);
}

async function readAll(source: HealthSource, queries: readonly HealthQuery[]): Promise<readonly Evidence[]> {
  const all: Evidence[] = [];
  for (const query of queries) all.push(...(await source.read(query)));
  return all;
}

describe('totals', () => {
  it('that grow are taken as they are', async () => {
    const answers = [seen(1, countsOf(1, 100)), seen(2, countsOf(2, 200))];
    expect(await readAll(sourceOf(...answers), [queryAt(1), queryAt(2)])).toEqual(answers);
  });

  it('that shrink by a hair keep the larger number, also in the next comparison', async () => {
    const source = sourceOf(
      seen(1, countsOf(10, 1_000)),
      seen(2, countsOf(9, 1_000)),
      seen(3, countsOf(8, 1_000)),
    );
    const [, second, third] = await readAll(source, [queryAt(1), queryAt(2), queryAt(3)]);
    expect(second).toEqual(seen(2, countsOf(10, 1_000)));
    expect(third).toEqual({
      kind: 'error',
      why: 'the totals of the candidate went back: events went from 10 to 8 although their window only grew; check whether the source was restarted',
    });
  });

  it('that were counted anew are an error once, and then what later ones are compared with', async () => {
    const source = sourceOf(seen(1, countsOf(10, 1_000)), seen(2, countsOf(0, 20)), seen(3, countsOf(1, 60)));
    const [, second, third] = await readAll(source, [queryAt(1), queryAt(2), queryAt(3)]);
    expect(second?.kind).toBe('error');
    expect(third).toEqual(seen(3, countsOf(1, 60)));
  });

  it('of the previous version are watched as well', async () => {
    const source = sourceOf(
      seen(1, countsOf(1, 100), countsOf(50, 5_000)),
      seen(2, countsOf(1, 110), countsOf(50, 4_000)),
    );
    const [, second] = await readAll(source, [queryAt(1), queryAt(2)]);
    expect(second).toMatchObject({
      kind: 'error',
      why: expect.stringContaining('of the previous version went back: trials went from 5000 to 4000'),
    });
  });

  it('that were extended to the ends of their window may shrink by as much, for either version', async () => {
    const answers = [
      seen(10, countsOf(10, 1_000), countsOf(50, 5_000)),
      seen(11, countsOf(9.1, 910), countsOf(45.5, 4_550)),
    ];
    expect(await readAll(estimatingSourceOf(...answers), [queryAt(10), queryAt(11)])).toEqual(answers);
  });

  it('of the first minute are all estimate, where a minute was added', async () => {
    const answers = [seen(1, countsOf(1, 100)), seen(2, countsOf(0, 10))];
    expect(await readAll(estimatingSourceOf(...answers), [queryAt(1), queryAt(2)])).toEqual(answers);
  });

  it('that shrink by more than was added to them are an error, the more so the longer the window', async () => {
    const source = estimatingSourceOf(
      seen(10, countsOf(10, 1_000)),
      seen(11, countsOf(10, 890)),
      seen(60, countsOf(50, 5_000)),
      seen(61, countsOf(50, 4_900)),
    );
    const all = await readAll(source, [queryAt(10), queryAt(11), queryAt(60), queryAt(61)]);
    expect(all.map(({ kind }) => kind)).toEqual(['counts', 'error', 'counts', 'error']);
  });

  it('of a version that stopped serving are not missed', async () => {
    const answers = [seen(1, countsOf(1, 100), countsOf(50, 5_000)), seen(2, countsOf(1, 110))];
    expect(await readAll(sourceOf(...answers), [queryAt(1), queryAt(2)])).toEqual(answers);
  });

  it.each<{ fact: string; second: HealthQuery }>([
    { fact: 'of another beginning', second: queryAt(2, aRateGate(), T0 + MINUTE_MS) },
    { fact: 'of another gate', second: queryAt(2, aRateGate({ maxRatio: 0.01 })) },
  ])('$fact are not compared', async ({ second }) => {
    const answers = [seen(1, countsOf(10, 1_000)), seen(2, countsOf(0, 20))];
    expect(await readAll(sourceOf(...answers), [queryAt(1), second])).toEqual(answers);
  });

  it('that answer for less time than before are not compared', async () => {
    const answers = [seen(2, countsOf(10, 1_000)), seen(1, countsOf(4, 500))];
    expect(await readAll(sourceOf(...answers), [queryAt(2), queryAt(3)])).toEqual(answers);
  });

  it('of devices may shrink: they come and go', async () => {
    const answers = [seen(1, countsOf(90, 100)), seen(2, countsOf(40, 50))];
    const gate = anAdoptionGate();
    expect(await readAll(sourceOf(...answers), [queryAt(1, gate), queryAt(2, gate)])).toEqual(answers);
  });

  it('are compared across an answer without any', async () => {
    const source = sourceOf(
      seen(1, countsOf(10, 1_000)),
      { kind: 'error', why: 'HTTP 503' },
      seen(3, countsOf(0, 20)),
    );
    const [, , third] = await readAll(source, [queryAt(1), queryAt(2), queryAt(3)]);
    expect(third?.kind).toBe('error');
  });

  it('of 64 other windows later are forgotten, so that a long run stays small', async () => {
    const others = Array.from({ length: 64 }, (_, index) => queryAt(2, aRateGate(), T0 + index + 1));
    const source = sourceOf(
      seen(1, countsOf(10, 1_000)),
      ...others.map(() => seen(2, countsOf(1, 10))),
      seen(3, countsOf(0, 20)),
    );
    const all = await readAll(source, [queryAt(1), ...others, queryAt(3)]);
    expect(all.at(-1)?.kind).toBe('counts');
  });
});
