/** What Datadog is asked: with versions as tags, on a site of Datadog only. */
import { describe, expect, it } from 'vitest';
import { createDatadogSource } from '../../../src/metrics/datadog/datadog-source.ts';
import { createVirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { askDatadog, ok } from '../../support/asked-datadog.ts';

describe('the question to Datadog', () => {
  it('for a histogram says what to use instead, and asks nothing', async () => {
    const { answer, asked } = await askDatadog({
      shape: { kind: 'buckets', buckets: 'x', unit: 'ms', devices: null },
      reply: () => ok(),
    });
    expect(answer.leaves.buckets).toEqual({
      kind: 'error',
      why: expect.stringMatching(/use counts instead/),
    });
    expect(asked).toEqual([]);
  });

  it.each([
    ['2.0.0-RC1', '2.0.0-rc1'],
    ['2.0.0+b 1', '2.0.0_b_1'],
    ['x} by {device', 'x__by__device'],
    ['*', '_'],
    ['a,!b', 'a__b'],
    ['ü', '_'],
  ])('writes the version %j as the tag %j', async (version, tag) => {
    const { asked } = await askDatadog({ scope: { version }, reply: () => ok() });
    expect(asked[0]?.fields['query']).toBe(`p95:latency{version:${tag}}`);
  });

  it('is refused for two versions that are one tag', async () => {
    const { asked, answer } = await askDatadog({
      scope: { version: '2.0.0+a', baselineVersion: '2.0.0_a' },
      reply: () => ok(),
    });
    expect(answer.leaves.value).toEqual({
      kind: 'error',
      why: expect.stringMatching(/the same tag "2\.0\.0_a"/),
    });
    expect(asked).toEqual([]);
  });

  it.each(['http://evil.example/', '&from=0', '../../admin', '#x', '@evil.example'])(
    'goes to the same place whatever the query is: %j',
    async (text) => {
      const { asked } = await askDatadog({
        shape: { kind: 'value', value: text, unit: 'number', devices: null },
        reply: () => ok(),
      });
      expect(asked.map(({ path, fields }) => [path, fields['query'], fields['from']])).toEqual([
        ['/api/v1/query', text, '1772365500'],
      ]);
    },
  );
});

type InputRow = { readonly site?: string; readonly apiKey?: string; readonly throws: RegExp };

const INPUT_ROWS: Readonly<Record<string, InputRow>> = {
  'another host': {
    site: 'evil.example',
    throws: /^datadog-site is no site of Datadog; expected one of datadoghq/,
  },
  'a host behind a site': { site: 'datadoghq.com@evil.example', throws: /no site of Datadog/ },
  'a path behind a site': { site: 'datadoghq.com/x', throws: /no site of Datadog/ },
  'an address': { site: 'https://app.datadoghq.eu', throws: /without https/ },
  'no key': { apiKey: '', throws: /^datadog-api-key is missing/ },
  'a key over two lines': { apiKey: 'a\nb', throws: /^datadog-api-key contains a line break/ },
};

describe('the inputs of Datadog', () => {
  it.each(Object.entries(INPUT_ROWS))('are refused: %s', (_what, { site, apiKey, throws }) => {
    const create = (): unknown =>
      createDatadogSource({
        site: site ?? 'datadoghq.com',
        apiKey: apiKey ?? 'k',
        appKey: 'k',
        clock: createVirtualClock(0),
        userAgent: 'test',
      });
    expect(create).toThrow(throws);
  });
});
