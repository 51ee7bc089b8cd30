/** Types of what tests use of the grammar of workflow commands. */

/** One workflow command as the runner understands it. */
export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** Returns the command that a line of output is, or null for ordinary text. */
export function parseCommand(line: string, resumeToken: string | null): WorkflowCommand | null;

/** Returns whether a word is the name of a workflow command, so that it cannot be a resume token. */
export function isCommandName(word: string): boolean;
