/** The action's manifest as the runner reads it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** The parts of action.yml that tests look at. */
export interface ActionManifest {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: {
    readonly using: string;
    readonly main: string;
    readonly post: string;
    readonly 'post-if': string;
  };
}

/** Returns the repository's action.yml. */
export function readActionManifest(): ActionManifest {
  return parse(readFileSync(join(import.meta.dirname, '../../action.yml'), 'utf8')) as ActionManifest;
}

/** Returns every input's default by name. */
export function inputDefaults(): Readonly<Record<string, string>> {
  const { inputs } = readActionManifest();
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.default]));
}
