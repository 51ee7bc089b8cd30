/** What a run may do that a stranger may be behind, as with a pull request from a fork: read, or plan without a key. */
import type { ReasonCode } from '../core/reason-codes.ts';
import type { Stranger, WorkflowEvent } from '../github/workflow-event.ts';
import type { RunRecord } from '../report/run-record.ts';
import { COMMANDS, type CommandName } from './inputs.ts';
import type { InputKey } from './io-keys.ts';
import type { Shell } from './shell.ts';

/** The inputs of a run as it may use them. */
export interface Allowed {
  readonly read: Shell['input'];
  /** What was asked for and is not carried out, or not with a key; null where everything may be. */
  readonly withheld: Withheld | null;
}

/** What was asked for, and how a stranger may be behind it. */
export interface Withheld {
  readonly command: CommandName;
  readonly stranger: Stranger;
}

const SAID: Readonly<Record<Stranger, { readonly reason: ReasonCode; readonly of: string }>> = {
  fork: { reason: 'planned_for_fork', of: 'for a pull request from a fork' },
  workflow_run: {
    reason: 'planned_after_fork',
    of: 'after a workflow that a pull request from a fork, or anybody, may have started',
  },
};

/**
 * Returns the inputs that a run may use: where a stranger may be behind it, every command but `status` is `plan`
 * without a key.
 *
 * The branch of a stranger, and what a workflow made of it, decide nothing about the fleet, with or without a key.
 * Without one the queries of a stranger's plan are sent nowhere, so that none asks a server what only the
 * repository may know.
 */
export function allowedInputs(read: Shell['input'], { stranger }: WorkflowEvent): Allowed {
  const asked = COMMANDS.find((each) => each === read('command')) ?? null;
  if (stranger === null || asked === null || asked === 'status') return { read, withheld: null };
  const instead: Partial<Record<InputKey, string>> = { command: 'plan', percentage: '', 'api-key': '' };
  return { read: (key) => instead[key] ?? read(key), withheld: { command: asked, stranger } };
}

/** Returns what a plan without a key, in place of what was asked for, says about itself. */
export function saidOfFork(fields: Partial<RunRecord>, { command, stranger }: Withheld): Partial<RunRecord> {
  const said = SAID[stranger];
  if (command === 'plan') {
    const note = `no server is asked ${said.of}: the queries of the plan may be a stranger's`;
    return { ...fields, notes: [note, ...(fields.notes ?? [])] };
  }
  const note = `\`command: ${command}\` is not carried out ${said.of}: the plan was validated without a key, and nothing was changed`;
  const reason: ReasonCode | undefined = fields.outcome === 'planned' ? said.reason : fields.reason;
  return { ...fields, ...(reason === undefined ? {} : { reason }), notes: [note, ...(fields.notes ?? [])] };
}
