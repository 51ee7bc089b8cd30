/** INV-12 on the side of the plan: no accepted series can name another host, or a file outside the workspace. */
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Series } from '../../../src/core/series.ts';
import { parsePlan } from '../../../src/plan/parse.ts';

const PIECES = [
  '/',
  '/',
  '\\',
  '.',
  '..',
  '%2e',
  '%2F',
  '%5c',
  '@',
  ':',
  '?',
  '#',
  '&',
  'evil.example',
  'https:',
  'a',
  'health',
  '{{version}}',
  '{{group}}',
  '{{baseline}}',
  '{{model}}',
  '{{from}}',
  '\t',
  ' ',
  '\u{200b}',
  '.csv',
  '.jsonl',
  '[',
  '~',
] as const;
const hostile = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 12 })
  .map((parts) => parts.join(''));

/** What fills a placeholder is percent-encoded; a baseline or a group may be nothing. */
const filled = (text: string, value: string): string =>
  text.replace(/\{\{(\w+)\}\}/g, (_whole, name: string) =>
    encodeURIComponent(name === 'group' || name === 'baseline' ? value : value || 'x'),
  );

function acceptedSeries(metrics: object): Series | null {
  const text = JSON.stringify({ model: 'm', version: '1.0.0', metrics: { error_rate: metrics } });
  const result = parsePlan({ name: 'p.json', text }, {});
  return result.ok ? (result.draft.metrics['error_rate'] ?? null) : null;
}

describe('a plan', () => {
  it('can never make another host be asked', () => {
    let accepted = 0;
    fc.assert(
      fc.property(hostile, fc.constantFrom('', '1.2.3', '//evil.example', '../..'), (route, value) => {
        const series = acceptedSeries({ source: 'http-json', path: route, events: '/a', trials: '/b' });
        if (series?.source !== 'http-json') return;
        accepted += 1;
        const asked = filled(series.path, value);
        for (const base of ['https://health.example.com', 'https://health.example.com/api/v1']) {
          for (const url of [new URL(`${base}${asked}`), new URL(asked, base)]) {
            expect(url.origin).toBe('https://health.example.com');
            expect(url.username).toBe('');
          }
          expect(new URL(`${base}${asked}`).pathname.startsWith(new URL(base).pathname)).toBe(true);
        }
      }),
      { numRuns: 5_000, examples: [['/health', '']] },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  it('can never make a file outside the workspace be read', () => {
    fc.assert(
      fc.property(hostile, (file) => {
        const series = acceptedSeries({ source: 'file', path: file, events: 'a', trials: 'b' });
        if (series?.source !== 'file') return;
        for (const paths of [path.posix, path.win32]) {
          const root = paths.resolve('/workspace');
          const inside = paths.relative(root, paths.resolve(root, series.path));
          expect(inside.split(paths.sep)[0]).not.toBe('..');
          expect(paths.isAbsolute(inside)).toBe(false);
        }
      }),
      { numRuns: 5_000, examples: [['metrics/a.csv']] },
    );
  });

  it('has no key for a host, an environment variable or a secret', () => {
    const keys = [
      'url',
      'host',
      'url_env',
      'token',
      'token_env',
      'api_key',
      'headers',
      'site',
      'username',
      'password',
    ];
    const series = { source: 'prometheus', events: 'a', trials: 'b' };
    for (const key of keys) expect(acceptedSeries({ ...series, [key]: 'evil.example' }), key).toBeNull();
    expect(acceptedSeries(series)).not.toBeNull();
  });
});
