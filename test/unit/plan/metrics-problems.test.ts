import { describe, expect, it } from 'vitest';
import { problemsBelow } from '../../support/plan-lines.ts';

const SHAPES = 'exactly one of: events and trials; mean and n; buckets and unit; value and unit.';
const ROUTE =
  'expected a path below health-url: it starts with one slash and has no host, "//", "..", "\\" or "#".';
const FILE = 'expected a .jsonl, .ndjson or .csv file inside the workspace, relative to it';
const COUNTS = '{ source: prometheus, events: a, trials: b }';

describe('a series', () => {
  it.each([
    [
      'metrics: prometheus',
      '3:10 metrics: got "prometheus", expected a map from names of gates to where their numbers come from.',
    ],
    [
      'metrics: { error_rate: prometheus }',
      '3:24 metrics.error_rate: got "prometheus", expected a map with source and what to ask.',
    ],
    [
      'metrics: { error_rate: { events: a, trials: b } }',
      '3:24 metrics.error_rate.source: got nothing, expected its source: prometheus, datadog, http-json, file or octomil.',
    ],
    [
      'metrics: { error_rate: { source: promethius, events: a, trials: b } }',
      '3:34 metrics.error_rate.source: got "promethius", expected one of octomil, prometheus, datadog, http-json, file. Did you mean prometheus?',
    ],
    [
      'metrics: { error_rate: { source: prometheus } }',
      `3:12 metrics.error_rate: got none of them, expected ${SHAPES}`,
    ],
    [
      'metrics: { error_rate: { source: prometheus, events: a, n: b } }',
      `3:12 metrics.error_rate: got 2 shapes at once, expected ${SHAPES}`,
    ],
    [
      'metrics: { error_rate: { source: prometheus, events: a } }',
      '3:24 metrics.error_rate.trials: got nothing, expected trials, which a count needs.',
    ],
    [
      'metrics: { error_rate: { source: prometheus, events: a, trials: b, devices_with_events: c } }',
      '3:24 metrics.error_rate.devices: got nothing, expected devices beside devices_with_events.',
    ],
    [
      'metrics: { error_rate: { source: prometheus, events: a, trials: b, unit: ms } }',
      '3:74 metrics.error_rate.unit: got "ms", expected no unit beside events and trials.',
    ],
    [
      'metrics: { error_rate: { source: octomil, events: a } }',
      '3:51 metrics.error_rate.events: got "a", expected nothing beside source: octomil, which is asked for what it measures.',
    ],
    [
      'metrics: { error_rate: { source: prometheus, url: "https://evil.example", events: a, trials: b } }',
      '3:46 metrics.error_rate.url: got the unknown key "url", expected one of source, events, trials, devices, devices_with_events, mean, n, buckets, value, unit, path, method, body.',
    ],
    [
      `metrics: { error_rate: { source: datadog, events: 'sum:e{*} by {{{by}}}', trials: b } }`,
      '3:51 metrics.error_rate.events: got "sum:e{*} by {{{by}}}", expected no {{by}} beside source: datadog. It stands for the label that a query of Prometheus groups by; no other source is split by it.',
    ],
    [
      'metrics: { error_rate: { source: http-json, path: "/x?by={{by}}", events: /a, trials: /b } }',
      '3:51 metrics.error_rate.path: got "/x?by={{by}}", expected no {{by}} beside source: http-json. It stands for the label that a query of Prometheus groups by; no other source is split by it.',
    ],
    [
      'metrics: { error_rate: { source: prometheus, path: /x, events: a, trials: b } }',
      '3:52 metrics.error_rate.path: got "/x", expected no path beside source: prometheus.',
    ],
    [
      'metrics: { error_rate: { source: prometheus, events: "a{{verson}}", trials: b } }',
      '3:54 metrics.error_rate.events: got "a{{verson}}", expected only the placeholders {{version}}, {{baseline}}, {{group}}, {{model}}, {{window}}, {{from}}, {{to}}, {{by}}. Did you mean {{version}}?',
    ],
    [
      'gates: { latency_p95: 1s }\nmetrics: { latency_p95: { source: datadog, buckets: a, unit: s } }',
      '4:53 metrics.latency_p95.buckets: got "a", expected no buckets from datadog. Count the requests slower than the limit, as events of trials.',
    ],
    [
      'metrics: { adoption: { source: octomil } }',
      '3:12 metrics.adoption: got the key adoption, expected no series: the API counts its devices itself.',
    ],
    [
      'metrics: { Error-Rate: { source: octomil } }',
      '3:12 metrics.Error-Rate: got the key "Error-Rate", expected the name of a gate: a small letter, then small letters, digits and underscores, up to 41.',
    ],
    [
      'metrics: { quality: { source: prometheus, mean: a, n: b } }',
      '3:12 metrics.quality: got a series of quality, which no gate asks for, expected a gate quality in gates, or no such series.',
    ],
  ])('is refused with its place: %s', (text, line) => {
    expect(problemsBelow(text)).toEqual([`rollout.yml:${line}`]);
  });
});

