/** Which look decided a run, and the fact it rests on. Pure. */
import type { GateVerdict } from '../core/evidence.ts';
import type { Outcome } from '../core/rollout.ts';
import type { LookRecord, RunRecord } from './run-record.ts';

const HARM_OUTCOMES: readonly Outcome[] = ['rolled_back', 'rolling_back', 'rollback_failed', 'held'];

/** Returns the look that decided, or the last one that judged a gate; null when there was none. Never throws. */
export function decidingLook(record: RunRecord): LookRecord | null {
  const named = record.decidedBy === null ? undefined : record.looks[record.decidedBy];
  if (named !== undefined) return named;
  return record.looks.findLast((look) => look.verdicts.length > 0) ?? null;
}

/**
 * Returns the gate that proved harm at the deciding look, or null when no critical gate failed there.
 *
 * Never throws.
 */
export function brokenGate(record: RunRecord): GateVerdict | null {
  if (!HARM_OUTCOMES.includes(record.outcome)) return null;
  const verdicts = decidingLook(record)?.verdicts ?? [];
  return verdicts.find((each) => each.verdict === 'fail' && each.gate.severity === 'critical') ?? null;
}
