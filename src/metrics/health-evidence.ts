/** What a health answer says about one gate. Pure. */
import type { BareValue, Counts, Evidence, Window } from '../core/evidence.ts';
import { unitOfGate } from '../core/gate-question.ts';
import type { HealthQuery, MeasurableGate } from '../core/ports.ts';
import { badnessOf } from '../core/statistics/bounded-mean.ts';
import { mismatch } from './answered-question.ts';
import type { HealthAnswer, HealthArm } from './health-answer.ts';
import { areComparable, latencyOf, type NoAnswer } from './latency-evidence.ts';

/** A gate that is measured of each version by itself. */
type ArmGate = Exclude<MeasurableGate, { kind: 'assignment' }>;

/** What one arm says about a gate: counts, a bare value, or why it says neither. */
export type ArmAnswer = Counts | BareValue | NoAnswer;

/**
 * Returns the evidence of a health answer for one gate of a query.
 *
 * An answer for another rollout, another version or a window that starts before the one asked is `error`
 * (INV-1); nothing measured is `none`, never a zero (INV-2). A baseline that is not there is null.
 */
export function evidenceFor(answer: HealthAnswer, query: HealthQuery, gate: MeasurableGate): Evidence {
  const wrong = mismatch(answer, query);
  if (wrong !== null) return wrong;
  const covered = within(answer.covered, query);
  const arm = candidateOf(answer, query);
  if (arm === null) return { kind: 'none', why: `nothing measured for version ${query.version}` };
  if (arm.version !== query.version) {
    return error(`the health answer's candidate is version ${arm.version}, not ${query.version}`);
  }
  if (gate.kind === 'assignment') return assignmentOf(answer, arm, covered);
  const candidate = answerOf(arm, gate, covered);
  if ('kind' in candidate) return measuredValue(candidate);
  if (candidate.trials === 0) return { kind: 'none', why: `nothing measured: no ${unitOfGate(gate)}` };
  const other = baselineOf(answer, query);
  const baseline = other === null ? null : countsBeside({ candidate: arm, baseline: other }, gate, covered);
  return { kind: 'counts', candidate, baseline, covered };
}

function candidateOf(answer: HealthAnswer, query: HealthQuery): HealthArm | null {
  const named = answer.arms.find((arm) => arm.role === 'candidate');
  return named ?? answer.arms.find((arm) => arm.role === null && arm.version === query.version) ?? null;
}

function baselineOf({ arms }: HealthAnswer, { baselineVersion }: HealthQuery): HealthArm | null {
  const named = (arm: HealthArm): boolean => arm.role !== 'candidate' && arm.role !== 'experiment';
  return arms.find((arm) => named(arm) && arm.version === baselineVersion) ?? null;
}

/** The baseline's counts, or null where it has no traffic or was counted in another way. */
function countsBeside(
  { candidate, baseline }: { readonly candidate: HealthArm; readonly baseline: HealthArm },
  gate: ArmGate,
  covered: Window,
): Counts | null {
  if (gate.kind === 'latency' && !areComparable(candidate, baseline)) return null;
  const counts = answerOf(baseline, gate, covered);
  return 'kind' in counts || counts.trials === 0 ? null : counts;
}

// A rate of no device at all is a zero that nobody measured.
function measuredValue(answer: BareValue | NoAnswer): Evidence {
  if (answer.kind !== 'value' || answer.devices !== 0) return answer;
  return { kind: 'none', why: 'nothing measured: no active device' };
}

function answerOf(arm: HealthArm, gate: ArmGate, covered: Window): ArmAnswer {
  if (gate.kind === 'latency') return latencyOf(arm, gate, covered);
  switch (gate.name) {
    case 'error_rate':
      return errorsOf(arm, covered);
    case 'crash_rate':
      return deviceCounts(arm, arm.devices.crashed, 'crashed');
    case 'memory_rate':
      return deviceCounts(arm, arm.devices.outOfMemory, 'out_of_memory');
    case 'quality':
      return qualityOf(arm, covered);
    case 'adoption':
      return adoptionCounts(arm);
    default:
      return { kind: 'error', why: `Octomil does not measure ${gate.name}` };
  }
}

function errorsOf(arm: HealthArm, covered: Window): ArmAnswer {
  const { total: trials, failed, failureRatio, devicesWithFailures } = arm.requests;
  const { active } = arm.devices;
  if (failed === null && failureRatio === null) return notTold(arm, 'requests.failed');
  if (trials !== null) {
    const events = failed ?? (failureRatio ?? 0) * trials;
    return { events, trials, devices: active, devicesWithEvents: devicesWithFailures };
  }
  if (failureRatio === null) return notTold(arm, 'requests.total');
  return { kind: 'value', value: failureRatio, devices: active, covered };
}

/** What the answers lack of the best quality, so that fewer is better. */
function qualityOf(arm: HealthArm, covered: Window): ArmAnswer {
  const { quality, devices } = arm;
  if (quality === null) return notTold(arm, 'quality');
  if (quality.kind === 'mean')
    return { kind: 'value', value: quality.mean, devices: devices.active, covered };
  const badness = badnessOf(quality.sum, quality.count);
  if (badness.kind === 'error') return badness;
  const { events, trials } = badness;
  return { events, trials, devices: devices.active, devicesWithEvents: null };
}

/** The devices assigned to the candidate, of those assigned to any version. */
function assignmentOf({ arms }: HealthAnswer, candidate: HealthArm, covered: Window): Evidence {
  const assigned = arms.map(({ devices }) => devices.assigned);
  const { assigned: events } = candidate.devices;
  if (events === null || assigned.includes(null) || arms.length < 2) {
    return {
      kind: 'unavailable',
      why: 'the source does not tell how many devices each version was assigned',
    };
  }
  const trials = assigned.reduce<number>((sum, each) => sum + (each ?? 0), 0);
  if (trials === 0) return { kind: 'none', why: 'nothing measured: no device is assigned to any version' };
  const counts = { events, trials, devices: null, devicesWithEvents: null };
  return { kind: 'counts', candidate: counts, baseline: null, covered };
}

function deviceCounts(arm: HealthArm, events: number | null, field: string): ArmAnswer {
  const { active } = arm.devices;
  if (active === null) return notTold(arm, 'devices.active');
  if (events === null) return notTold(arm, `devices.${field}`);
  return { events, trials: active, devices: active, devicesWithEvents: events };
}

function adoptionCounts(arm: HealthArm): ArmAnswer {
  const { active, reachable } = arm.devices;
  if (active === null || reachable === null) {
    return { kind: 'unavailable', why: `version ${arm.version}: the API does not count devices` };
  }
  // A device that was active in the window and has gone offline since is in one number and not in the other.
  const running = Math.min(active, reachable);
  return { events: running, trials: reachable, devices: reachable, devicesWithEvents: running };
}

function notTold(arm: HealthArm, field: string): ArmAnswer {
  return { kind: 'none', why: `versions[${arm.index}].${field}: not told for version ${arm.version}` };
}

// A source that rounds its end up must not make the evidence look fresher than it is.
function within(covered: Window, query: HealthQuery): Window {
  return { from: covered.from, to: Math.min(covered.to, query.window.to) };
}

function error(why: string): Evidence {
  return { kind: 'error', why };
}
