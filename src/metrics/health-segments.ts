/** What a health answer says of each part of the fleet. Pure. */
import type { HealthQuery, SegmentAnswer } from '../core/ports.ts';
import type { HealthAnswer, HealthArm } from './health-answer.ts';
import { evidenceFor } from './health-evidence.ts';

/**
 * Returns the evidence of each segment for each gate of a query, in the order of the answer.
 *
 * `unavailable` where the answer tells no segments or none of an attribute that was asked for; segments of
 * other attributes are left out. A segment that is told twice is an `error`.
 */
export function segmentsIn(answer: HealthAnswer, query: HealthQuery, by: readonly string[]): SegmentAnswer {
  const { segments } = answer;
  if (segments === null) {
    return { kind: 'unavailable', why: `the source does not tell ${by.join(', ')} apart` };
  }
  const asked = segments.filter(({ segment }) => by.includes(segment.by));
  const missing = by.filter((each) => !asked.some(({ segment }) => segment.by === each));
  if (missing.length > 0) {
    return { kind: 'unavailable', why: `the source does not tell ${missing.join(', ')} apart` };
  }
  const names = asked.map(({ segment }) => JSON.stringify([segment.by, segment.value]));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return { kind: 'error', why: `the segment ${twice} is told twice` };
  return {
    kind: 'segments',
    segments: asked.map(({ segment, arms }) => ({
      segment,
      devices: activeIn(arms),
      evidence: query.gates.map((gate) => evidenceFor({ ...answer, arms }, query, gate)),
    })),
  };
}

function activeIn(arms: readonly HealthArm[]): number | null {
  const active = arms.map(({ devices }) => devices.active);
  return active.reduce<number | null>((sum, each) => (sum === null || each === null ? null : sum + each), 0);
}
