/** The stages of the sources that are asked over HTTP, and of recorded files. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_EVIDENCE_AGE_MS } from '../../src/core/usable-evidence.ts';
import { createDatadogSource } from '../../src/metrics/datadog/datadog-source.ts';
import { createHttpJsonSource } from '../../src/metrics/http-json/http-json-source.ts';
import { createPrometheusSource } from '../../src/metrics/prometheus/prometheus-source.ts';
import { MAX_RECORDED_BYTES } from '../../src/metrics/recorded/file-source.ts';
import { MAX_ANSWER_BYTES } from '../../src/metrics/server-of-numbers.ts';
import { createVirtualClock } from '../../src/runtime/virtual-clock.ts';
import type { AskedNumbers } from './numbers-server.ts';
import { createWorkspace } from './recorded-files.ts';
import { SCOPE_END } from './series-scopes.ts';
import type { Situation, Told } from './series-situations.ts';
import { type HttpPart, playOverHttp, SECRET, type SeriesStage, scopeOf, shapeOf } from './series-stage.ts';

const SECOND = 1_000;
const tooManyBytes = MAX_ANSWER_BYTES + 1;
const common = () => ({ clock: createVirtualClock(SCOPE_END), userAgent: 'test' });

/** Prometheus: one instant query for each text. */
export const PROMETHEUS_STAGE: SeriesStage = {
  source: 'prometheus',
  cannot: {
    'only a part of the window was measured': 'a query does not tell which part of its range had samples',
  },
  play(situation) {
    const { shape, window, measured = window } = situation;
    const isStale = window.to - measured.to > MAX_EVIDENCE_AGE_MS;
    const ask: HttpPart['ask'] = (url, deadlineMs) => {
      const source = createPrometheusSource({ ...common(), url, token: SECRET, deadlineMs });
      const series = shapeOf(shape, (leaf) => `${leaf}{v="{{version}}"}[{{window}}]`);
      return source.ask({ source: 'prometheus', shape: series }, scopeOf(situation));
    };
    const body: HttpPart['body'] = ({ fields }, told) => {
      const { query = '', time = '' } = fields;
      const isRecent = query.includes(`[${MAX_EVIDENCE_AGE_MS / SECOND}s]`);
      const value = isStale && isRecent ? undefined : (told as Told | null)?.[leafIn(query)];
      const samples =
        leafIn(query) === 'buckets' && value !== undefined
          ? Object.entries(value as object).map(([le, count]) => sample(time, count, { le }))
          : value === undefined
            ? []
            : [sample(time, value, {})];
      return { status: 'success', data: { resultType: 'vector', result: samples } };
    };
    const windowIn = ({ fields }: AskedNumbers) => {
      const to = Number(fields['time']) * SECOND;
      return { from: to - Number(/\[(\d+)s\]/.exec(fields['query'] ?? '')?.[1]) * SECOND, to };
    };
    return playOverHttp(situation, { ask, body, windowIn, tooManyBytes });
  },
};

