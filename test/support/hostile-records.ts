/** A record in which everything that a server or a plan could have written is one hostile text. */
import type { GateVerdict } from '../../src/core/evidence.ts';
import type { LookRecord, RunRecord } from '../../src/report/run-record.ts';
import { BEGAN_AT, HELD, PLAN } from './run-records.ts';

/** Returns a failed run whose every free text is `text`. */
export function hostileRecord(text: string): RunRecord {
  const verdicts: readonly GateVerdict[] = (HELD.looks.at(-1)?.verdicts ?? []).map((verdict) => ({
    ...verdict,
    sentence: text,
  }));
  const look = HELD.looks.at(-1) as LookRecord;
  return {
    ...HELD,
    outcome: 'error',
    reason: 'api_refused',
    detail: text,
    model: text,
    version: text,
    group: text,
    previousVersion: text,
    restoredVersion: text,
    rolloutId: text,
    plan: {
      ...PLAN,
      model: text,
      version: text,
      rollback: { ...PLAN.rollback, to: text },
    },
    stages: HELD.stages.map((stage) => ({ ...stage, name: text })),
    looks: [
      { ...look, verdicts, statusText: text, detail: text },
      {
        ...look,
        verdicts: [],
        statusText: text,
        detail: text,
        command: { kind: 'roll_back', cause: 'gate_failed', toVersion: text },
      },
    ],
    decidedBy: 0,
    capabilities: [{ name: text, available: 'no', how: text, consequence: text }],
    rollouts: [
      {
        id: text,
        version: text,
        statusText: text,
        percentage: 25,
        group: text,
        createdAt: BEGAN_AT,
        devicesOnVersion: 1,
        devicesReachable: 2,
      },
    ],
    rollbackTargets: [text],
    notes: [text],
    stillServing: text,
    next: [{ text, language: 'yaml', code: text }],
    runUrl: text,
  };
}
