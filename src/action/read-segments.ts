/** What the gates of a stage say of each part of the fleet at one look. */
import type { Evidence, SegmentReading, SegmentReadings } from '../core/evidence.ts';
import type { Segmentation } from '../core/plan.ts';
import type { HealthQuery, HealthSource, SegmentAnswer, SegmentEvidence } from '../core/ports.ts';
import { divide, nameOf, pool } from '../core/segments.ts';
import { toError } from '../runtime/to-error.ts';

/** The windows that a look asks for; their gates are alike. */
export interface SegmentWindows {
  readonly current: HealthQuery;
  /** The stages before, oldest first. */
  readonly past: readonly HealthQuery[];
}

/**
 * Returns the readings of the segments for each gate of the query, in order; null where the source cannot tell the
 * parts of the fleet apart.
 *
 * One request for the stage and one for each earlier stage whose totals are not known for good yet. The devices
 * of the present stage decide which segments are taken together. A stage before that cannot be read again is
 * left out, as it is for the whole fleet; the present one blocks a pass, also where the source could tell them
 * apart in a stage before and no longer can.
 */
export async function readSegments(
  health: HealthSource,
  { by, minDevices }: Segmentation,
  { windows, signal }: { readonly windows: SegmentWindows; readonly signal: AbortSignal },
): Promise<readonly SegmentReadings[] | null> {
  const { readSegments: ask } = health;
  if (ask === undefined) return null;
  const asking = async (query: HealthQuery): Promise<SegmentAnswer> => {
    try {
      return await ask(query, by, signal);
    } catch (thrown) {
      signal.throwIfAborted();
      return { kind: 'error', why: toError(thrown).message };
    }
  };
  const [current, ...past] = await Promise.all([windows.current, ...windows.past].map(asking));
  const { gates } = windows.current;
  if (current === undefined) return null;
  if (current.kind === 'unavailable') {
    if (!past.some(({ kind }) => kind === 'segments')) return null;
    const why = `${current.why}, and it did for the stages before`;
    return gates.map(() => ({ kind: 'unread', why }));
  }
  if (current.kind === 'error') return gates.map(() => ({ kind: 'unread', why: current.why }));
  const partOf = divide(current.segments, minDevices);
  const parts = pool(current.segments, partOf);
  const before = past.map((answer) => byName(answer, partOf));
  return gates.map((_, gate) => ({
    kind: 'read',
    readings: parts.map(
      (part): SegmentReading => ({
        segment: part.segment,
        evidence: part.evidence[gate] ?? UNANSWERED,
        earlier: before.map((stage) => stage(part)?.evidence[gate] ?? NOT_SEEN),
      }),
    ),
  }));
}

const UNANSWERED: Evidence = { kind: 'error', why: 'the source left this gate without an answer' };
const NOT_SEEN: Evidence = { kind: 'none', why: 'not seen in that stage' };

function byName(
  answer: SegmentAnswer,
  partOf: Parameters<typeof pool>[1],
): (part: SegmentEvidence) => SegmentEvidence | undefined {
  if (answer.kind !== 'segments') return () => undefined;
  const parts = new Map(pool(answer.segments, partOf).map((part) => [nameOf(part.segment), part]));
  return ({ segment }) => parts.get(nameOf(segment));
}
