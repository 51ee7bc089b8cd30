/** The real shell on real command files, as the runner hands them to a step and reads them afterwards. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { readPairs } from '../../scripts/runner/file-commands.mjs';
import { parseCommand, type WorkflowCommand } from '../../scripts/runner/workflow-commands.mjs';
import { githubShell, type Shell } from '../../src/action/shell.ts';
import { inputDefaults } from './manifest.ts';

const VARIABLES = [
  'GITHUB_OUTPUT',
  'GITHUB_STATE',
  'GITHUB_STEP_SUMMARY',
  'GITHUB_ENV',
  'GITHUB_PATH',
] as const;

/** What the runner would make of what one step wrote. */
export interface Written {
  /** Name and value in the order of the file; the runner keeps the last of a name. */
  readonly outputs: readonly (readonly [string, string])[];
  readonly state: readonly (readonly [string, string])[];
  readonly summary: string;
  /** Text of GITHUB_ENV and GITHUB_PATH together. */
  readonly environment: string;
  /** Each write to stdout; one is one line, or one annotation. */
  readonly chunks: readonly string[];
  /** What the runner takes for commands in all of stdout. */
  readonly commands: readonly WorkflowCommand[];
}

/** Command files in a folder of their own. */
export interface CommandFiles {
  /** Runs one step with the inputs, from empty files, and returns what it wrote. */
  step(inputs: Readonly<Record<string, string>>, run: (shell: Shell) => Promise<unknown>): Promise<Written>;
  remove(): void;
}

/** Creates the folder. The variables of the process are its own only while a step runs. */
export function createCommandFiles(): CommandFiles {
  const directory = mkdtempSync(join(tmpdir(), 'rollout-files-'));
  const paths = Object.fromEntries(VARIABLES.map((name) => [name, join(directory, name)]));
  const text = (name: (typeof VARIABLES)[number]) => readFileSync(join(directory, name), 'utf8');
  return {
    async step(inputs, run) {
      for (const path of Object.values(paths)) writeFileSync(path, '');
      const given = Object.entries({ ...inputDefaults(), ...inputs });
      const variables = {
        ...paths,
        RUNNER_TEMP: directory,
        GITHUB_WORKSPACE: directory,
        RUNNER_DEBUG: '1',
        ...Object.fromEntries(given.map(([key, value]) => [`INPUT_${key.toUpperCase()}`, value])),
      };
      const chunks: string[] = [];
      const before = { ...process.env };
      const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
        chunks.push(`${chunk}`);
        return true;
      });
      try {
        Object.assign(process.env, variables);
        await run(githubShell(process.env));
      } finally {
        stdout.mockRestore();
        for (const name of Object.keys(variables)) delete process.env[name];
        Object.assign(process.env, before);
      }
      return {
        outputs: [...readPairs(text('GITHUB_OUTPUT'))],
        state: [...readPairs(text('GITHUB_STATE'))],
        summary: text('GITHUB_STEP_SUMMARY'),
        environment: text('GITHUB_ENV') + text('GITHUB_PATH'),
        chunks,
        commands: linesOf(chunks.join('')).flatMap((line) => parseCommand(line, null) ?? []),
      };
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Returns the lines that the runner reads of a process: cut at LF, CR LF and CR. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/);
}
