/** Hides secrets in text as the runner does: the value, each of its lines, and its usual encodings. */

const XML_ESCAPES = /** @type {const} */ ({
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
});

/** @typedef {{ add(value: string): void, mask(text: string): string, values(): string[] }} Masker */

/**
 * Returns a masker that knows `secrets` from the start and learns more by `add`.
 *
 * @param {readonly string[]} secrets
 * @returns {Masker}
 */
export function createMasker(secrets) {
  /** @type {Set<string>} */
  const values = new Set();
  /** @type {string[]} */
  let forms = [];

  /** @param {string} value */
  const add = (value) => {
    for (const part of [value, ...value.split(/[\r\n]+/)]) if (part.trim() !== '') values.add(part);
    // Longest first, so that a secret which contains another one is hidden whole.
    forms = [...new Set([...values].flatMap(encodings))].sort((a, b) => b.length - a.length);
  };

  for (const secret of secrets) add(secret);
  return {
    add,
    mask: (text) => forms.reduce((masked, form) => masked.replaceAll(form, '***'), text),
    values: () => [...values],
  };
}

/**
 * @param {string} value
 * @returns {string[]}
 */
function encodings(value) {
  const bytes = Buffer.from(value);
  const base64 = [0, 1, 2].map((shift) => base64Core(bytes.subarray(shift)));
  const xml = value.replace(
    /[&<>"']/g,
    (char) => XML_ESCAPES[/** @type {keyof typeof XML_ESCAPES} */ (char)],
  );
  const forms = [value, ...base64, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), xml];
  return forms.filter((form) => form !== '');
}

/**
 * Returns the part of the Base64 form that does not depend on the bytes around it.
 *
 * @param {Buffer} bytes
 */
function base64Core(bytes) {
  return bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64');
}
