/** Numbers of Datadog are of the whole steps of time within the window, and of no others. */
import { describe, expect, it } from 'vitest';
import type { SeriesShape } from '../../../src/core/series.ts';
import {
  API_KEY,
  APP_KEY,
  askDatadog,
  BEGIN,
  COUNTS,
  minutely,
  ok,
  type Points,
  series,
} from '../../support/asked-datadog.ts';
import type { NumbersReply } from '../../support/numbers-server.ts';

const FIVE_MINUTES = { from: BEGIN, to: BEGIN + 300_000 };

describe('the counts of Datadog', () => {
  it('are added up, with devices as the most of any step', async () => {
    const { answer, asked } = await askDatadog({
      shape: COUNTS,
      reply: (query) =>
        ok(
          series(
            query.startsWith('count')
              ? minutely([40, 52, 41])
              : query.includes('failed')
                ? minutely([1, null, 2.5])
                : minutely([100, 110, 90]),
          ),
        ),
    });
    expect(answer.leaves).toEqual({
      events: { kind: 'number', value: 3.5 },
      trials: { kind: 'number', value: 300 },
      devices: { kind: 'number', value: 52 },
    });
    expect(answer).toMatchObject({ found: 3, warnings: [] });
    expect(asked.map(({ method, path, fields }) => [method, path, fields['from'], fields['to']])).toEqual(
      Array.from({ length: 3 }, () => ['GET', '/api/v1/query', '1772365500', '1772366400']),
    );
    expect(asked[0]?.headers).toMatchObject({ 'dd-api-key': API_KEY, 'dd-application-key': APP_KEY });
    expect(answer.asked).toBe(
      'events: sum:failed{version:2.0.0}.as_count(); trials: sum:all{version:2.0.0}.as_count(); ' +
        'devices: count_nonzero(sum:all{version:2.0.0} by {device})',
    );
  });

  it('leave out the step that began before the stage, and the one that is not over', async () => {
    const window = { from: BEGIN + 30_000, to: BEGIN + 200_000 };
    const { answer } = await askDatadog({
      shape: COUNTS,
      scope: { window },
      reply: () => ok(series(minutely([1_000, 10, 10, 1_000]))),
    });
    expect(answer.leaves.trials).toEqual({ kind: 'number', value: 20 });
    expect(answer.covered).toEqual({ from: BEGIN + 60_000, to: BEGIN + 180_000 });
    expect(answer.newestAt).toBe(BEGIN + 180_000);
  });

  it('keep the begin of steps that Datadog does not align to the minute', async () => {
    const { answer } = await askDatadog({
      shape: COUNTS,
      scope: { window: FIVE_MINUTES },
      reply: () => ok(series(minutely([1_000, 10, 10], -20_000))),
    });
    expect(answer.leaves.trials).toEqual({ kind: 'number', value: 20 });
    expect(answer.covered).toEqual({ from: BEGIN + 40_000, to: BEGIN + 280_000 });
  });

  it('end with the newest point when nothing came for ten minutes', async () => {
    const { answer } = await askDatadog({
      shape: COUNTS,
      // The gauge of devices goes on.
      reply: (query) =>
        ok(series(query.startsWith('count') ? minutely(Array(15).fill(3)) : minutely([100, 100]))),
    });
    expect(answer.covered).toEqual({ from: BEGIN, to: BEGIN + 120_000 });
    expect(answer.newestAt).toBe(BEGIN + 120_000);
  });

  it.each([
    ['seconds', 60],
    ['milliseconds', 60_000],
  ])('are read with steps told in %s', async (_unit, interval) => {
    const { answer } = await askDatadog({
      shape: COUNTS,
      scope: { window: FIVE_MINUTES },
      reply: () => ok(series(minutely([1, 2]), { interval })),
    });
    expect(answer.leaves.trials).toEqual({ kind: 'number', value: 3 });
    expect(answer.covered).toEqual(FIVE_MINUTES);
  });

  it('cannot be put side by side in different steps', async () => {
    const { answer } = await askDatadog({
      shape: COUNTS,
      reply: (query) =>
        ok(query.includes('failed') ? series([[BEGIN, 1]], { interval: 300 }) : series(minutely([1, 2]))),
    });
    expect(answer.leaves.trials).toEqual({
      kind: 'error',
      why: expect.stringMatching(
        /different steps of time \(300 s and 60 s\); give all of them the same \.rollup/,
      ),
    });
  });

  it('come with a warning where they may be rates', async () => {
    const { answer } = await askDatadog({
      shape: {
        ...COUNTS,
        events: 'sum:failed{version:{{version}}}',
        trials: 'sum:all{version:{{version}}}',
      },
      reply: () => ok(series(minutely([1]))),
    });
    expect(answer.warnings).toEqual([
      expect.stringMatching(/query of events has no \.as_count\(\)/),
      expect.stringMatching(/query of trials has no \.as_count\(\)/),
    ]);
  });

  it('are not put beside numbers that may be rates', async () => {
    const { answer, asked } = await askDatadog({
      shape: { ...COUNTS, events: 'sum:failed{version:{{version}}}' },
      reply: () => ok(series(minutely([1]))),
    });
    expect(answer.leaves.events).toEqual({
      kind: 'error',
      why: expect.stringMatching(
        /query of events has no \.as_count\(\) and the others have it.*give it to all/,
      ),
    });
    expect(asked).toEqual([]);
  });

  it('are not taken from an answer with an error', async () => {
    const { answer } = await askDatadog({
      shape: COUNTS,
      reply: () => ({ body: { status: 'ok', error: 'shards missing', series: [series(minutely([1]))] } }),
    });
    expect(answer.leaves.trials).toEqual({ kind: 'error', why: 'shards missing' });
  });

  it('come with what Datadog remarks', async () => {
    const { answer } = await askDatadog({
      shape: COUNTS,
      reply: () => ({ body: { status: 'ok', message: 'partial\ndata', series: [series(minutely([1]))] } }),
    });
    expect(answer.warnings).toEqual(['partial data']);
  });
});

describe('a mean of Datadog', () => {
  const shape: SeriesShape = {
    kind: 'mean',
    mean: 'avg:quality{version:{{version}}}',
    n: 'count:quality{version:{{version}}}.as_count()',
    devices: null,
  };
  const both = (mean: Points, n: Points): NumbersReply[] => [ok(series(mean)), ok(series(n))];

  it('is weighted with the answers of each step', async () => {
    const [mean, n] = both(minutely([0.5, 1]), minutely([30, 10]));
    const { answer } = await askDatadog({
      shape,
      reply: (query) => (query.startsWith('avg') ? mean : n) ?? 'cut',
    });
    expect(answer.leaves).toEqual({
      mean: { kind: 'number', value: 0.625 },
      n: { kind: 'number', value: 40 },
    });
  });

  it('is nothing measured where no step has answers', async () => {
    const [mean, n] = both(minutely([0.5]), minutely([0]));
    const { answer } = await askDatadog({
      shape,
      reply: (query) => (query.startsWith('avg') ? mean : n) ?? 'cut',
    });
    expect(answer.leaves.mean).toEqual({ kind: 'none', why: expect.stringMatching(/number of answers/) });
  });
});
