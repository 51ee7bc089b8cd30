/** Rollouts of one model as the server lists them, and what the core makes of them. */
import { type Landscape, surveyRollouts } from '../../src/core/landscape.ts';
import type { RemoteRollout, RolloutStatus } from '../../src/core/rollout.ts';
import { HOUR_MS } from '../../src/core/units.ts';
import { aRemoteRollout, T0 } from './core-builders.ts';

/** The completed rollout of 1.9.0, an hour before `T0`. */
export const STABLE = Object.freeze(
  aRemoteRollout({ id: 'r1', version: '1.9.0', status: 'completed', createdAt: T0 - HOUR_MS }),
);

/** Returns the landscape of a fleet that runs 1.9.0 and has never seen our version. */
export function aLandscape(over: Partial<Landscape> = {}): Landscape {
  return {
    ours: null,
    oursUncertain: false,
    beyondGroup: null,
    rivals: [],
    restoring: [],
    rolledBackBefore: null,
    overtakenBy: null,
    lastCompleted: STABLE,
    lastCompletedUncertain: false,
    ...over,
  };
}

/** Returns a rollout named by its id, without a time of creation. */
export function rollout(
  id: string,
  version: string,
  status: RolloutStatus,
  over: Partial<RemoteRollout> = {},
) {
  return aRemoteRollout({ id, version, status, createdAt: null, ...over });
}

/** Returns a time of creation. */
export function createdAt(at: number): Partial<RemoteRollout> {
  return { createdAt: at };
}

/** Returns what the survey of a version 2.0.0 finds, as ids. */
export function survey(rollouts: readonly RemoteRollout[], groupNames: readonly string[] = []) {
  const found = surveyRollouts(rollouts, '2.0.0', groupNames);
  return {
    ours: found.ours?.id ?? null,
    oursUncertain: found.oursUncertain,
    beyondGroup: found.beyondGroup?.id ?? null,
    restoring: found.restoring.map((each) => each.id),
    rivals: found.rivals.map((each) => each.id),
    rolledBackBefore: found.rolledBackBefore?.id ?? null,
    overtakenBy: found.overtakenBy?.id ?? null,
    lastCompleted: found.lastCompleted?.id ?? null,
    uncertain: found.lastCompletedUncertain,
  };
}

/** What a survey of nothing finds. */
export const NOTHING = Object.freeze({
  ours: null,
  oursUncertain: false,
  beyondGroup: null,
  restoring: [],
  rivals: [],
  rolledBackBefore: null,
  overtakenBy: null,
  lastCompleted: null,
  uncertain: false,
});
