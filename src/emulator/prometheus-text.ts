/** The world's counters as Prometheus text, format 0.0.4. */
import { isInExperiment } from '../simulation/experiment-devices.ts';
import type { FleetPart } from '../simulation/fleet-part.ts';
import { LATENCY_EDGES_MS } from '../simulation/latency-profile.ts';
import type { Tick, TickArm } from '../simulation/tick.ts';

/** The content type of the format. */
export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** What series are told apart by. */
export interface MetricLabels {
  readonly modelId: string;
  /** The version that served at the start is the baseline, every other a candidate. */
  readonly baseline: string;
  /** The parts of the fleet: each is a series of its own with its attributes as labels; one without any is the whole. */
  readonly parts: readonly FleetPart[];
}

interface Totals {
  requests: number;
  failed: number;
  crashes: number;
  outOfMemory: number;
  qualitySum: number;
  qualityCount: number;
  durationSum: number;
  readonly latency: number[];
}

/** Counters that grow with the world, so that a scrape costs only what is new since the last one. */
export interface PrometheusCounters {
  /**
   * Returns the text of everything in these ticks, which are the ones of the last call and more. `devices` are
   * those of each version by the index of their part.
   */
  text(ticks: readonly Tick[], devices: ReadonlyMap<string, readonly number[]>): string;
}

/**
 * Returns counters at 0. Invariant: a series never falls, and never changes its labels. A version has a series for
 * each part of the fleet from its first request on, because a counter that begins with its first event loses it.
 */
export function createPrometheusCounters(labels: MetricLabels): PrometheusCounters {
  const byVersion = new Map<string, readonly Totals[]>();
  let counted = 0;
  return {
    text(ticks, devices) {
      for (const tick of ticks.slice(counted)) {
        for (const arm of tick.arms) {
          const known = byVersion.get(arm.version) ?? labels.parts.map(noTotals);
          byVersion.set(arm.version, known);
          add(known[arm.part] ?? noTotals(), arm);
        }
      }
      counted = ticks.length;
      const series = seriesOf(byVersion, labels);
      return [...families(series), ...deviceGauge(seriesOf(devices, labels))].join('\n').concat('\n');
    },
  };
}

function noTotals(): Totals {
  return {
    requests: 0,
    failed: 0,
    crashes: 0,
    outOfMemory: 0,
    qualitySum: 0,
    qualityCount: 0,
    durationSum: 0,
    latency: LATENCY_EDGES_MS.map(() => 0),
  };
}

function add(totals: Totals, arm: TickArm): void {
  totals.requests += arm.requests;
  totals.failed += arm.failed;
  totals.crashes += arm.crashed.length;
  totals.outOfMemory += arm.outOfMemory.length;
  totals.qualitySum += arm.qualitySum;
  totals.qualityCount += arm.qualityCount;
  for (const [bucket, count] of arm.latency.entries()) {
    totals.latency[bucket] = (totals.latency[bucket] ?? 0) + count;
    totals.durationSum += count * middleMs(bucket);
  }
}

/** What is known of one version on one part of the fleet, with its labels as they are written. */
type LabelledSeries<Value> = readonly (readonly [labels: string, value: Value])[];

function seriesOf<Value>(
  byVersion: ReadonlyMap<string, readonly Value[]>,
  labels: MetricLabels,
): LabelledSeries<Value> {
  return [...byVersion].flatMap(([version, values]) =>
    values.map((value, part) => [labelText(version, part, labels), value] as const),
  );
}

function families(series: LabelledSeries<Totals>): readonly string[] {
  const counter = (name: string, help: string, value: (totals: Totals) => number): readonly string[] => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} counter`,
    ...series.map(([labels, totals]) => `${name}{${labels}} ${value(totals)}`),
  ];
  return [
    ...counter('octomil_requests_total', 'Inference requests.', ({ requests }) => requests),
    ...counter('octomil_requests_failed_total', 'Inference requests that failed.', ({ failed }) => failed),
    ...counter('octomil_device_crashes_total', 'Crashes of devices.', ({ crashes }) => crashes),
    ...counter(
      'octomil_device_out_of_memory_total',
      'Devices that ran out of memory.',
      ({ outOfMemory }) => outOfMemory,
    ),
    ...counter('octomil_quality_sum', 'Sum of the quality of answers.', ({ qualitySum }) => qualitySum),
    ...counter('octomil_quality_count', 'Answers with a quality.', ({ qualityCount }) => qualityCount),
    '# HELP octomil_request_duration_ms Duration of inference requests in milliseconds.',
    '# TYPE octomil_request_duration_ms histogram',
    ...series.flatMap(([labels, totals]) => histogram(totals, labels)),
  ];
}

function histogram({ latency, durationSum, requests }: Totals, labels: string): readonly string[] {
  let cumulative = 0;
  const name = 'octomil_request_duration_ms';
  const buckets = LATENCY_EDGES_MS.map((edge, bucket) => {
    cumulative += latency[bucket] ?? 0;
    return `${name}_bucket{${labels},le="${edge ?? '+Inf'}"} ${cumulative}`;
  });
  return [...buckets, `${name}_sum{${labels}} ${durationSum}`, `${name}_count{${labels}} ${requests}`];
}

function deviceGauge(devices: LabelledSeries<number>): readonly string[] {
  return [
    '# HELP octomil_devices Reachable devices that run a version.',
    '# TYPE octomil_devices gauge',
    ...devices.map(([labels, count]) => `octomil_devices{${labels}} ${count}`),
  ];
}

function labelText(version: string, part: number, { modelId, baseline, parts }: MetricLabels): string {
  const own = version === baseline ? 'baseline' : 'candidate';
  const role = isInExperiment(version) ? 'experiment' : own;
  const known = { model_id: modelId, model_version: version, role, ...parts[part]?.attributes };
  return Object.entries(known)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

// Only buckets are simulated; the middle of a bucket stands for the requests in it.
function middleMs(bucket: number): number {
  const below = bucket === 0 ? 0 : (LATENCY_EDGES_MS[bucket - 1] ?? 0);
  return (below + (LATENCY_EDGES_MS[bucket] ?? below)) / 2;
}
