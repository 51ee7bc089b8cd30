/** The key `metrics`: where the numbers of each gate come from, as single values. Pure. */
import { z } from 'zod';
import { SOURCE_NAMES } from '../core/series.ts';
import { key, mapOf } from './key.ts';
import { placeholderProblem } from './placeholders.ts';
import { choice, type Scalar, scalar } from './scalar.ts';

const MAX_QUERY_CHARS = 2_000;

/** Returns the kind of what a source is asked: one line of up to 2000 characters with known placeholders. */
function query(): Scalar<string> {
  const expected = `1 to ${MAX_QUERY_CHARS} characters on one line`;
  const meta = {
    typeName: 'text',
    range: `1 to ${MAX_QUERY_CHARS} characters`,
    type: 'string',
    minLength: 1,
    maxLength: MAX_QUERY_CHARS,
  } as const;
  return scalar(meta, expected, (text) => {
    if (text.trim() === '' || text.length > MAX_QUERY_CHARS) return { expected, hint: null };
    if (/[\p{C}\p{Zl}\p{Zp}]/u.test(text)) {
      return { expected: 'text without line breaks, control or invisible characters', hint: null };
    }
    return placeholderProblem(text) ?? { value: text.trim() };
  });
}

const WHAT = 'A query, a JSON pointer or a column, as the source takes it:';

/** One series, written in full. */
export const seriesMap = mapOf('a map with source and what to ask', {
  source: key(choice(SOURCE_NAMES), {
    description:
      'Where the numbers come from. Hosts and secrets are inputs of the workflow, such as `prometheus-url`.',
    required: true,
    example: 'prometheus',
  }),
  events: key(query(), {
    description: `${WHAT} how often it happened, such as failed requests. Together with \`trials\`.`,
    otherwise: 'not asked',
    example: `'sum(increase(requests_failed_total{version="{{version}}"}[{{window}}]))'`,
  }),
  trials: key(query(), {
    description: `${WHAT} out of how many, such as all requests. Together with \`events\`.`,
    otherwise: 'not asked',
    example: `'sum(increase(requests_total{version="{{version}}"}[{{window}}]))'`,
  }),
  devices: key(query(), {
    description: `${WHAT} devices that were active. Errors cluster by device, so evidence is worth more with it.`,
    otherwise: 'not asked',
    example: '/devices/active',
  }),
  devices_with_events: key(query(), {
    description: `${WHAT} devices with at least one event. Only beside \`events\` and \`devices\`.`,
    otherwise: 'not asked',
    example: '/devices/failing',
  }),
  mean: key(query(), {
    description: `${WHAT} a mean of values from 0 to 1. Together with \`n\`.`,
    otherwise: 'not asked',
    example: '/data/mean',
  }),
  n: key(query(), {
    description: `${WHAT} how many values \`mean\` is of.`,
    otherwise: 'not asked',
    example: '/data/count',
  }),
  buckets: key(query(), {
    description: `${WHAT} a cumulative histogram of how long requests took. Together with \`unit\`.`,
    otherwise: 'not asked',
    example: `'sum by (le) (increase(request_seconds_bucket{version="{{version}}"}[{{window}}]))'`,
  }),
  value: key(query(), {
    description: `${WHAT} one number that does not say how sure it is. Together with \`unit\`.`,
    otherwise: 'not asked',
    example: "'avg:model.first_token{version:{{version}}}'",
  }),
  unit: key(choice(['ratio', 'percent', 'ms', 's', 'number']), {
    description: 'What `value` or `buckets` are measured in; `buckets` are in `ms` or `s`.',
    otherwise: 'required with `value` and `buckets`',
    example: 'ms',
  }),
  path: key(query(), {
    description:
      'For `http-json`: path and query below the `health-url` input. For `file`: a `.jsonl`, `.ndjson` or `.csv` file of the workspace.',
    otherwise: 'required with `http-json` and `file`',
    example: "'/quality?version={{version}}&from={{from}}&to={{to}}'",
  }),
  method: key(choice(['GET', 'POST']), {
    description: 'How `http-json` asks.',
    otherwise: '`GET`; `POST` with a `body`',
    example: 'POST',
  }),
  body: key(query(), {
    description: 'The JSON text that `http-json` sends.',
    otherwise: 'none',
    example: `'{"version": "{{version}}", "from": "{{from}}", "to": "{{to}}"}'`,
  }),
});

/** What a plan says about one series. */
export type SeriesValue = z.output<typeof seriesMap>;

/** Every series of a plan, by the name of the gate that it measures. */
export const metrics = z.record(z.string(), seriesMap, {
  error: () => 'a map from names of gates to where their numbers come from',
});
