/** Fills versions, names and times into the texts of a series, so that none of them can leave its place. Pure. */
import {
  hasOpenPlaceholder,
  isPlaceholderName,
  PLACEHOLDER_NAMES,
  type PlaceholderName,
  placeholdersIn,
  replacePlaceholders,
} from '../core/series-placeholders.ts';
import { SECOND_MS } from '../core/units.ts';
import type { SeriesScope } from './series-source.ts';
import { isoTime, wholeSeconds } from './whole-seconds.ts';

/** How a source wants its placeholders. */
export interface PlaceholderStyle {
  /** Returns a name or version so that it is one literal of the source's language, whatever it contains. */
  readonly escape: (value: string) => string;
  /** How `{{from}}` and `{{to}}` are written: whole seconds since 1970, or RFC 3339 with Z. */
  readonly times: 'epoch-seconds' | 'rfc3339';
  /** Whether `{{by}}` may stand in a list of labels to group by, where nothing groups nothing. */
  readonly groups?: true;
}

/** A text with every placeholder filled, or why it cannot be asked. */
export type FilledText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'none' | 'error'; readonly why: string };

/**
 * Returns `text` with each `{{name}}` replaced, once: what a value contains is never filled again.
 *
 * `{{window}}` is the length of the window's whole seconds as a PromQL duration (`900s`); `{{from}}` and
 * `{{to}}` are its ends. `{{version}}` is the version that is asked about. `{{by}}` is the bare name of the attribute to group by, and
 * nothing for the whole fleet. A window without a whole second is
 * `none`. A name that is unknown, and a baseline or group that does not exist, are `error`: an empty text in
 * their place would match everything.
 */
export function fillPlaceholders(text: string, scope: SeriesScope, style: PlaceholderStyle): FilledText {
  const window = wholeSeconds(scope.window);
  if (window === null) return { kind: 'none', why: 'the window is shorter than a second' };
  const stray = strayBraces(text);
  if (stray !== null) return { kind: 'error', why: stray };
  const times = style.times === 'rfc3339' ? isoTime : (at: number): string => String(at / SECOND_MS);
  const values: Readonly<Record<PlaceholderName, string | null>> = {
    version: literal(scope.version, style),
    baseline: literal(scope.baselineVersion, style),
    group: literal(scope.group, style),
    model: literal(scope.model, style),
    window: `${(window.to - window.from) / SECOND_MS}s`,
    from: times(window.from),
    to: times(window.to),
    by: style.groups ? labelIn(scope.by ?? '') : null,
  };
  for (const name of placeholdersIn(text)) {
    const problem = problemOf(name, values);
    if (problem !== null) return { kind: 'error', why: problem };
  }
  const filled = replacePlaceholders(text, (name) => (isPlaceholderName(name) ? (values[name] ?? '') : ''));
  return { kind: 'text', text: filled };
}

function literal(value: string | null, style: PlaceholderStyle): string | null {
  const escaped = value === null || value === '' ? '' : style.escape(value);
  return escaped === '' ? null : escaped;
}

// It stands outside of quotes, where no escape helps.
function labelIn(by: string): string | null {
  return /^([a-z][a-z0-9_]*)?$/.test(by) ? by : null;
}

function problemOf(name: string, values: Readonly<Record<PlaceholderName, string | null>>): string | null {
  if (!isPlaceholderName(name)) {
    return `the placeholder {{${name}}} is unknown; expected {{${PLACEHOLDER_NAMES.join('}}, {{')}}}`;
  }
  if (values[name] !== null) return null;
  if (name === 'baseline') {
    return 'the query uses {{baseline}}, and there is no version that this one replaces; leave it out';
  }
  if (name === 'group') {
    return 'the query uses {{group}}, and this rollout is for the whole fleet; leave it out, or give a group';
  }
  if (name === 'by')
    return 'the query uses {{by}}, which is only for label names of Prometheus; leave it out';
  return `the query uses {{${name}}}, which is empty here; leave it out`;
}

// A brace too few would otherwise send the placeholder's name to the source, which finds nothing by it.
function strayBraces(text: string): string | null {
  if (!hasOpenPlaceholder(text)) return null;
  return 'the query has a {{ without its }}; expected a placeholder such as {{version}}';
}
