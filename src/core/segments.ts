/** The parts of a fleet that are judged by themselves: small ones are taken together. Pure and total. */
import type { Counts, Evidence, Segment } from './evidence.ts';
import type { SegmentEvidence } from './ports.ts';

/** What segments that are too small are called together. */
export const POOLED = '(others)';

/**
 * Returns which segments are judged together: each segment of at least `minDevices` devices by itself, all smaller
 * ones of an attribute as one.
 *
 * Devices of both versions count, so that the division depends on the fleet and not on what happens to the
 * candidate; a segment whose devices are not told stands by itself.
 */
export function divide(
  segments: readonly SegmentEvidence[],
  minDevices: number,
): (segment: Segment) => Segment {
  const small = new Set(
    segments
      .filter(({ devices }) => devices !== null && devices < minDevices)
      .map(({ segment }) => nameOf(segment)),
  );
  return (segment) => (small.has(nameOf(segment)) ? { by: segment.by, value: POOLED } : segment);
}

/** Returns one entry for each part, in order of appearance, with the evidence of its segments taken together. */
export function pool(
  segments: readonly SegmentEvidence[],
  partOf: (segment: Segment) => Segment,
): readonly SegmentEvidence[] {
  const parts = new Map<string, SegmentEvidence>();
  for (const each of segments) {
    const segment = partOf(each.segment);
    const known = parts.get(nameOf(segment));
    parts.set(nameOf(segment), known === undefined ? { ...each, segment } : together(known, each));
  }
  return [...parts.values()];
}

/** Returns a name that no other segment has. */
export function nameOf({ by, value }: Segment): string {
  return JSON.stringify([by, value]);
}

function together(one: SegmentEvidence, other: SegmentEvidence): SegmentEvidence {
  return {
    segment: one.segment,
    devices: sum(one.devices, other.devices),
    evidence: one.evidence.map((evidence, gate) => merge(evidence, other.evidence[gate] ?? evidence)),
  };
}

/** Segments of one attribute share no device, so everything in them adds up; a failed measurement stays one. */
function merge(one: Evidence, other: Evidence): Evidence {
  if (one.kind === 'error' || other.kind === 'error') return one.kind === 'error' ? one : other;
  if (one.kind !== 'counts') return other;
  if (other.kind !== 'counts') return one;
  const { baseline } = other;
  return {
    kind: 'counts',
    candidate: add(one.candidate, other.candidate),
    baseline: one.baseline === null || baseline === null ? null : add(one.baseline, baseline),
    covered: {
      from: Math.min(one.covered.from, other.covered.from),
      to: Math.min(one.covered.to, other.covered.to),
    },
  };
}

function add(one: Counts, other: Counts): Counts {
  return {
    events: one.events + other.events,
    trials: one.trials + other.trials,
    devices: sum(one.devices, other.devices),
    devicesWithEvents: sum(one.devicesWithEvents, other.devicesWithEvents),
  };
}

function sum(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other;
}
