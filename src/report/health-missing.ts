/** What to paste when the API has no health route: three ways to go on. Pure. */
import type { Plan, Stage } from '../core/plan.ts';
import { DAY_MS, type DurationMs, HOUR_MS, MINUTE_MS, type Percent, SECOND_MS } from '../core/units.ts';
import type { NextStep } from './run-record.ts';
import { workflowText } from './workflow-text.ts';

/**
 * Returns the three blocks of `health_source_missing`, the one that needs no source last.
 *
 * Each block is a whole plan (or the workflow's part with it) for the same model, version and stages, so
 * that nothing but hosts and metric names has to be filled in. Never throws.
 */
export function healthSourceMissingBlocks(plan: Pick<Plan, 'model' | 'version' | 'stages'>): NextStep[] {
  return [
    {
      text: 'Prometheus: fill in its address and the names of your counters.',
      language: 'yaml',
      code: workflow(plan, PROMETHEUS),
    },
    {
      text: 'JSON over HTTPS: fill in the address, the path and the pointers.',
      language: 'yaml',
      code: workflow(plan, HTTP_JSON),
    },
    {
      text: 'No gate: only time, status and adoption are watched.',
      language: 'yaml',
      code: [...planLines(plan), 'gates: none', 'unwatched: accepted'].join('\n'),
    },
  ];
}

interface Source {
  readonly inputs: readonly string[];
  readonly metrics: readonly string[];
}

const PROMETHEUS: Source = {
  inputs: [
    'prometheus-url: https://prometheus.example.com',
    'prometheus-token: $' + '{{ secrets.PROMETHEUS_TOKEN }}',
  ],
  metrics: [
    'metrics:',
    '  error_rate:',
    '    source: prometheus',
    `    events: 'sum(increase(inference_errors_total{version="{{version}}"}[{{window}}])) or vector(0)'`,
    `    trials: 'sum(increase(inference_requests_total{version="{{version}}"}[{{window}}]))'`,
    '  crash_rate:',
    '    source: prometheus',
    `    events: 'count(sum by (device_id) (increase(app_crashes_total{version="{{version}}"}[{{window}}])) > 0) or vector(0)'`,
    `    trials: 'count(sum by (device_id) (increase(app_starts_total{version="{{version}}"}[{{window}}])) > 0)'`,
  ],
};

const HTTP_JSON: Source = {
  inputs: ['health-url: https://health.example.com', 'health-token: $' + '{{ secrets.HEALTH_TOKEN }}'],
  metrics: [
    'metrics:',
    '  error_rate:',
    '    source: http-json',
    "    path: '/health?model={{model}}&version={{version}}&from={{from}}&to={{to}}'",
    '    events: /requests/failed',
    '    trials: /requests/total',
    '  crash_rate:',
    '    source: http-json',
    "    path: '/health?model={{model}}&version={{version}}&from={{from}}&to={{to}}'",
    '    events: /devices/crashed',
    '    trials: /devices/active',
  ],
};

function workflow(plan: Pick<Plan, 'model' | 'version' | 'stages'>, source: Source): string {
  const lines = [...planLines(plan), 'gates: { error_rate: 5%, crash_rate: 1% }', ...source.metrics];
  return ['with:', ...source.inputs.map(indent), '  plan: |', ...lines.map(indent).map(indent)].join('\n');
}

function planLines({
  model,
  version,
  stages,
}: Pick<Plan, 'model' | 'version' | 'stages'>): readonly string[] {
  const last = stages.length - 1;
  return [
    `model: ${yamlText(model)}`,
    `version: ${yamlText(version)}`,
    'stages:',
    ...stages.map((stage, index) => `  - ${index === last ? targetStage(stage) : soakingStage(stage)}`),
    `bake: ${exactDuration(stages[last]?.soakMs ?? 0)}`,
  ];
}

function soakingStage(stage: Stage): string {
  return `{ percentage: ${exactPercent(stage.percentage)}, soak: ${exactDuration(stage.soakMs)} }`;
}

function targetStage(stage: Stage): string {
  return `{ percentage: ${exactPercent(stage.percentage)} }`;
}

// A plan takes up to six decimals; a rounded share would change it.
function exactPercent(percent: Percent): string {
  return `${Number(percent.toFixed(6))}%`;
}

// A shortened duration would change the plan, so the largest unit that divides it is used.
function exactDuration(ms: DurationMs): string {
  const wholeMs = Math.ceil(ms / SECOND_MS) * SECOND_MS;
  const units: readonly (readonly [string, DurationMs])[] = [
    ['d', DAY_MS],
    ['h', HOUR_MS],
    ['m', MINUTE_MS],
  ];
  const unit = units.find(([, sizeMs]) => wholeMs > 0 && wholeMs % sizeMs === 0);
  return unit === undefined ? `${wholeMs / SECOND_MS}s` : `${wholeMs / unit[1]}${unit[0]}`;
}

function yamlText(text: string): string {
  const plain = /^[A-Za-z0-9][A-Za-z0-9._/+-]*$/.test(text);
  const isWord = /^(?:true|false|yes|no|on|off|null)$/i.test(text);
  return plain && !isWord ? text : workflowText(text);
}

function indent(line: string): string {
  return `  ${line}`;
}
