/** Totals of a real Prometheus over a window that grows: they fall where traffic stops, which is no reset. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/core/evidence.ts';
import type { HealthSource } from '../../src/core/ports.ts';
import type { Series } from '../../src/core/series.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../src/core/units.ts';
import { watchCounters } from '../../src/metrics/growing-counters.ts';
import { createPrometheusSource } from '../../src/metrics/prometheus/prometheus-source.ts';
import { createSeriesHealth } from '../../src/metrics/series-health.ts';
import type { SeriesSource } from '../../src/metrics/series-source.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { aRateGate } from '../support/core-builders.ts';
import { findPrometheus, type RealPrometheus, startRealPrometheus } from '../support/real-prometheus.ts';

const binary = findPrometheus();
const REQUESTS_PER_SECOND = 10;
const STOPS_AFTER_S = 130;
const HISTORY_S = 1_800;
/** A whole second between two scrapes of either interval; the window begins here. */
const BEGIN = Math.floor((Date.now() - DAY_MS) / MINUTE_MS) * MINUTE_MS + 7 * SECOND_MS;

const SCRAPE_INTERVALS_S = [15, 30, 60] as const;

/** What becomes of a version's counter 130 s into the window. */
const FATES = {
  goes_on: (seconds: number) => REQUESTS_PER_SECOND * seconds,
  stops: (seconds: number) => REQUESTS_PER_SECOND * Math.min(seconds, STOPS_AFTER_S),
  leaves: (seconds: number) => (seconds <= STOPS_AFTER_S ? REQUESTS_PER_SECOND * seconds : null),
  restarts: (seconds: number) =>
    REQUESTS_PER_SECOND * (seconds <= STOPS_AFTER_S ? seconds : seconds - STOPS_AFTER_S),
} as const;

type Fate = keyof typeof FATES;

const series = (version: string): Series => ({
  source: 'prometheus',
  shape: {
    kind: 'counts',
    events: `sum(increase(failed_total{version="${version}"}[{{window}}]))`,
    trials: `sum(increase(requests_total{version="${version}"}[{{window}}]))`,
    devices: null,
    devicesWithEvents: null,
  },
});

interface Totals {
  readonly told: readonly number[];
  readonly kinds: ReadonlySet<Evidence['kind']>;
  readonly judged: readonly number[];
}

describe.skipIf(binary === null)('the totals of a real Prometheus', () => {
  let prometheus: RealPrometheus;
  let source: SeriesSource;

  beforeAll(async () => {
    prometheus = await startRealPrometheus({ binary: binary ?? '', history: historyOf() });
    source = createPrometheusSource({
      url: prometheus.url,
      token: '',
      clock: systemClock(),
      userAgent: 'test',
    });
  }, 60_000);

  afterAll(async () => {
    await prometheus?.stop();
  });

  /** Looks every 15 s from the third scrape on, for ten minutes. */
  async function looksAt(fate: Fate, everyS: number): Promise<Totals> {
    const map = new Map([['error_rate', series(`${fate}_${everyS}`)]]);
    const plain = createSeriesHealth({ source, series: map, model: 'm' });
    const watched = watchCounters(plain, source.extrapolatedMs);
    const told: number[] = [];
    const judged: number[] = [];
    const kinds = new Set<Evidence['kind']>();
    for (let seconds = 3 * everyS; seconds <= 600; seconds += 15) {
      const before = await readOne(plain, seconds);
      const after = await readOne(watched, seconds);
      kinds.add(after.kind);
      if (before.kind === 'counts') told.push(before.candidate.trials);
      if (after.kind === 'counts') judged.push(after.candidate.trials);
    }
    return { told, kinds, judged };
  }

  it.each(SCRAPE_INTERVALS_S)(
    'fall where a counter stops or its target leaves, scraped every %i s, and that is no error',
    async (everyS) => {
      for (const fate of ['stops', 'leaves'] as const) {
        const { told, kinds, judged } = await looksAt(fate, everyS);
        expect(mostFallenIn(told), fate).toBeGreaterThan(0.005);
        expect([...kinds], fate).toEqual(['counts']);
        expect(judged.at(-1), fate).toBe(told.at(-1));
      }
    },
  );

  it.each(SCRAPE_INTERVALS_S)('never fall where a counter goes on, scraped every %i s', async (everyS) => {
    expect(mostFallenIn((await looksAt('goes_on', everyS)).told)).toBeLessThanOrEqual(0);
  });

  it.each(SCRAPE_INTERVALS_S)('count on where a counter restarts, scraped every %i s', async (everyS) => {
    const { kinds, judged } = await looksAt('restarts', everyS);
    expect([...kinds]).toEqual(['counts']);
    // What was counted between the last scrape before and the restart is lost.
    expect(judged.at(-1)).toBeGreaterThan(REQUESTS_PER_SECOND * (600 - 1.5 * everyS));
  });
});

async function readOne(health: HealthSource, seconds: number): Promise<Evidence> {
  const [evidence] = await health.read({
    modelId: 'm',
    rolloutId: 'r',
    version: 'any',
    baselineVersion: null,
    group: null,
    window: { from: BEGIN, to: BEGIN + seconds * SECOND_MS },
    gates: [aRateGate()],
  });
  return evidence ?? { kind: 'none', why: 'nothing was answered' };
}

/** The largest share by which a total fell from one look to the next; negative where none did. */
function mostFallenIn(totals: readonly number[]): number {
  const falls = totals.slice(1).map((now, index) => 1 - now / (totals[index] ?? now));
  return Math.max(...falls);
}

function historyOf(): string {
  const lines: string[] = [];
  for (const [name, share] of [
    ['failed', 0.01],
    ['requests', 1],
  ] as const) {
    lines.push(`# TYPE ${name} counter`);
    for (const fate of Object.keys(FATES) as Fate[]) {
      for (const everyS of SCRAPE_INTERVALS_S) {
        for (let seconds = 4; seconds <= HISTORY_S; seconds += everyS) {
          const count = FATES[fate](seconds);
          if (count === null) continue;
          const at = BEGIN / SECOND_MS + seconds;
          lines.push(`${name}_total{version="${fate}_${everyS}"} ${count * share} ${at}`);
        }
      }
    }
  }
  return [...lines, '# EOF', ''].join('\n');
}
