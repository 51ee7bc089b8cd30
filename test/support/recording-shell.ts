/** A shell that keeps what the action tells the runner. */
import type { InputKey, OutputKey, StateKey } from '../../src/action/io-keys.ts';
import type { Shell } from '../../src/action/shell.ts';

/** What a run said, in memory. */
export interface RecordingShell extends Shell {
  readonly lines: readonly string[];
  readonly masks: readonly string[];
  readonly errors: readonly { readonly title: string; readonly message: string }[];
  readonly outputs: Readonly<Partial<Record<OutputKey, string>>>;
  /** What was handed over to the post step. */
  readonly states: Readonly<Partial<Record<StateKey, string>>>;
  /** Every value that was handed over, oldest first. */
  readonly saves: readonly { readonly key: StateKey; readonly value: string }[];
  readonly summary: () => string;
}

/** Returns a shell with the given inputs over the given defaults, and runner variables. */
export function createRecordingShell(
  inputs: Readonly<Partial<Record<InputKey, string>>>,
  defaults: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>> = {},
  handedOver: Readonly<Partial<Record<StateKey, string>>> = {},
): RecordingShell {
  const lines: string[] = [];
  const masks: string[] = [];
  const errors: { title: string; message: string }[] = [];
  const outputs: Partial<Record<OutputKey, string>> = {};
  const states: Partial<Record<StateKey, string>> = {};
  const saves: { key: StateKey; value: string }[] = [];
  let summary = '';
  const line =
    (kind: string) =>
    (text: string): void => {
      lines.push(`${kind} ${text}`);
    };
  return {
    lines,
    masks,
    errors,
    outputs,
    states,
    saves,
    summary: () => summary,
    input: (key) => inputs[key] ?? defaults[key] ?? '',
    mask: (secret) => masks.push(secret),
    log: {
      debug: line('debug'),
      info: line('info'),
      notice: line('notice'),
      warn: line('warn'),
      group: line('group'),
      endGroup: () => lines.push('endgroup'),
    },
    annotateError: (title, message) => errors.push({ title, message }),
    setOutput: (key, value) => {
      outputs[key] = value;
    },
    saveState: (key, value) => {
      states[key] = value;
      saves.push({ key, value });
    },
    state: (key) => handedOver[key] ?? '',
    writeSummary: async (markdown) => {
      summary = markdown;
    },
    variable: (name) => variables[name] ?? '',
  };
}
