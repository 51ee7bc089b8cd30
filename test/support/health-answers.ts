/** Health answers for tests: the published example, changed at one place. */
import { readFileSync } from 'node:fs';
import type { Evidence } from '../../src/core/evidence.ts';
import type { LatencyGate } from '../../src/core/plan.ts';
import type {
  HealthQuery,
  HealthSource,
  MeasurableGate,
  PercentileAnswer,
  PercentileQuery,
} from '../../src/core/ports.ts';
import { createOctomilHealth, type HealthRouteAnswer } from '../../src/metrics/octomil-health.ts';

const TEXT = readFileSync(new URL('../fixtures/api/health.json', import.meta.url), 'utf8');

/** Returns the published example of a health answer, each time a new copy. */
export function exampleHealth(): Record<string, unknown> {
  return JSON.parse(TEXT) as Record<string, unknown>;
}

/** Returns the example with the value at a dotted path replaced; undefined removes it. */
export function healthWith(path: string, value: unknown): Record<string, unknown> {
  const answer = exampleHealth();
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const owner = keys.reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, answer);
  if (value === undefined) delete owner[last];
  else owner[last] = value;
  return answer;
}

/** The window that the example answers for. */
export const EXAMPLE_WINDOW = {
  from: Date.parse('2026-11-20T10:00:00Z'),
  to: Date.parse('2026-11-20T11:00:00Z'),
};

const BASE = { severity: 'critical', shadow: false } as const;

/** One gate of each kind that the octomil source answers. */
export const GATES = {
  error_rate: { ...BASE, kind: 'rate', name: 'error_rate', maxRatio: 0.05, margin: null },
  crash_rate: { ...BASE, kind: 'rate', name: 'crash_rate', maxRatio: 0.01, margin: null },
  memory_rate: { ...BASE, kind: 'rate', name: 'memory_rate', maxRatio: 0.01, margin: null },
  quality: { ...BASE, kind: 'quality', name: 'quality', minRatio: 0.9 },
  adoption: { ...BASE, kind: 'adoption', name: 'adoption', minRatio: 0.9 },
  assignment: { ...BASE, kind: 'assignment', name: 'assignment' },
} as const satisfies Record<string, MeasurableGate>;

const SLOW_RATIOS = { latency_p50: 0.5, latency_p95: 0.05, latency_p99: 0.01 } as const;

/** Returns a latency gate with a limit; of p95 where nothing is said. */
export function latencyGate(maxMs: number, name: LatencyGate['name'] = 'latency_p95'): MeasurableGate {
  return { ...BASE, kind: 'latency', name, maxMs, maxRatio: SLOW_RATIOS[name] };
}

/** Returns the query that the example answers, for one gate. */
export function exampleQuery(gate: MeasurableGate, fields: Partial<HealthQuery> = {}): HealthQuery {
  return {
    modelId: 'mdl_radiology',
    rolloutId: 'rol_x7y8z9',
    version: '2.0.0',
    baselineVersion: '1.0.0',
    group: null,
    window: EXAMPLE_WINDOW,
    gates: [gate],
    ...fields,
  };
}

/** Returns a source whose API gives one answer, or fails; `paths` are those it was asked for. */
export function healthSourceOf(
  answer: HealthRouteAnswer | Error,
  healthPath?: string,
): { readonly source: HealthSource; readonly paths: readonly string[] } {
  const paths: string[] = [];
  const source = createOctomilHealth({
    client: {
      now: () => EXAMPLE_WINDOW.to,
      readJson: async (path) => {
        paths.push(path);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    modelId: 'mdl_radiology',
    ...(healthPath === undefined ? {} : { healthPath }),
  });
  return { source, paths };
}

/** Resolves with what a body says about one gate. */
export async function evidenceIn(
  body: unknown,
  gate: MeasurableGate,
  fields: Partial<HealthQuery> = {},
): Promise<Evidence | undefined> {
  const { source } = healthSourceOf({ kind: 'json', body });
  return (await source.read(exampleQuery(gate, fields)))[0];
}

/** Returns the query for the baseline's p95 that the example answers. */
export function percentileQuery(fields: Partial<PercentileQuery> = {}): PercentileQuery {
  return {
    modelId: 'mdl_radiology',
    rolloutId: 'rol_x7y8z9',
    version: '1.0.0',
    group: null,
    window: EXAMPLE_WINDOW,
    slowRatio: 0.05,
    ...fields,
  };
}

/** Resolves with what a body says about the latency of a version. */
export async function percentileIn(
  body: unknown,
  fields: Partial<PercentileQuery> = {},
): Promise<PercentileAnswer> {
  const { source } = healthSourceOf({ kind: 'json', body });
  return source.readPercentile(percentileQuery(fields));
}
