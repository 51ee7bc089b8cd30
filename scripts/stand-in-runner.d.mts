/** Types of the stand-in for the GitHub runner. */

/** What the runner reads from an action.yml. */
export interface Manifest {
  readonly name: string;
  readonly description: string;
  readonly inputs: Readonly<
    Record<string, { readonly description: string; readonly required: boolean; readonly default: string }>
  >;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: {
    readonly using: string;
    readonly main: string;
    readonly post?: string;
    readonly postIf?: string;
  };
}

/** One annotation of the run page, its message masked and cut as the runner does. */
export interface Annotation {
  readonly type: 'error' | 'warning' | 'notice';
  readonly title: string | null;
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly endLine: number | null;
  readonly column: number | null;
  readonly endColumn: number | null;
}

/** How to run an action. Only `root` and `workspace` are needed. */
export interface RunOptions {
  /** Folder of the action: action.yml and what its `runs` names. */
  readonly root: string;
  /** GITHUB_WORKSPACE and the working directory; created where it is missing. */
  readonly workspace: string;
  /** RUNNER_TEMP; a new folder of the system's temporary one by default, which the caller removes. */
  readonly temp?: string | undefined;
  /** In place of the action.yml of `root`. */
  readonly manifest?: Manifest | undefined;
  /** Path of the node binary; the one that runs this by default. */
  readonly node?: string | undefined;
  /** The `with:` block. */
  readonly inputs?: Readonly<Record<string, string>> | undefined;
  /** Values that are masked from the start, as the values of `secrets.*` are. */
  readonly secrets?: readonly string[] | undefined;
  /** The `env:` block; may also replace the defaults of GITHUB_* and RUNNER_*. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The event's payload. Its name is set by `env.GITHUB_EVENT_NAME`. */
  readonly event?: object | undefined;
  /** Value of `${{ github.token }}` in the manifest's defaults. */
  readonly githubToken?: string | undefined;
  /** Shows debug lines and sets RUNNER_DEBUG. */
  readonly debug?: boolean | undefined;
  /** What stands behind `Run` in the log. */
  readonly label?: string | undefined;
  /** Called with every line as a person sees it: masked, folded, without commands. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Cancels the job when it returns true; called with every line as main wrote it. */
  readonly cancelWhen?: ((line: string) => boolean) | undefined;
  /** Kills main at once when it returns true, as a machine without memory does; post still runs. */
  readonly killWhen?: ((line: string) => boolean) | undefined;
  readonly cancelAfterMs?: number | undefined;
  /** The step's `timeout-minutes`, in milliseconds, for each stage: ends it like a cancellation and fails it. */
  readonly timeoutMs?: number | undefined;
  /** Time from SIGINT to SIGTERM (7.5 s) and from there to SIGKILL (2.5 s). */
  readonly grace?:
    | { readonly interruptMs?: number | undefined; readonly terminateMs?: number | undefined }
    | undefined;
}

/** How one stage ended and what it left. */
export interface StageResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly conclusion: 'success' | 'failure' | 'cancelled';
  /** The log as a person sees it: masked, groups as `▸ name` with their lines indented. */
  readonly log: readonly string[];
  /** Every line as the process wrote it, unmasked: where a leak would show. */
  readonly rawLines: readonly string[];
  readonly annotations: readonly Annotation[];
  /** Outputs, masked. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Outputs as they were written: what the next step would get. */
  readonly rawOutputs: Readonly<Record<string, string>>;
  /** What main and post have saved so far. */
  readonly state: Readonly<Record<string, string>>;
  /** Markdown of the job summary, masked; empty when the runner would refuse it. */
  readonly summary: string;
  readonly rawSummary: string;
  /** Every value that is masked by now, secrets first. */
  readonly masks: readonly string[];
}

/** The step: its main stage, and its post stage where the manifest has one. */
export interface StepResult extends StageResult {
  readonly temp: string;
  readonly post?: StageResult;
}

/** A step under way. */
export interface RunningAction {
  readonly result: Promise<StepResult>;
  /** Cancels main as a person would on the run page; without effect on post. */
  cancel(): void;
  /** Kills main with SIGKILL, as a machine without memory does; without effect on post. */
  kill(): void;
  /** Kills main and runs no post either, as when the whole machine is gone. */
  lose(): void;
}

/** Runs an action, main and then post, and resolves with everything that a person or a later step would see. */
export function runAction(options: RunOptions): Promise<StepResult>;

/** Starts an action and returns its result to come, and the button that cancels it. */
export function startAction(options: RunOptions): RunningAction;

/**
 * Returns the manifest of a JavaScript action.
 *
 * Errors: throws with the line for YAML beyond maps and scalars, and when `runs` names no `using` or `main`.
 */
export function readManifest(text: string): Manifest;
