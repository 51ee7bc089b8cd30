/** Reads this action's own action.yml without a YAML library: block maps of scalars, nothing else. */

/** @typedef {import('../stand-in-runner.d.mts').Manifest} Manifest */
/** @typedef {{ [key: string]: string | Block }} Block */
/** @typedef {{ indent: number, text: string, number: number }} Line */

/**
 * Returns the manifest of a JavaScript action.
 *
 * Errors: throws with the line for YAML beyond maps and scalars, and when `runs` names no `using` or `main`.
 *
 * @param {string} text the text of action.yml
 * @returns {Manifest}
 */
export function readManifest(text) {
  const root = readBlock({ lines: text.split(/\r?\n/).map(toLine), at: 0 }, 0);
  const runs = mapAt(root, 'runs');
  const using = textAt(runs, 'using');
  const main = textAt(runs, 'main');
  if (using === undefined || main === undefined) {
    throw new Error('action.yml: expected `runs.using` and `runs.main`; write both.');
  }
  const post = textAt(runs, 'post');
  const postIf = textAt(runs, 'post-if');
  return {
    name: textAt(root, 'name') ?? '',
    description: textAt(root, 'description') ?? '',
    inputs: mapEntries(mapAt(root, 'inputs'), (input) => ({
      description: textAt(input, 'description') ?? '',
      required: textAt(input, 'required') === 'true',
      default: textAt(input, 'default') ?? '',
    })),
    outputs: mapEntries(mapAt(root, 'outputs'), (output) => ({
      description: textAt(output, 'description') ?? '',
    })),
    runs: { using, main, ...(post === undefined ? {} : { post, postIf: postIf ?? 'always()' }) },
  };
}

/**
 * @param {string} text
 * @param {number} index
 * @returns {Line}
 */
function toLine(text, index) {
  return { indent: text.length - text.trimStart().length, text, number: index + 1 };
}

/**
 * Reads the map whose keys stand at `indent` and leaves the cursor behind it.
 *
 * @param {{ lines: Line[], at: number }} cursor
 * @param {number} indent
 * @returns {Block}
 */
function readBlock(cursor, indent) {
  /** @type {Block} */
  const block = {};
  for (;;) {
    const line = cursor.lines[cursor.at];
    if (line === undefined) return block;
    if (/^\s*(#.*)?$/.test(line.text)) {
      cursor.at += 1;
      continue;
    }
    if (line.indent < indent) return block;
    const found = /^(?<key>[A-Za-z_][\w -]*):(?:\s+(?<rest>.*))?$/.exec(line.text.trim());
    if (line.indent > indent || found?.groups === undefined) throw unreadable(line, 'expected `key: value`');
    cursor.at += 1;
    block[found.groups['key'] ?? ''] = readValue(cursor, line, found.groups['rest'] ?? '');
  }
}

/**
 * @param {{ lines: Line[], at: number }} cursor
 * @param {Line} line the line that holds the key
 * @param {string} rest what follows the colon
 * @returns {string | Block}
 */
function readValue(cursor, line, rest) {
  const style = /^[>|](?<chomp>[-+]?)\s*(#.*)?$/.exec(rest);
  if (style !== null) return readBlockScalar(cursor, line, rest);
  if (rest !== '' && !rest.startsWith('#')) return readScalar(line, rest);
  const next = cursor.lines.slice(cursor.at).find((each) => !/^\s*(#.*)?$/.test(each.text));
  return next !== undefined && next.indent > line.indent ? readBlock(cursor, next.indent) : '';
}

/**
 * @param {Line} line
 * @param {string} rest
 */
function readScalar(line, rest) {
  const single = /^'(?<text>(?:[^']|'')*)'\s*(#.*)?$/.exec(rest)?.groups?.['text'];
  if (single !== undefined) return single.replaceAll("''", "'");
  const double = /^(?<text>"(?:[^"\\]|\\.)*")\s*(#.*)?$/.exec(rest)?.groups?.['text'];
  if (double !== undefined) return String(JSON.parse(double));
  if (/^['"[{&*!|>%@`]/.test(rest)) throw unreadable(line, 'expected a plain or quoted value on one line');
  return rest.replace(/\s#.*$/, '').trim();
}

/**
 * @param {{ lines: Line[], at: number }} cursor
 * @param {Line} line
 * @param {string} style `>` or `|` with its chomping sign
 */
function readBlockScalar(cursor, line, style) {
  /** @type {string[]} */
  const texts = [];
  const first = cursor.lines[cursor.at]?.indent ?? 0;
  for (let next = cursor.lines[cursor.at]; next !== undefined; next = cursor.lines[cursor.at]) {
    if (next.text.trim() !== '' && next.indent <= line.indent) break;
    texts.push(next.text.slice(first));
    cursor.at += 1;
  }
  while (texts.at(-1)?.trim() === '') texts.pop();
  const folded = style.startsWith('>');
  if (folded && texts.some((text) => text.trim() === '' || text.startsWith(' '))) {
    throw unreadable(line, 'expected a folded value of one paragraph');
  }
  return texts.join(folded ? ' ' : '\n') + (style[1] === '-' ? '' : '\n');
}

/**
 * @param {Line} line
 * @param {string} expected
 */
function unreadable(line, expected) {
  return new Error(
    `action.yml:${line.number}: ${expected}, got "${line.text.trim()}". Write it as a plain block of maps and scalars.`,
  );
}

/**
 * @param {Block} block
 * @param {string} key
 */
function textAt(block, key) {
  const value = block[key];
  return typeof value === 'string' ? value : undefined;
}

/**
 * @param {Block} block
 * @param {string} key
 * @returns {Block}
 */
function mapAt(block, key) {
  const value = block[key];
  return typeof value === 'object' ? value : {};
}

/**
 * @template T
 * @param {Block} block
 * @param {(value: Block) => T} read
 * @returns {Record<string, T>}
 */
function mapEntries(block, read) {
  return Object.fromEntries(Object.keys(block).map((key) => [key, read(mapAt(block, key))]));
}
