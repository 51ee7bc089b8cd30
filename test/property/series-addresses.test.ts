/** No series of a plan, and no version or group, makes a source ask anywhere but below its own address. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ADDRESS_STYLE, addressOf } from '../../src/metrics/http-json/request-address.ts';
import { fillBody } from '../../src/metrics/http-json/request-body.ts';
import { fillPlaceholders } from '../../src/metrics/placeholders.ts';
import { hostileName, hostilePath } from '../support/hostile-addresses.ts';
import { seriesScope } from '../support/series-scopes.ts';

const BASES = [
  'https://health.example.com',
  'https://health.example.com:8443/api/v2',
  'http://127.0.0.1:9/a%20b',
];

/** Returns the segments that a server sees that decodes a path as often as it can. */
function seenSegments(pathname: string): readonly string[] {
  let text = pathname;
  for (let left = 20; left > 0; left -= 1)
    text = text.replace(/%(2e|2f|5c|25)/gi, (code) => decodeURIComponent(code));
  return text.split(/[\\/]/).map((segment) => segment.split(';')[0] ?? '');
}

describe('the address of a series', () => {
  it('is below the address of the workflow, or there is none', () => {
    fc.assert(
      fc.property(fc.constantFrom(...BASES), hostilePath, hostileName, (base, path, version) => {
        const filled = fillPlaceholders(path, seriesScope({ version, group: version }), ADDRESS_STYLE);
        if (filled.kind !== 'text') return;
        const root = new URL(base);
        const address = addressOf(root, filled.text);
        if (address.kind === 'error') return;
        const { url } = address;
        // What is sent is parsed anew from its text by every HTTP client.
        const again = new URL(url.href);
        expect([again.origin, again.username, again.password, again.hash]).toEqual([root.origin, '', '', '']);
        const below = again.pathname.slice(root.pathname.replace(/\/+$/, '').length);
        expect(again.pathname.startsWith(root.pathname.replace(/\/+$/, ''))).toBe(true);
        expect(below.startsWith('/')).toBe(true);
        expect(seenSegments(below)).not.toContain('..');
        expect(seenSegments(below)).not.toContain('.');
      }),
      { numRuns: 5_000 },
    );
  });

  it('is there for every ordinary path and version', () => {
    const ordinary = fc.stringMatching(/^[a-z0-9][a-z0-9._+-]{0,20}$/);
    fc.assert(
      fc.property(fc.constantFrom(...BASES), ordinary, (base, version) => {
        const path = '/v1/{{version}}/health?group={{group}}&from={{from}}';
        const filled = fillPlaceholders(path, seriesScope({ version, group: 'a b&c=d#e' }), ADDRESS_STYLE);
        if (filled.kind !== 'text') throw new Error(filled.why);
        const address = addressOf(new URL(base), filled.text);
        if (address.kind === 'error') throw new Error(address.why);
        expect(address.url.searchParams.get('group')).toBe('a b&c=d#e');
        expect(decodeURIComponent(address.url.pathname)).toContain(`/v1/${version}/health`);
      }),
    );
  });
});

describe('the body of a series', () => {
  it('has the same keys and lists whatever a version contains', () => {
    fc.assert(
      fc.property(hostileName, (version) => {
        const template = '{"filter": {"version": "{{version}}", "also": ["v{{version}}"]}, "limit": 1}';
        const filled = fillBody(template, seriesScope({ version }));
        if (filled.kind !== 'text') throw new Error(filled.why);
        expect(JSON.parse(filled.text)).toEqual({ filter: { version, also: [`v${version}`] }, limit: 1 });
      }),
    );
  });
});