describe('a path over HTTP', () => {
  it.each([
    'q',
    '//evil.example/q',
    'https://evil.example/q',
    '/\\\\evil.example',
    '/../admin',
    '/a/%2e%2E/admin',
    '/a//b',
    '/{{group}}/evil.example',
    '/{{baseline}}/evil.example',
    '{{group}}/q',
    '/a%2f..%2fb',
    '/a#b',
    '/a b',
  ])('is refused when it may leave its place: %s', (path) => {
    const text = `metrics: { error_rate: { source: http-json, path: '${path}', events: /a, trials: /b } }`;
    expect(problemsBelow(text)).toEqual([expect.stringContaining(ROUTE)]);
  });

  it.each([
    ["method: GET, body: '{}'", 'body: got "{}", expected no body beside method: GET.'],
    ['method: POST', 'body: got nothing, expected a JSON text beside method: POST.'],
    [
      "body: '{{{version}}}'",
      'body: got "{{{version}}}", expected a JSON text. Placeholders of text stand in quotes, as in {"version": "{{version}}"}.',
    ],
  ])('is asked in one way: %s', (how, line) => {
    const text = `metrics: { error_rate: { source: http-json, path: /q, ${how}, events: /a, trials: /b } }`;
    expect(problemsBelow(text)).toEqual([expect.stringContaining(line)]);
  });

  it('is read by JSON pointers', () => {
    const text = 'metrics: { error_rate: { source: http-json, path: /q, events: a.b, trials: /b } }';
    expect(problemsBelow(text)).toEqual([
      expect.stringContaining('events: got "a.b", expected a JSON pointer such as /data/count.'),
    ]);
  });
});

describe('a recorded file', () => {
  it.each([
    '/etc/x.csv',
    '../x.csv',
    'a/../../x.csv',
    'C:\\x.csv',
    'x.txt',
    '.csv',
    '\\x.csv',
    '{{version}}.csv',
  ])('is inside the workspace: %s', (path) => {
    const text = `metrics: { error_rate: { source: file, path: '${path}', events: a, trials: b } }`;
    expect(problemsBelow(text)).toEqual([expect.stringContaining(FILE)]);
  });
});

describe('a series that its gate cannot be judged by', () => {
  it.each([
    [
      'gates: { quality: 90% }\nmetrics: { quality: { source: prometheus, events: a, trials: b } }',
      'metrics.quality: got events and trials, expected mean and n, or a value in ratio or percent, for quality.',
    ],
    [
      'metrics: { error_rate: { source: prometheus, value: a, unit: ms } }',
      'metrics.error_rate.unit: got "ms", expected ratio or percent for error_rate.',
    ],
    [
      'metrics: { error_rate: { source: prometheus, mean: a, n: b } }',
      'metrics.error_rate: got mean and n, expected events and trials, or a value in ratio or percent, for error_rate.',
    ],
    [
      'gates: { latency_p95: 400ms }\nmetrics: { latency_p95: { source: prometheus, buckets: a, unit: percent } }',
      'metrics.latency_p95.unit: got "percent", expected ms or s for buckets.',
    ],
    [
      'gates: { latency_p95: { baseline: current } }\nmetrics: { latency_p95: { source: prometheus, events: a, trials: b } }',
      'gates.latency_p95.baseline: got "current", expected a series of buckets or a value: counts do not tell a percentile.',
    ],
    [
      'gates: { error_rate: { baseline: current } }\nmetrics: { error_rate: { source: prometheus, value: a, unit: ratio } }',
      'gates.error_rate.baseline: got "current", expected a comparison only of counts: a bare value does not say how sure it is.',
    ],
    [
      `gates: { drain: 3 }\nmetrics: { drain: ${COUNTS} }`,
      'gates.drain: got "3", expected a rate such as 3%, as its series has counts.',
    ],
    [
      `gates: { drain: { min: 3% } }\nmetrics: { drain: ${COUNTS} }`,
      'gates.drain.min: got "3%", expected max, as events are what should not happen. A least mean takes mean and n.',
    ],
    [
      'gates: { drain: 3% }\nmetrics: { drain: { source: file, path: a.csv, mean: a, n: b } }',
      'gates.drain: got "3%", expected min and a rate such as 90%, as its series has a mean.',
    ],
    [
      'gates: { drain: 3% }\nmetrics: { drain: { source: prometheus, value: a, unit: s } }',
      'gates.drain: got "3%", expected a time such as 400ms or 2s, as its series is in s.',
    ],
    [
      'gates: { drain: 3% }\nmetrics: { drain: { source: prometheus, buckets: a, unit: s } }',
      'gates.drain: got "3%", expected a series of counts or a value. Buckets measure latency_p50, latency_p95 and latency_p99.',
    ],
    [
      `gates: { drain: 0% }\nmetrics: { drain: ${COUNTS} }`,
      'gates.drain: got "0%", expected a rate from 0.0001% to below 100%.',
    ],
    [
      `gates: { drain: { severity: hold } }\nmetrics: { drain: ${COUNTS} }`,
      'gates.drain: got a map without a limit, expected a limit such as max: 3% or min: 90%.',
    ],
    [
      `gates: { drain: { max: 3%, min: 2% } }\nmetrics: { drain: ${COUNTS} }`,
      'gates.drain: got both max and min, expected one of them.',
    ],
    [
      `gates: { drain: { max: 3%, margin: 10% } }\nmetrics: { drain: ${COUNTS} }`,
      'gates.drain.margin: got "10%", expected a margin only beside baseline: current.',
    ],
    [
      `gates: { drain: { max: 3%, mx: 2% } }\nmetrics: { drain: ${COUNTS} }`,
      'gates.drain.mx: got the unknown key "mx", expected a key of a gate of your own. Did you mean max?',
    ],
    [
      'gates: { drain: 3% }\nmetrics: { drain: { source: octomil } }',
      'metrics.drain.source: got "octomil", expected a source that measures drain; Octomil does not.',
    ],
    [
      'pass_when: proven\nmetrics: { error_rate: { source: prometheus, value: a, unit: ratio } }',
      'pass_when: got proven beside error_rate, expected no gate on a bare value. Write pass_when: not_failed, or give the series a count.',
    ],
  ])('is refused with what would fit: %s', (text, line) => {
    expect(problemsBelow(text)).toEqual([expect.stringContaining(line)]);
  });
});
