/** Fills ids and names into the path of a URL, so that none of them can leave its place. Pure. */

const PLACEHOLDER = /\{([a-z_]+)\}/g;

/** Returns the placeholder names of a template, in order. */
export function placeholdersOf(template: string): readonly string[] {
  return [...template.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
}

/**
 * Returns `template` with each `{name}` replaced by its percent-encoded value.
 *
 * Errors: RangeError when a value is missing, empty, `.` or `..`; URL parsing resolves dot segments even
 * when they are percent-encoded, so such an id would reach another route.
 */
export function fillPath(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(PLACEHOLDER, (_whole, name: string) => {
    const value = values[name];
    if (value === undefined) throw new RangeError(`{${name}} of ${template} has no value`);
    if (value === '' || value === '.' || value === '..') {
      throw new RangeError(`{${name}} of ${template} cannot be "${value}"`);
    }
    return encodeURIComponent(value);
  });
}
