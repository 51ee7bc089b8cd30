/** Names and versions as values of Datadog tags. Pure. */
import type { PlaceholderStyle } from '../placeholders.ts';
import type { SeriesScope } from '../series-source.ts';

const NOT_OF_A_TAG = /[^a-z0-9_\-:./]/gu;

/**
 * Returns a value as Datadog keeps it: in lower case, with an underscore for each character that a tag cannot have.
 *
 * So nothing in it can end the filter that it stands in. Source: Datadog documentation, "Getting started with
 * tags"; letters beyond ASCII are replaced too, although Datadog keeps them, which finds nothing rather than
 * something else.
 */
export function tagValue(value: string): string {
  return value.toLowerCase().replace(NOT_OF_A_TAG, '_');
}

/** How placeholders are filled in a Datadog query. */
export const DATADOG_STYLE: PlaceholderStyle = { escape: tagValue, times: 'epoch-seconds' };

/** Returns why the two versions cannot be told apart by their tags, or null. */
export function sameTags({ version, baselineVersion }: SeriesScope): string | null {
  if (baselineVersion === null || version === baselineVersion) return null;
  if (tagValue(version) !== tagValue(baselineVersion)) return null;
  return `${version} and ${baselineVersion} are the same tag "${tagValue(version)}" in Datadog; rename one of them`;
}
