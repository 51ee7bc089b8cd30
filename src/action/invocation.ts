/** What every command of the action starts from. Types only. */
import type { EpochMs } from '../core/units.ts';
import type { WorkflowRun } from '../github/run-identity.ts';
import type { Commentary } from './commentary.ts';
import type { Connection, Surroundings } from './connection.ts';
import type { ActionInputs } from './inputs.ts';
import type { Shell } from './shell.ts';

/** One invocation of the action: its inputs, the machine around it, and the way to the API where a key was given. */
export interface Invocation {
  readonly inputs: ActionInputs;
  readonly shell: Shell;
  readonly around: Surroundings;
  readonly workspace: string;
  readonly workflowRun: WorkflowRun;
  /** Local time at which the action was started. */
  readonly startedAt: EpochMs;
  /** Null only for `command: plan` without a key. */
  readonly connection: Connection | null;
  /** The comment on the pull request, where there is one to say something on. */
  readonly commentary: Commentary;
}

/** An invocation that can reach the API. */
export type ConnectedInvocation = Invocation & { readonly connection: Connection };
