/** Acts on the lines of a running stage. Source: actions/runner 258d6c857d, ActionCommandManager.cs. */
import { isCommandName, parseCommand } from './workflow-commands.mjs';

/** @typedef {import('./workflow-commands.mjs').WorkflowCommand} WorkflowCommand */

/**
 * What a command may act on.
 *
 * @typedef {object} Stage
 * @property {import('./step-log.mjs').StepLog} log
 * @property {import('./masker.mjs').Masker} masker
 * @property {boolean} debug
 */

/**
 * Returns the function that takes every line of a stage's stdout and stderr.
 *
 * @param {Stage} stage
 * @returns {(line: string) => void}
 */
export function createLineHandler(stage) {
  const { log } = stage;
  /** @type {string | null} */
  let resumeToken = null;
  let echo = stage.debug;

  /** @param {WorkflowCommand} command */
  const process = (command) => {
    if (command.name === 'stop-commands') resumeToken = readToken(command.data);
    else if (command.name === 'echo') echo = readSwitch(command.data);
    else obey(command, stage);
  };

  /**
   * @param {WorkflowCommand} command
   * @param {string} line
   */
  const attempt = (command, line) => {
    if (echo && command.name !== 'add-mask') log.print(line);
    try {
      process(command);
    } catch (error) {
      const shown = command.name === 'add-mask' ? command.name : line;
      log.annotate('error', `Unable to process command '${shown}' successfully.`, {});
      log.annotate('error', error instanceof Error ? error.message : String(error), {});
      log.fail();
    }
  };

  return (line) => {
    const command = parseCommand(line, resumeToken);
    if (resumeToken === null && command !== null) return attempt(command, line);
    if (command !== null && command.name === resumeToken) resumeToken = null;
    log.print(line);
  };
}

/**
 * @param {WorkflowCommand} command
 * @param {Stage} stage
 */
function obey({ name, properties, data }, { log, masker, debug }) {
  switch (name) {
    case 'error':
    case 'warning':
    case 'notice':
      return log.annotate(name, data, properties);
    case 'group':
      return log.group(data);
    case 'endgroup':
      return log.endGroup();
    case 'debug':
      return debug ? log.print(`Debug: ${data}`) : undefined;
    case 'add-mask':
      return data.trim() === ''
        ? log.annotate('warning', "Can't add secret mask for empty string in ##[add-mask] command.", {})
        : masker.add(data);
    case 'save-state':
      return log.setState(requireName(name, properties), data);
    case 'set-output':
      return log.setOutput(requireName(name, properties), data);
    case 'set-env':
    case 'add-path':
      throw new Error(`The \`${name}\` command is disabled. Please upgrade to using Environment Files.`);
    default:
      return undefined;
  }
}

/**
 * @param {string} command
 * @param {Record<string, string>} properties
 */
function requireName(command, properties) {
  const name = properties['name'];
  if (name === undefined || name === '')
    throw new Error(`Required field 'name' is missing in ##[${command}] command.`);
  return name;
}

/** @param {string} token */
function readToken(token) {
  if (token === '' || token === 'pause-logging' || isCommandName(token)) {
    throw new Error(`Invalid stop-commands token "${token}"; use a random one.`);
  }
  return token;
}

/** @param {string} word */
function readSwitch(word) {
  const value = word.trim().toLowerCase();
  if (value !== 'on' && value !== 'off')
    throw new Error(
      `Invalid echo command value. Possible values can be: 'on', 'off'. Current value is: '${word}'.`,
    );
  return value === 'on';
}
