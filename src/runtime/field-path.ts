/** How the place of a field in an answer is written, as in `data[3].count`. Pure. */
import { oneLine } from './untrusted-text.ts';

const MAX_KEY_CHARS = 60;

/** Returns a path of keys and indexes as text; keys are untrusted and shown on one line, and no path is the answer itself. */
export function fieldPath(path: readonly PropertyKey[]): string {
  const name = path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return `${text}${text === '' ? '' : '.'}${oneLine(String(key), MAX_KEY_CHARS)}`;
  }, '');
  return name === '' ? 'the answer' : name;
}
