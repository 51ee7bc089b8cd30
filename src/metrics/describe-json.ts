/** Says what a JSON value is, so that who wrote a pointer can mend it. Pure. */

const SHOWN_KEYS = 8;
const SHOWN_CHARS = 40;

/** Returns what a JSON value is, with its members up to eight; for people, untrusted. */
export function describeJson(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') {
    const keys = Object.keys(value);
    if (keys.length === 0) return 'an empty object';
    const more = keys.length > SHOWN_KEYS ? `, … (${keys.length} in all)` : '';
    return `an object with ${keys.slice(0, SHOWN_KEYS).map(quoted).join(', ')}${more}`;
  }
  return typeof value === 'string' ? `the text ${quoted(value)}` : `${typeof value} ${String(value)}`;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS - 1)}…` : text);
}
