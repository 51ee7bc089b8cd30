/** The shape of JSON: fields and types without values, so that an answer can be held against an example. */

/** Returns the shape of a value: types for scalars, the distinct shapes of elements for lists, fields for objects. */
export function shapeOf(value: unknown): unknown {
  if (value === null) return 'null';
  if (typeof value === 'string') return /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value) ? 'time' : 'text';
  if (typeof value !== 'object') return typeof value;
  if (Array.isArray(value)) {
    const shapes = new Map(value.map((one) => [JSON.stringify(shapeOf(one)), shapeOf(one)]));
    return [...shapes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, shape]) => shape);
  }
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, field]) => [name, shapeOf(field)]));
}

/** Returns the part of `value` that `example` shows too: further fields are left out, at every depth. */
export function asFarAs(example: unknown, value: unknown): unknown {
  if (Array.isArray(example) && Array.isArray(value)) return value.map((one) => asFarAs(example[0], one));
  if (!isObject(example) || !isObject(value)) return value;
  const shown = Object.entries(value).filter(([name]) => name in example);
  return Object.fromEntries(shown.map(([name, field]) => [name, asFarAs(example[name], field)]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
