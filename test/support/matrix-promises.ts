/** What a rollout owes whatever happens to its requests, judged by what really happened on the server. */
import type { GroundTruth } from '../../src/emulator/ground-truth.ts';
import { BASELINE, CANDIDATE, type MatrixSetting, type Pace, STAGES } from './matrix-setting.ts';

/** How one start of the action ended. */
export interface Attempt {
  /** Null when the process was killed. */
  readonly exitCode: number | null;
  readonly outcome: string;
  readonly reason: string;
  /** The output `next-look-at`, epoch milliseconds; null where the action says none. */
  readonly nextLookAt: number | null;
  readonly log: readonly string[];
  /** How the post step ended; null where there was none. */
  readonly postExitCode: number | null;
}

/** What an end owes by the way in which a rollout is driven. */
export interface MatrixEnding {
  /** Whether nothing is left to do after an attempt, in the action's own words. */
  isSettled(setting: MatrixSetting, attempt: Attempt): boolean;
  /** Whether an attempt may end with 0 as the world is. */
  mayBeGreen(setting: MatrixSetting, attempt: Attempt, truth: GroundTruth): boolean;
}

/** What promises are judged by beside the attempt itself. */
export interface Circumstances {
  readonly ending: MatrixEnding;
  readonly truth: GroundTruth;
  readonly pace: Pace;
  /** True when the fault is a kill. */
  readonly killed: boolean;
}

/** Returns every promise that an attempt broke. */
export function brokenPromises(
  setting: MatrixSetting,
  attempt: Attempt,
  { ending, truth, pace, killed }: Circumstances,
): readonly string[] {
  const { candidate } = setting;
  const ours = truth.past.filter(({ version }) => version === CANDIDATE);
  const inForce = ours.filter(({ deleted }) => !deleted).length;
  // Between a deletion and the restoration that it makes room for, the server remembers nothing at all.
  const most = killed && setting.deletes === true ? 2 : 1;
  const mayBeGreen = ending.mayBeGreen(setting, attempt, truth);
  const restored = isServedBy(truth, BASELINE) && (truth.devices.reachableOnVersion[CANDIDATE] ?? 0) === 0;
  const harmEverywhere = ours.some(({ entered }) => entered.some(({ percentage }) => percentage === 100));
  const claims: readonly [boolean, string][] = [
    [ours.length > most || inForce > 1, `${ours.length} rollouts of the candidate`],
    [candidate === 'harmful' && harmEverywhere, 'harm reached 100%'],
    [attempt.exitCode === 0 && !mayBeGreen, `exit 0 with ${attempt.outcome} without success`],
    [attempt.outcome === 'rolled_back' && !restored, 'rolled_back while devices run the candidate'],
    [candidate === 'healthy' && attempt.outcome === 'rolled_back', 'a healthy candidate was rolled back'],
    [attempt.exitCode !== null && attempt.outcome === '', `ended with ${attempt.exitCode} and no outcome`],
    [(attempt.postExitCode ?? 0) !== 0, 'the post step did not verify the rollout'],
  ];
  return [
    ...claims.filter(([broken]) => broken).map(([, what]) => what),
    ...ours.flatMap(({ entered }) => brokenStages(entered, pace)),
  ];
}

/** A stage may be left after half of its soak where it is proven safe, and no sooner. */
function brokenStages(entered: GroundTruth['past'][number]['entered'], { soakMs }: Pace): readonly string[] {
  const percentages = entered.map(({ percentage }) => percentage);
  const isOrdered = percentages.every((each, index) => each === STAGES[index]);
  const isEarly = entered.some(({ at }, index) => {
    const before = entered[index - 1];
    return before !== undefined && Date.parse(at) - Date.parse(before.at) < soakMs / 2;
  });
  return [
    ...(isOrdered ? [] : [`the stages were ${percentages.join(' → ')} %`]),
    ...(isEarly ? ['a stage was left before half of its soak'] : []),
  ];
}

/** Returns what the world's last state owes when all attempts are made; empty when it converged. */
export function unsettled(
  setting: MatrixSetting,
  attempts: readonly Attempt[],
  { ending, truth }: Pick<Circumstances, 'ending' | 'truth'>,
): readonly string[] {
  const last = attempts.at(-1);
  if (last === undefined || !ending.isSettled(setting, last)) {
    return [`not settled: ${attempts.map(({ outcome, reason }) => `${outcome}/${reason}`).join(', ')}`];
  }
  const version = setting.candidate === 'healthy' ? CANDIDATE : BASELINE;
  return isServedBy(truth, version)
    ? []
    : [`settled, but devices run ${JSON.stringify(truth.devices.reachableOnVersion)}`];
}

/** Returns whether the devices that can be reached run a version, but for one in twenty. */
export function isServedBy({ devices }: GroundTruth, version: string): boolean {
  return (devices.reachableOnVersion[version] ?? 0) >= 0.95 * devices.reachable;
}
