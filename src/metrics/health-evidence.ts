/** What a health answer says about one gate. Pure. */
import type { Counts, Evidence, Window } from '../core/evidence.ts';
import type { Gate } from '../core/plan.ts';
import type { HealthQuery } from '../core/ports.ts';
import type { HealthAnswer, HealthArm } from './health-answer.ts';
import { slowerThan } from './latency-buckets.ts';

/** What one arm says: counts, or why it says none. */
export type ArmCounts = Counts | { readonly why: string; readonly kind: 'none' | 'unavailable' | 'error' };

/**
 * Returns the evidence of a health answer for one gate of a query.
 *
 * An answer for another rollout, another version or a window that starts before the one asked is `error`
 * (INV-1); nothing measured is `none`, never a zero (INV-2). A baseline that is not there is null.
 */
export function evidenceFor(answer: HealthAnswer, query: HealthQuery, gate: Gate): Evidence {
  const { covered, rolloutId } = answer;
  if (rolloutId !== null && rolloutId !== query.rolloutId) {
    return error(`the health answer is for rollout ${rolloutId}, not for ${query.rolloutId}`);
  }
  if (covered.from < query.window.from) {
    return error('the health source answered for a window that starts before the one asked');
  }
  if (covered.to <= covered.from || covered.from >= query.window.to) {
    return { kind: 'none', why: 'nothing measured: the covered window is empty' };
  }
  const arm = candidateOf(answer, query);
  if (arm === null) return { kind: 'none', why: `nothing measured for version ${query.version}` };
  if (arm.version !== query.version) {
    return error(`the health answer's candidate is version ${arm.version}, not ${query.version}`);
  }
  const candidate = countsOf(arm, gate);
  if ('kind' in candidate) return candidate;
  if (candidate.trials === 0) return { kind: 'none', why: 'nothing measured: zero trials' };
  return {
    kind: 'counts',
    candidate,
    baseline: baselineOf(answer, query, gate),
    covered: within(covered, query),
  };
}

function candidateOf(answer: HealthAnswer, query: HealthQuery): HealthArm | null {
  const named = answer.arms.find((arm) => arm.role === 'candidate');
  return named ?? answer.arms.find((arm) => arm.role === null && arm.version === query.version) ?? null;
}

function baselineOf(answer: HealthAnswer, query: HealthQuery, gate: Gate): Counts | null {
  if (query.baselineVersion === null) return null;
  const arm = answer.arms.find((one) => one.role !== 'candidate' && one.version === query.baselineVersion);
  if (arm === undefined) return null;
  const counts = countsOf(arm, gate);
  return 'kind' in counts || counts.trials === 0 ? null : counts;
}

function countsOf(arm: HealthArm, gate: Gate): ArmCounts {
  if (gate.kind === 'latency') return slowerThan(arm, gate.maxMs);
  switch (gate.name) {
    case 'error_rate':
      return errorCounts(arm);
    case 'crash_rate':
      return deviceCounts(arm, arm.devices.crashed, 'crashed');
    case 'memory_rate':
      return deviceCounts(arm, arm.devices.outOfMemory, 'out_of_memory');
    case 'adoption':
      return adoptionCounts(arm);
  }
}

function errorCounts(arm: HealthArm): ArmCounts {
  if (arm.requests === null) return notTold(arm, 'requests');
  const { total, failed, devicesWithFailures } = arm.requests;
  return {
    events: failed,
    trials: total,
    devices: arm.devices.active,
    devicesWithEvents: devicesWithFailures,
  };
}

function deviceCounts(arm: HealthArm, events: number | null, field: string): ArmCounts {
  const { active } = arm.devices;
  if (active === null) return notTold(arm, 'devices.active');
  if (events === null) return notTold(arm, `devices.${field}`);
  return { events, trials: active, devices: active, devicesWithEvents: events };
}

function adoptionCounts(arm: HealthArm): ArmCounts {
  const { active, reachable } = arm.devices;
  if (active === null || reachable === null) {
    return { kind: 'unavailable', why: `version ${arm.version}: the API does not count devices` };
  }
  // A device that was active in the window and has gone offline since is in one number and not in the other.
  const running = Math.min(active, reachable);
  return { events: running, trials: reachable, devices: reachable, devicesWithEvents: running };
}

function notTold(arm: HealthArm, field: string): ArmCounts {
  return { kind: 'none', why: `versions[${arm.index}].${field}: not told for version ${arm.version}` };
}

// A source that rounds its end up must not make the evidence look fresher than it is.
function within(covered: Window, query: HealthQuery): Window {
  return { from: covered.from, to: Math.min(covered.to, query.window.to) };
}

function error(why: string): Evidence {
  return { kind: 'error', why };
}
