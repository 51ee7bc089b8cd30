/** The stage of Octomil's own health route, whose evidence is told as the texts of a series. */
import type { Evidence } from '../../src/core/evidence.ts';
import type { MeasurableGate } from '../../src/core/ports.ts';
import type { SeriesShape } from '../../src/core/series.ts';
import { createOctomilHealth, type HealthRoute } from '../../src/metrics/octomil-health.ts';
import { leavesOf } from '../../src/metrics/series-leaves.ts';
import type { LeafAnswer, SeriesAnswer } from '../../src/metrics/series-source.ts';
import { createOctomilClient } from '../../src/octomil/client.ts';
import { DEFAULT_MAX_BYTES } from '../../src/runtime/http-exchange.ts';
import { TransportError } from '../../src/runtime/transport-error.ts';
import { createVirtualClock } from '../../src/runtime/virtual-clock.ts';
import { GATES, latencyGate } from './health-answers.ts';
import type { AskedNumbers } from './numbers-server.ts';
import { SCOPE_END } from './series-scopes.ts';
import type { Situation, Told } from './series-situations.ts';
import { type HttpPart, playOverHttp, SECRET, type SeriesStage, scopeOf, shapeOf } from './series-stage.ts';
import { jsonText } from './series-stages.ts';

const GATE_OF: Readonly<Record<SeriesShape['kind'], MeasurableGate>> = {
  counts: GATES.error_rate,
  mean: GATES.quality,
  value: GATES.error_rate,
  buckets: latencyGate(100),
};

/** Octomil: one request for a rollout, whose answer tells the window that it covers. */
export const OCTOMIL_STAGE: SeriesStage = {
  source: 'octomil',
  cannot: {},
  play(situation) {
    const ask: HttpPart['ask'] = async (origin) => {
      const { modelId, rolloutId, version, baselineVersion, group, window } = scopeOf(situation);
      const client = situation.trouble === 'silent' ? silentClient() : clientAt(origin);
      const gates = [GATE_OF[situation.shape]];
      const query = { modelId, rolloutId, version, baselineVersion, group, window, gates };
      const [evidence] = await createOctomilHealth({ client, modelId }).read(query);
      if (evidence === undefined) throw new Error('expected evidence for the gate');
      return answerOf(evidence, situation);
    };
    const windowIn = ({ fields }: AskedNumbers) => {
      return { from: Date.parse(fields['from'] ?? ''), to: Date.parse(fields['to'] ?? '') };
    };
    const body: HttpPart['body'] = (_asked, told) => jsonText(healthBody(situation, told));
    return playOverHttp(situation, { ask, body, windowIn, tooManyBytes: DEFAULT_MAX_BYTES + 1 });
  },
};

function clientAt(origin: string): HealthRoute {
  return createOctomilClient({
    baseUrl: new URL(`${origin}/api/v1`),
    apiKey: SECRET,
    orgId: null,
    clock: createVirtualClock(SCOPE_END),
    random: () => 0.5,
    userAgent: 'test',
  });
}

// The API's deadline is fixed at 30 s of real time; that the exchange keeps it is tested where it is made.
function silentClient(): HealthRoute {
  const why = 'GET http://127.0.0.1/api/v1/health: nothing arrived for 15000 ms';
  return { now: () => SCOPE_END, readJson: () => Promise.reject(new TransportError('stalled', why)) };
}

function healthBody({ window, measured = window }: Situation, told: Told | null): unknown {
  const iso = (at: number): string => new Date(at).toISOString();
  return {
    rollout_id: 'ro_1',
    window: { covered_from: iso(measured.from), covered_to: iso(measured.to) },
    versions: told === null ? [] : [armOf(told)],
  };
}

function armOf(told: Told): unknown {
  const { events, trials, devices, devicesWithEvents, mean, n, value, buckets } = told;
  const histogram = Object.entries((buckets ?? {}) as object).map(([le, count]) => {
    return { le: le === '+Inf' ? null : Number(le), count };
  });
  return {
    version: '2.0.0',
    role: 'candidate',
    devices: { active: devices },
    requests: {
      total: trials,
      failed: events,
      failure_rate: value,
      devices_with_failures: devicesWithEvents,
    },
    quality: mean === undefined ? null : { mean, count: n },
    latency_ms: buckets === undefined ? null : { buckets: histogram },
  };
}

function answerOf(evidence: Evidence, { shape, window }: Situation): SeriesAnswer {
  const names = leavesOf(shapeOf(shape, (leaf) => leaf)).map(({ name }) => name);
  const told = { warnings: [], asked: '', found: null, newestAt: null };
  if (evidence.kind === 'value') {
    return { ...told, covered: evidence.covered, leaves: { value: number(evidence.value) } };
  }
  if (evidence.kind !== 'counts') {
    const kind = evidence.kind === 'error' ? 'error' : 'none';
    const leaves = Object.fromEntries(names.map((name) => [name, { kind, why: evidence.why } as const]));
    return { ...told, covered: window, leaves };
  }
  const { events, trials, devices, devicesWithEvents } = evidence.candidate;
  const all: Readonly<Record<string, LeafAnswer>> = {
    events: number(events),
    trials: number(trials),
    devices: number(devices ?? Number.NaN),
    devicesWithEvents: number(devicesWithEvents ?? Number.NaN),
    // The events of a quality gate are what its answers lack of 1, those of a latency gate the slow requests.
    mean: number(1 - events / trials),
    n: number(trials),
    buckets: {
      kind: 'buckets',
      buckets: [
        { upTo: 100, count: trials - events },
        { upTo: Number.POSITIVE_INFINITY, count: trials },
      ],
    },
  };
  const leaves = Object.fromEntries(
    names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])),
  );
  return { ...told, covered: evidence.covered, leaves };
}

function number(value: number): LeafAnswer {
  return { kind: 'number', value };
}
