import { describe, expect, it } from 'vitest';
import { placeholdersIn } from '../../../src/core/series-placeholders.ts';
import { fillPlaceholders, type PlaceholderStyle } from '../../../src/metrics/placeholders.ts';
import type { SeriesScope } from '../../../src/metrics/series-source.ts';
import { SCOPE_END, seriesScope } from '../../support/series-scopes.ts';

const QUOTED: PlaceholderStyle = { escape: (value) => `<${value}>`, times: 'rfc3339' };
const EPOCH: PlaceholderStyle = { escape: (value) => value, times: 'epoch-seconds' };

interface Row {
  readonly text: string;
  readonly scope?: Partial<SeriesScope>;
  readonly style?: PlaceholderStyle;
  readonly gives: ReturnType<typeof fillPlaceholders>;
}

const filled = (text: string): Row['gives'] => ({ kind: 'text', text });

const ROWS: Readonly<Record<string, Row>> = {
  'names are escaped by the source’s rule': {
    text: '{{version}} {{baseline}} {{group}} {{model}}',
    gives: filled('<2.0.0> <1.9.0> <wards> <radiology-v1>'),
  },
  'the window is whole seconds': { text: 'x[{{window}}]', gives: filled('x[900s]') },
  'times are RFC 3339': {
    text: '{{from}}/{{to}}',
    gives: filled('2026-03-01T11:45:00Z/2026-03-01T12:00:00Z'),
  },
  'times are epoch seconds where the source wants them': {
    text: '{{from}} {{to}}',
    style: EPOCH,
    gives: filled('1772365500 1772366400'),
  },
  'nothing is grouped by for the whole fleet': {
    text: 'sum by (le, {{by}}) (x)',
    style: { ...EPOCH, groups: true },
    gives: filled('sum by (le, ) (x)'),
  },
  'an attribute to group by stands without quotes': {
    text: 'sum by ({{by}}) (x)',
    scope: { by: 'device_class' },
    style: { ...EPOCH, groups: true },
    gives: filled('sum by (device_class) (x)'),
  },
  'what is no name of a label is never grouped by': {
    text: 'sum by ({{by}}) (x)',
    scope: { by: 'os) (x) or vector(1' },
    style: { ...EPOCH, groups: true },
    gives: {
      kind: 'error',
      why: 'the query uses {{by}}, which is only for label names of Prometheus; leave it out',
    },
  },
  'only Prometheus groups': {
    text: 'by {{by}}',
    gives: {
      kind: 'error',
      why: 'the query uses {{by}}, which is only for label names of Prometheus; leave it out',
    },
  },
  'spaces within the braces do not matter': { text: '{{ version }}', gives: filled('<2.0.0>') },
  'braces of the language stay': { text: 'x{v:{{version}}} {a}', gives: filled('x{v:<2.0.0>} {a}') },
  'a value is never filled again': {
    text: '{{version}}',
    scope: { version: '{{group}}' },
    gives: filled('<{{group}}>'),
  },
  'a dollar sign in a value is text': {
    text: '{{version}}',
    scope: { version: '$&$1' },
    gives: filled('<$&$1>'),
  },
  'a window that begins within a second never reaches before its begin': {
    text: '{{window}} {{from}} {{to}}',
    scope: { window: { from: SCOPE_END - 10_999, to: SCOPE_END + 999 } },
    style: EPOCH,
    gives: filled('10s 1772366390 1772366400'),
  },
  'a window without a whole second is nothing measured': {
    text: '{{version}}',
    scope: { window: { from: SCOPE_END + 1, to: SCOPE_END + 1_999 } },
    gives: { kind: 'none', why: 'the window is shorter than a second' },
  },
  'a baseline that does not exist is no empty text': {
    text: '{{baseline}}',
    scope: { baselineVersion: null },
    gives: {
      kind: 'error',
      why: 'the query uses {{baseline}}, and there is no version that this one replaces; leave it out',
    },
  },
  'a group that does not exist is no empty text': {
    text: '{{group}}',
    scope: { group: null },
    gives: {
      kind: 'error',
      why: 'the query uses {{group}}, and this rollout is for the whole fleet; leave it out, or give a group',
    },
  },
  'an empty version would match everything': {
    text: '{{version}}',
    scope: { version: '' },
    gives: { kind: 'error', why: 'the query uses {{version}}, which is empty here; leave it out' },
  },
  'an unknown name is named': {
    text: '{{verison}}',
    gives: {
      kind: 'error',
      why:
        'the placeholder {{verison}} is unknown; expected {{version}}, {{baseline}}, {{group}}, {{model}}, ' +
        '{{window}}, {{from}}, {{to}}, {{by}}',
    },
  },
  'an unclosed placeholder is not sent': {
    text: 'x{v="{{version}"}',
    gives: {
      kind: 'error',
      why: 'the query has a {{ without its }}; expected a placeholder such as {{version}}',
    },
  },
};

describe('the placeholders of a series', () => {
  it.each(Object.entries(ROWS))('%s', (_fact, { text, scope, style, gives }) => {
    expect(fillPlaceholders(text, seriesScope(scope), style ?? QUOTED)).toEqual(gives);
  });

  it('are listed in order', () => {
    expect(placeholdersIn('{{b}} {a} {{ window }}')).toEqual(['b', 'window']);
  });
});
