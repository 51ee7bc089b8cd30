/** Values of the core as JSON and back without losing a bit: snake_case keys, every double as itself. Pure. */

/** Anything that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const UNWRITABLE: Readonly<Record<string, number>> = {
  '-0': -0,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/**
 * Returns plain data of the core as JSON: keys in snake_case, members that are undefined left out.
 *
 * A number that JSON cannot carry becomes an object with the one key `number`, such as
 * `{"number": "-Infinity"}`, so that no text can be taken for one. Times stay milliseconds since 1970. Never
 * throws for plain data.
 */
export function encodeExact(value: unknown): Json {
  if (typeof value === 'number') return encodeNumber(value);
  if (Array.isArray(value)) return value.map(encodeExact);
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(members.map(([key, member]) => [snakeCase(key), encodeExact(member)]));
  }
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}

/**
 * Returns what `encodeExact` was given; keys in camelCase.
 *
 * Never throws. The caller checks the shape first: nothing here knows what a value ought to be.
 */
export function decodeExact(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(decodeExact);
  if (typeof json !== 'object' || json === null) return json;
  const members = Object.entries(json);
  const [only] = members;
  if (members.length === 1 && only?.[0] === 'number' && typeof only[1] === 'string') {
    return UNWRITABLE[only[1]] ?? Number.NaN;
  }
  return Object.fromEntries(members.map(([key, member]) => [camelCase(key), decodeExact(member)]));
}

function encodeNumber(value: number): Json {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return { number: Object.is(value, -0) ? '-0' : String(value) };
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function camelCase(key: string): string {
  return key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
