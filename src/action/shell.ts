/** The GitHub runner as the action uses it: inputs, masks, log, annotations, outputs and the summary. */
import * as core from '@actions/core';
import type { Logger } from '../core/ports.ts';
import { forAnnotation, forLog, forOutput } from '../report/sanitise.ts';
import { withinAnnotationLimits } from './annotation-limits.ts';
import type { InputKey, OutputKey, StateKey } from './io-keys.ts';

/** What the action needs of the runner; the tests have their own. */
export interface Shell {
  input(key: InputKey): string;
  mask(secret: string): void;
  readonly log: Logger;
  annotateError(title: string, message: string): void;
  setOutput(key: OutputKey, value: string): void;
  /** Hands a value over to the post step; kept even when this process is killed at once. */
  saveState(key: StateKey, value: string): void;
  /** Returns what the main step handed over, or an empty text. */
  state(key: StateKey): string;
  writeSummary(markdown: string): Promise<void>;
  /** An environment variable of the runner, or an empty text. */
  variable(name: string): string;
}

/** Returns the shell of a real runner, through its environment, files and workflow commands. */
export function githubShell(environment: Readonly<Record<string, string | undefined>>): Shell {
  return {
    input: (key) => core.getInput(key),
    mask: (secret) => core.setSecret(secret),
    log: withinAnnotationLimits(githubLogger()),
    annotateError: (title, message) => core.error(forAnnotation(message), { title: forAnnotation(title) }),
    setOutput: (key, value) => core.setOutput(key, forOutput(value)),
    saveState: (key, value) => core.saveState(key, value),
    state: (key) => core.getState(key),
    writeSummary: async (markdown) => {
      if ((environment['GITHUB_STEP_SUMMARY'] ?? '') === '') return;
      await core.summary.addRaw(markdown).write();
    },
    variable: (name) => environment[name] ?? '',
  };
}

function githubLogger(): Logger {
  let open = false;
  const endGroup = (): void => {
    if (open) core.endGroup();
    open = false;
  };
  return {
    debug: (line) => core.debug(forLog(line)),
    info: (line) => core.info(forLog(line)),
    notice: (line) => core.notice(forAnnotation(line)),
    warn: (line) => core.warning(forAnnotation(line)),
    group: (title) => {
      endGroup();
      core.startGroup(forLog(title));
      open = true;
    },
    endGroup,
  };
}
