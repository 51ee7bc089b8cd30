/** Keeps what a person would see of one stage, and what the stage handed over. */

const MAX_ANNOTATIONS_PER_TYPE = 10;
const MAX_ANNOTATION_CHARS = 4096;
const LABELS = /** @type {const} */ ({ error: 'Error: ', warning: 'Warning: ', notice: 'Notice: ' });

/** @typedef {import('../stand-in-runner.d.mts').Annotation} Annotation */

/**
 * One stage's log and values.
 *
 * @typedef {object} StepLog
 * @property {(line: string) => void} print adds a line, masked and indented under the open group
 * @property {(title: string) => void} group
 * @property {() => void} endGroup
 * @property {(type: Annotation['type'], message: string, properties: Record<string, string>) => void} annotate
 * @property {(name: string, value: string) => void} setOutput
 * @property {(name: string, value: string) => void} setState
 * @property {(name: string, value: string) => void} setEnv
 * @property {(path: string) => void} addPath
 * @property {() => void} fail marks the stage as failed whatever its exit code is
 * @property {() => boolean} failed
 * @property {string[]} lines
 * @property {Annotation[]} annotations
 * @property {Record<string, string>} outputs
 * @property {Record<string, string>} state
 * @property {Record<string, string>} env
 * @property {string[]} paths
 */

/**
 * Returns an empty log.
 *
 * @param {import('./masker.mjs').Masker} masker
 * @param {((line: string) => void) | undefined} onLine receives every line as a person sees it
 * @returns {StepLog}
 */
export function createStepLog(masker, onLine) {
  /** @type {string[]} */
  const lines = [];
  /** @type {Annotation[]} */
  const annotations = [];
  let grouped = false;
  let failed = false;

  /** @param {string} text */
  const emit = (text) => {
    for (const line of masker.mask(text).split(/\r\n|\n|\r/)) {
      const shown = grouped ? `  ${line}` : line;
      lines.push(shown);
      onLine?.(shown);
    }
  };

  /** @type {StepLog} */
  const log = {
    print: emit,
    group: (title) => {
      grouped = false;
      emit(`▸ ${title}`);
      grouped = true;
    },
    endGroup: () => {
      grouped = false;
    },
    annotate: (type, message, properties) => {
      emit(LABELS[type] + message);
      if (annotations.filter((each) => each.type === type).length >= MAX_ANNOTATIONS_PER_TYPE) return;
      annotations.push(toAnnotation(type, masker.mask(message), properties));
    },
    setOutput: (name, value) => {
      log.outputs[name] = value;
    },
    setState: (name, value) => {
      log.state[name] = value;
    },
    setEnv: (name, value) => {
      log.env[name] = value;
    },
    addPath: (path) => {
      log.paths.push(path);
    },
    fail: () => {
      failed = true;
    },
    failed: () => failed,
    lines,
    annotations,
    outputs: {},
    state: {},
    env: {},
    paths: [],
  };
  return log;
}

/**
 * @param {Annotation['type']} type
 * @param {string} message
 * @param {Record<string, string>} properties
 * @returns {Annotation}
 */
function toAnnotation(type, message, properties) {
  const place = (/** @type {string} */ key) =>
    properties[key] === undefined ? null : Number(properties[key]);
  return {
    type,
    title: properties['title'] ?? null,
    message: message.slice(0, MAX_ANNOTATION_CHARS),
    file: properties['file'] ?? null,
    line: place('line'),
    endLine: place('endLine'),
    column: place('col'),
    endColumn: place('endColumn'),
  };
}