function leafIn(query: string): keyof Told {
  return (/(\w+)\{/.exec(query)?.[1] ?? '') as keyof Told;
}

function sample(time: string, value: unknown, metric: object): unknown {
  return { metric, value: [Number(time), String(value)] };
}

/** Datadog: one query of points for each text. */
export const DATADOG_STAGE: SeriesStage = {
  source: 'datadog',
  cannot: {
    'a histogram': 'Datadog answers no bounds; the series is refused with the counts to ask for instead',
  },
  play(situation) {
    const ask: HttpPart['ask'] = (origin, deadlineMs) => {
      const keys = { apiKey: SECRET, appKey: `${SECRET}-app` };
      const source = createDatadogSource({
        ...common(),
        ...keys,
        site: 'datadoghq.eu',
        standIn: new URL(origin),
        deadlineMs,
      });
      const series = shapeOf(situation.shape, (leaf) => `sum:${leaf}{version:{{version}}}.as_count()`);
      return source.ask({ source: 'datadog', shape: series }, scopeOf(situation));
    };
    const body: HttpPart['body'] = ({ fields }, told) => {
      const leaf = leafIn(fields['query'] ?? '');
      const value = told?.[leaf];
      const { stepMs = 60 * SECOND } = situation;
      const series =
        value === undefined ? [] : [{ interval: stepMs / SECOND, pointlist: points(situation, leaf, value) }];
      return jsonText({ status: 'ok', series });
    };
    const windowIn = ({ fields }: AskedNumbers) => {
      return { from: Number(fields['from']) * SECOND, to: Number(fields['to']) * SECOND };
    };
    return playOverHttp(situation, { ask, body, windowIn, tooManyBytes });
  },
};

const ADDED: readonly (keyof Told)[] = ['events', 'trials', 'n'];

/** Counts happen in the first step; everything else is the same in each. */
function points(
  { window, measured = window, stepMs = 60 * SECOND }: Situation,
  leaf: keyof Told,
  value: unknown,
) {
  const times = Array.from(
    { length: (measured.to - measured.from) / stepMs },
    (_, step) => measured.from + step * stepMs,
  );
  return times.map((at, step) => [at, step > 0 && ADDED.includes(leaf) ? 0 : value]);
}

/** Any JSON: one request, and a pointer for each text. */
export const HTTP_JSON_STAGE: SeriesStage = {
  source: 'http-json',
  cannot: {
    'only a part of the window was measured':
      'the answer has no times of its own; the server answers for what it is asked',
    'nothing new for twenty minutes':
      'the answer has no times of its own; the server answers null where nothing came in',
  },
  play(situation) {
    const ask: HttpPart['ask'] = (url, deadlineMs) => {
      const source = createHttpJsonSource({ ...common(), url: `${url}/api`, token: SECRET, deadlineMs });
      const path = '/health?v={{version}}&from={{from}}&to={{to}}';
      const shape = shapeOf(situation.shape, (leaf) => `/data/${leaf}`);
      return source.ask({ source: 'http-json', method: 'GET', path, body: null, shape }, scopeOf(situation));
    };
    const windowIn = ({ fields }: AskedNumbers) => {
      return { from: Date.parse(fields['from'] ?? ''), to: Date.parse(fields['to'] ?? '') };
    };
    return playOverHttp(situation, {
      ask,
      windowIn,
      tooManyBytes,
      body: (_asked, told) => jsonText({ data: told }),
    });
  },
};

/** Returns JSON in which a NaN is written as careless servers write it. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, (_key, each) => (Number.isNaN(each) ? '<NaN>' : each));
  return text.replaceAll('"<NaN>"', 'NaN');
}

const NO_SERVER = 'a file of the workspace is read, and nobody is asked';

/** Recorded rows, as JSON lines. */
export const FILE_STAGE: SeriesStage = {
  source: 'file',
  cannot: {
    'an unknown token': NO_SERVER,
    'a server that is silent': NO_SERVER,
    'rate-limited': NO_SERVER,
    'rate-limited once': NO_SERVER,
  },
  async play(situation) {
    const { window, shape, trouble } = situation;
    const workspace = createWorkspace();
    let look = 0;
    const write = (): void => {
      const told = look > 1 ? (situation.thenTold ?? situation.told) : situation.told;
      if (trouble === 'unreachable') return;
      const text = recordedText(situation, told);
      if (trouble === 'cut') workspace.write('r.jsonl', text.slice(0, -9));
      else if (trouble === 'page') workspace.write('r.jsonl', '<html></html>\n');
      else if (trouble === 'too large') {
        writeFileSync(join(workspace.folder, 'r.jsonl'), Buffer.alloc(MAX_RECORDED_BYTES + 1, '\n'));
      } else workspace.write('r.jsonl', text);
    };
    return {
      ask() {
        look += 1;
        write();
        return workspace.ask(
          'r.jsonl',
          shapeOf(shape, (leaf) => leaf),
          { window },
        );
      },
      askedFor: () => null,
      requests: () => null,
      close: async () => workspace.remove(),
    };
  },
};

/** A row of the time measured, and one of the ten minutes before the window in which everything failed. */
function recordedText({ window, measured = window }: Situation, told: Told | null): string {
  const row = (from: number, to: number, version: string, values: Told | null): string =>
    `${jsonText({ version, from: new Date(from).toISOString(), to: new Date(to).toISOString(), ...values })}\n`;
  const before = { events: 900, trials: 900, devices: 9, devicesWithEvents: 9, mean: 0, n: 900, value: 1 };
  const version = told === null ? '1.9.0' : '2.0.0';
  return (
    row(window.from - 600 * SECOND, window.from, version, before) +
    row(measured.from, measured.to, version, told)
  );
}
