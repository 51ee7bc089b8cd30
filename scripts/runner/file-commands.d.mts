/** Types of what tests and the stand-in use of the runner's file commands. */

/**
 * Yields the pairs that a file of the runner holds, in order.
 *
 * Errors: throws where the runner would fail the step: a line that is no pair, or a delimiter that never comes.
 */
export function readPairs(text: string): Generator<[name: string, value: string]>;

/** Paths of the files of one stage, keyed by the variable that names them. */
export type CommandFiles = Readonly<
  Record<'GITHUB_OUTPUT' | 'GITHUB_STATE' | 'GITHUB_ENV' | 'GITHUB_PATH' | 'GITHUB_STEP_SUMMARY', string>
>;

/** Creates the empty files of one stage in a temporary folder. */
export function createCommandFiles(temp: string): Promise<CommandFiles>;

/** Takes over what a stage wrote into its files; `log` is the log of the step. */
export function applyCommandFiles(files: CommandFiles, log: object): Promise<{ summary: string }>;
