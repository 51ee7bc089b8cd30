/** The API's address is parsed once, and every address that could leak the key is refused. */
import { describe, expect, it } from 'vitest';
import { parseBaseUrl } from '../../../src/octomil/base-url.ts';

type Row = { readonly text: string } & ({ readonly gives: string } | { readonly throws: RegExp });

const ROWS: readonly Row[] = [
  { text: '', gives: 'https://api.octomil.com/api/v1' },
  { text: '  ', gives: 'https://api.octomil.com/api/v1' },
  { text: 'https://api.octomil.com', gives: 'https://api.octomil.com/api/v1' },
  { text: 'https://api.octomil.com/', gives: 'https://api.octomil.com/api/v1' },
  { text: 'https://api.octomil.com/api/', gives: 'https://api.octomil.com/api/v1' },
  { text: 'https://api.octomil.com/api/v1//', gives: 'https://api.octomil.com/api/v1' },
  { text: 'https://api.octomil.com/v1', gives: 'https://api.octomil.com/v1' },
  { text: 'https://proxy.example/octomil/', gives: 'https://proxy.example/octomil' },
  { text: 'http://127.0.0.1:8000', gives: 'http://127.0.0.1:8000/api/v1' },
  { text: 'http://127.8.7.6:8000/api', gives: 'http://127.8.7.6:8000/api/v1' },
  { text: 'http://localhost:8000', gives: 'http://localhost:8000/api/v1' },
  { text: 'http://[::1]:8000', gives: 'http://[::1]:8000/api/v1' },
  { text: 'http://api.octomil.com', throws: /starts with http:\/\/; expected https/ },
  { text: 'http://127.0.0.1.evil.example', throws: /expected https/ },
  { text: 'http://localhost.evil.example', throws: /expected https/ },
  { text: 'http://128.0.0.1', throws: /expected https/ },
  { text: 'ftp://api.octomil.com', throws: /starts with ftp:/ },
  { text: 'https://user:pass@api.octomil.com', throws: /user name or password/ },
  { text: 'https://api.octomil.com@evil.example', throws: /user name or password/ },
  { text: 'https://api.octomil.com/api/v1?key=1', throws: /query or fragment/ },
  { text: 'https://api.octomil.com/api/v1#x', throws: /query or fragment/ },
  { text: 'https://api.octomil.com/api/v1?', throws: /query or fragment/ },
  { text: 'api.octomil.com', throws: /not an address; expected one like/ },
  { text: 'https://', throws: /not an address/ },
];

describe('parseBaseUrl', () => {
  it.each(ROWS)('of "$text"', (row) => {
    if ('throws' in row) expect(() => parseBaseUrl(row.text)).toThrow(row.throws);
    else expect(parseBaseUrl(row.text).url.href).toBe(row.gives);
  });

  it('warns about /v1, which is not the control plane, and about nothing else', () => {
    expect(parseBaseUrl('https://api.octomil.com/v1').warnings).toHaveLength(1);
    expect(parseBaseUrl('https://api.octomil.com/api/v1').warnings).toEqual([]);
    expect(parseBaseUrl('https://proxy.example/octomil/v1').warnings).toEqual([]);
  });

  it('never repeats a password', () => {
    expect(() => parseBaseUrl('https://user:hunter2@x.example')).toThrow(/^(?!.*hunter2)/);
    expect(() => parseBaseUrl('https://user:hunter2@')).toThrow(/^(?!.*hunter2)/);
  });
});
