/** The two ways to take a rollout of the fault matrix to its end: blocking runs, and ticks that remember nothing. */
import { MINUTE_MS } from '../../src/core/units.ts';
import { type Attempt, isServedBy, type MatrixEnding } from './matrix-promises.ts';
import { BASELINE, CANDIDATE, type MatrixSetting } from './matrix-setting.ts';
import type { MatrixWorld } from './matrix-worlds.ts';

/** How far a driver may go, and which of its starts, counted from 0, meets a kill. */
export interface Progress {
  readonly most: number;
  /** Null when no kill is to come. */
  readonly killed: number | null;
  after(attempt: Attempt): void;
}

/** Drives a world until it is settled, and returns each start of the action. */
export interface Driver {
  readonly name: string;
  readonly ending: MatrixEnding;
  drive(world: MatrixWorld, setting: MatrixSetting, progress: Progress): Promise<readonly Attempt[]>;
}

/** One run from the creation to the end; a further run where that one did not get there. */
export const byRuns: Driver = {
  name: 'runs',
  ending: {
    isSettled({ candidate }, { exitCode, outcome, reason }) {
      if (candidate === 'healthy') return exitCode === 0 && (outcome === 'completed' || outcome === 'noop');
      return exitCode === 1 && (outcome === 'rolled_back' || reason === 'version_was_rolled_back');
    },
    mayBeGreen: ({ candidate }, _attempt, truth) => candidate === 'healthy' && isServedBy(truth, CANDIDATE),
  },
  drive: (world, setting, progress) =>
    untilSettled(byRuns, { setting, progress }, (index) =>
      world.act({ command: 'run' }, { isKilled: index === progress.killed, variables: {} }),
    ),
};

// When a schedule comes again where the tick itself says no time.
const CRON_MS = 5 * MINUTE_MS;

/**
 * A candidate that had to be deleted to bring the old version back is nowhere, which a pause that went wrong can lead
 * to on any API; only a deployment remembers that there was a rollback, and a schedule creates nothing either way.
 */
function isUndone({ remembered }: MatrixSetting, reason: string): boolean {
  return reason === 'rolled_back_earlier' || (remembered !== true && reason === 'nothing_to_advance');
}

/** Ticks of a schedule, each a run of its own; one that a person starts until there is a rollout. */
export const byTicks: Driver = {
  name: 'ticks',
  ending: {
    isSettled(setting, { exitCode, outcome, reason }) {
      if (setting.candidate === 'healthy') {
        return exitCode === 0 && (outcome === 'completed' || outcome === 'noop');
      }
      return exitCode === 0 && outcome === 'noop' && isUndone(setting, reason);
    },
    mayBeGreen(setting, { outcome, reason }, truth) {
      if (outcome === 'advanced' || outcome === 'waiting') return true;
      if (setting.candidate === 'healthy') return isServedBy(truth, CANDIDATE);
      return isUndone(setting, reason) && isServedBy(truth, BASELINE);
    },
  },
  drive: (world, setting, progress) =>
    untilSettled(byTicks, { setting, progress }, async (index) => {
      const isScheduled = world.emulator.state().past.some(({ version }) => version === CANDIDATE);
      const variables = {
        GITHUB_EVENT_NAME: isScheduled ? 'schedule' : 'workflow_dispatch',
        GITHUB_RUN_ID: String(900 + index),
        GITHUB_RUN_NUMBER: String(1 + index),
        GITHUB_RUN_ATTEMPT: '1',
      };
      const isKilled = index === progress.killed;
      const attempt = await world.act({ command: 'advance' }, { isKilled, variables });
      await world.passTo(attempt.nextLookAt ?? world.now() + CRON_MS);
      return attempt;
    }),
};

async function untilSettled(
  { ending }: Driver,
  { setting, progress }: { readonly setting: MatrixSetting; readonly progress: Progress },
  act: (index: number) => Promise<Attempt>,
): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  while (attempts.length < progress.most) {
    const attempt = await act(attempts.length);
    attempts.push(attempt);
    progress.after(attempt);
    if (ending.isSettled(setting, attempt)) break;
  }
  return attempts;
}
