/** The grammar of workflow commands. Source: actions/runner 258d6c857d, ActionCommand.cs. Pure. */

const COMMANDS = new Set([
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
]);

/** @typedef {{ name: string, properties: Record<string, string>, data: string }} WorkflowCommand */

/**
 * Returns the command that a line of output is, or null for ordinary text.
 *
 * `::cmd k=v,k=v::data` counts at the start of a line after blanks; the older `##[cmd k=v;k=v]data` counts
 * anywhere, which is why untrusted text must never reach a log as it is.
 *
 * @param {string} line
 * @param {string | null} resumeToken while commands are stopped, the one word that starts them again
 * @returns {WorkflowCommand | null}
 */
export function parseCommand(line, resumeToken) {
  const known = (/** @type {string} */ name) => COMMANDS.has(name.toLowerCase()) || name === resumeToken;
  return parseCurrent(line.trim(), known) ?? parseOld(line, known);
}

/**
 * Returns whether a word is the name of a workflow command, so that it cannot be a resume token.
 *
 * @param {string} word
 */
export function isCommandName(word) {
  return COMMANDS.has(word.toLowerCase());
}

/**
 * @param {string} line
 * @param {(name: string) => boolean} known
 * @returns {WorkflowCommand | null}
 */
function parseCurrent(line, known) {
  const end = line.startsWith('::') ? line.indexOf('::', 2) : -1;
  if (end < 0) return null;
  const { name, rest } = splitInfo(line.slice(2, end));
  if (!known(name)) return null;
  const properties = readProperties(rest, ',', (value) =>
    unescapeData(value.replaceAll('%3A', ':').replaceAll('%2C', ',')),
  );
  return { name: canonical(name), properties, data: unescapeData(line.slice(end + 2)) };
}

/**
 * @param {string} line
 * @param {(name: string) => boolean} known
 * @returns {WorkflowCommand | null}
 */
function parseOld(line, known) {
  const start = line.indexOf('##[');
  const end = start < 0 ? -1 : line.indexOf(']', start);
  if (end < 0) return null;
  const { name, rest } = splitInfo(line.slice(start + 3, end));
  if (!known(name)) return null;
  const decodeOld = (/** @type {string} */ value) =>
    unescapeData(value.replaceAll('%3B', ';').replaceAll('%5D', ']'));
  return {
    name: canonical(name),
    properties: readProperties(rest, ';', decodeOld),
    data: decodeOld(line.slice(end + 1)),
  };
}

/**
 * Returns a command's name in lower case, and a resume token as it is.
 *
 * @param {string} name
 */
function canonical(name) {
  return isCommandName(name) ? name.toLowerCase() : name;
}

/** @param {string} info */
function splitInfo(info) {
  const space = info.indexOf(' ');
  return space < 0 ? { name: info, rest: '' } : { name: info.slice(0, space), rest: info.slice(space + 1) };
}

/**
 * @param {string} text
 * @param {string} separator
 * @param {(value: string) => string} decode
 */
function readProperties(text, separator, decode) {
  /** @type {Record<string, string>} */
  const properties = {};
  for (const pair of text.trim().split(separator)) {
    const equals = pair.indexOf('=');
    if (equals > 0) properties[pair.slice(0, equals)] = decode(pair.slice(equals + 1));
  }
  return properties;
}

/** @param {string} text */
function unescapeData(text) {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}
