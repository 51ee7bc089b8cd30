/** Paths and names that try to lead a request elsewhere. */
import fc from 'fast-check';

const PIECES = [
  '/',
  '//',
  '\\',
  '.',
  '..',
  '...',
  '%2e',
  '%2E%2e',
  '%252e%252e',
  '%2f',
  '%5c',
  '%',
  '%25',
  ';',
  '?',
  '#',
  '@',
  ':',
  ':443',
  'user:pw@evil.example',
  'evil.example',
  'https:',
  'https://evil.example/',
  '//evil.example/',
  '\t',
  '\n',
  ' ',
  '\u0000',
  '\u3002',
  '\uff0f',
  '\ud800',
  '"',
  '",',
  '{{version}}',
  '{{group}}',
  '{{from}}',
  '{{',
  '}}',
  'a',
  'health',
] as const;

const mix = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 10 })
  .map((pieces) => pieces.join(''));

/** Any text as a path of a plan: hosts, dot segments in many encodings, placeholders. */
export const hostilePath = fc.oneof(
  mix,
  mix.map((rest) => `/${rest}`),
);

/** Any text as the name of a version or a group, not empty. */
export const hostileName = mix.filter((name) => name !== '');

/** Any text of a series, or any name, that tries to lead a request to an address of the test. */
export function hostileTextTo(origin: string): fc.Arbitrary<string> {
  const { host } = new URL(origin);
  const lures = [
    origin,
    `//${host}/`,
    `@${host}/`,
    `/\\${host}/`,
    `\n${origin}`,
    `/..//${host}/`,
    `%2f%2f${host}/`,
    host,
  ];
  return fc
    .array(fc.oneof(fc.constantFrom(...lures), mix), { minLength: 1, maxLength: 4 })
    .map((pieces) => pieces.join('') || '/');
}
