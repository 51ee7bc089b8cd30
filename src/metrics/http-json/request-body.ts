/** The JSON text that a series sends. Pure. */
import { type FilledText, fillPlaceholders, type PlaceholderStyle } from '../placeholders.ts';
import type { SeriesScope } from '../series-source.ts';

const STYLE: PlaceholderStyle = {
  escape: (value) => JSON.stringify(value).slice(1, -1),
  times: 'rfc3339',
};

/**
 * Returns the body with its placeholders filled, each inside the string that it stands in.
 *
 * The template itself has to be JSON, so that every placeholder is part of a string: there an escaped value
 * cannot add a key or end a list.
 */
export function fillBody(template: string, scope: SeriesScope): FilledText {
  if (!isJson(template)) {
    return {
      kind: 'error',
      why: 'the body is not JSON; write placeholders in quotes, as in {"version": "{{version}}"}',
    };
  }
  const filled = fillPlaceholders(template, scope, STYLE);
  if (filled.kind !== 'text' || isJson(filled.text)) return filled;
  return { kind: 'error', why: 'the body is not JSON once its placeholders are filled' };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
