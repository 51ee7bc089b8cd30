/** The worlds of the fault matrix: a candidate, what the API can do, and the plan that fits both. */
import type { InputKey } from '../../src/action/io-keys.ts';
import type { EmulatorOptions } from '../../src/emulator/server.ts';

/** The version that is rolled out. */
export const CANDIDATE = '2.0.0';

/** The version that served before. */
export const BASELINE = '1.0.0';

/** The percentages of every plan of the matrix. */
export const STAGES = [5, 25, 100] as const;

/** One column of the matrix. */
export interface MatrixSetting {
  readonly name: string;
  readonly candidate: 'healthy' | 'harmful';
  readonly options: Partial<EmulatorOptions>;
  /** Lines of the plan beside names, stages and times. */
  readonly gates: string;
  /** Inputs beside the plan. */
  readonly inputs?: Readonly<Partial<Record<InputKey, string>>>;
  /** True where the candidate's rollout has to be deleted before the old version can be restored. */
  readonly deletes?: true;
  /** True where GitHub deployments remember the rollout, as with the input `environment`. */
  readonly remembered?: true;
}

const UNGATED = 'gates: none\nunwatched: accepted\n';

/** Every column. A harmful candidate fails a fifth of its requests from the second stage on. */
export const MATRIX_SETTINGS: readonly MatrixSetting[] = [
  { name: 'healthy', candidate: 'healthy', options: { scenario: 'healthy' }, gates: '' },
  { name: 'harmful', candidate: 'harmful', options: { scenario: 'error-spike' }, gates: '' },
  {
    name: 'healthy, documented API',
    candidate: 'healthy',
    options: { scenario: 'healthy', profile: 'documented' },
    gates: UNGATED,
    // Nothing would tell the next run whose pause it was.
    inputs: { 'on-cancel': 'leave' },
  },
  {
    name: 'harmful, no rollback route',
    candidate: 'harmful',
    options: {
      scenario: 'error-spike',
      conflicts: { 'rollback-route': 'absent', 'second-rollout': 'when-paused' },
    },
    gates: '',
  },
  {
    name: 'harmful, one rollout at a time',
    candidate: 'harmful',
    options: { scenario: 'error-spike', conflicts: { 'rollback-route': 'absent' } },
    gates: '',
    deletes: true,
  },
];

/**
 * The columns that ticks play. What such an API does not tell the next tick, a GitHub deployment does: the entry of
 * a stage where there is no history, and a rollback that had begun where the candidate had to be deleted for it.
 */
export const TICK_SETTINGS: readonly MatrixSetting[] = MATRIX_SETTINGS.map((setting) =>
  setting.deletes === true || setting.options.profile === 'documented'
    ? { ...setting, remembered: true }
    : setting,
);

/** How long stages last, in the plan's words and in milliseconds. */
export interface Pace {
  readonly soak: string;
  readonly soakMs: number;
  readonly maxWait: string;
}

/** Returns the plan of a column. */
export function planOf({ gates }: MatrixSetting, { soak, maxWait }: Pace): string {
  const stages = STAGES.map((percentage) => `${percentage}%`).join(', ');
  const times = `soak: ${soak}\nbake: ${soak}\nmax_wait: ${maxWait}\n`;
  return `model: radiology-v1\nversion: ${CANDIDATE}\nstages: [${stages}]\n${times}${gates}`;
}
