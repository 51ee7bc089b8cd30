/** A recorded file that cannot be used. */

/** The message names the line, what was got, what is expected and what to do. */
export class RecordedError extends Error {
  override readonly name = 'RecordedError';
}

const SHOWN_NAMES = 8;

/** Returns names for a message: the first eight, quoted; untrusted. */
export function shownNames(names: Iterable<string>): string {
  const all = [...names];
  const more = all.length > SHOWN_NAMES ? `, … (${all.length} in all)` : '';
  return `${all
    .slice(0, SHOWN_NAMES)
    .map((name) => JSON.stringify(name))
    .join(', ')}${more}`;
}
