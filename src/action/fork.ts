/** What a run for a pull request from a fork may do: read and plan, never write. */
import type { ReasonCode } from '../core/reason-codes.ts';
import type { WorkflowEvent } from '../github/workflow-event.ts';
import type { RunRecord } from '../report/run-record.ts';
import { COMMANDS, type CommandName } from './inputs.ts';
import type { InputKey } from './io-keys.ts';
import type { Shell } from './shell.ts';

const READING: readonly CommandName[] = ['plan', 'status'];

/** The inputs of a run as it may use them. */
export interface Allowed {
  readonly read: Shell['input'];
  /** The command that was asked for and is not carried out; null where every command may be. */
  readonly withheld: CommandName | null;
}

/**
 * Returns the inputs that a run may use: for a pull request from a fork, every command that writes is `plan`.
 *
 * The branch of a stranger decides nothing about the fleet, with or without a key.
 */
export function allowedInputs(read: Shell['input'], { pullRequest }: WorkflowEvent): Allowed {
  const asked = COMMANDS.find((each) => each === read('command')) ?? null;
  const isWriting = asked !== null && !READING.includes(asked);
  if (pullRequest?.isFromFork !== true || !isWriting) return { read, withheld: null };
  const instead: Partial<Record<InputKey, string>> = { command: 'plan', percentage: '' };
  return { read: (key) => instead[key] ?? read(key), withheld: asked };
}

/** Returns what a plan in place of the withheld command says about itself. */
export function saidOfFork(fields: Partial<RunRecord>, withheld: CommandName): Partial<RunRecord> {
  const note = `\`command: ${withheld}\` is not carried out for a pull request from a fork: the plan was checked, and nothing was changed`;
  const reason: ReasonCode | undefined = fields.outcome === 'planned' ? 'planned_for_fork' : fields.reason;
  return { ...fields, ...(reason === undefined ? {} : { reason }), notes: [note, ...(fields.notes ?? [])] };
}
