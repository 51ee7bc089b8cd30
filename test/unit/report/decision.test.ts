/** What machines read: stable keys, finite numbers, ISO times, and all that a decision rests on. */
import { describe, expect, it } from 'vitest';
import { decisionOutput, eventsNdjson, reportJson } from '../../../src/report/decision.ts';
import type { RunRecord } from '../../../src/report/run-record.ts';
import { hostileRecord } from '../../support/hostile-records.ts';
import { HOSTILE_TEXTS } from '../../support/hostile-text.ts';
import {
  COMPLETED,
  HELD,
  lookAt,
  minute,
  PLANNED,
  ROLLBACK_FAILED,
  ROLLED_BACK,
  recordWith,
  STATUS,
} from '../../support/run-records.ts';

const records: readonly (readonly [string, RunRecord])[] = [
  ['completed', COMPLETED],
  ['rolled back', ROLLED_BACK],
  ['held', HELD],
  ['rollback failed', ROLLBACK_FAILED],
  ['planned', PLANNED],
  ['status', STATUS],
  ['nothing at all', recordWith({ plan: null, model: null, version: null, rolloutId: null })],
];

function keysOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]);
}

describe('the decision output', () => {
  it('names the outcome, where the rollout stands and every gate of the deciding look', () => {
    expect(JSON.parse(decisionOutput({ ...ROLLED_BACK, nextLookAt: minute(30) }))).toEqual({
      schema_version: 1,
      command: 'run',
      outcome: 'rolled_back',
      reason_code: 'gate_failed',
      sentence:
        'Rolled back radiology-v1 2.0.0 to 1.0.0 at 25%: error rate 19.8% (97 of 490 requests, 31 of 31 devices), limit 5%, previous version 0.816%; over 1 000 000:1 that it does harm.',
      model: 'radiology-v1',
      version: '2.0.0',
      group: null,
      previous_version: '1.0.0',
      restored_version: '1.0.0',
      rollout_id: 'rol_x7y8z9',
      percentage: 0,
      stage: 2,
      stages_total: 3,
      affected_devices: 118,
      next_look_at: '2026-11-20T09:30:00Z',
      plan_digest: ROLLED_BACK.plan?.digest,
      log_odds: ROLLED_BACK.looks[1]?.odds?.logOdds,
      gates: [
        gate('error_rate', 'critical', 'fail', [97, 490], 0.05),
        gate('crash_rate', 'critical', 'pass', [0, 31], 0.01),
        { ...gate('latency_p95', 'hold', 'pass', [12, 490], 0.05), limit_ms: 900 },
        gate('adoption', 'hold', 'pass', [31, 31], 0.9),
        { ...gate('assignment', 'hold', 'pass', [31, 124], 0), limit: null },
      ],
    });
  });

  it.each(records)('is one line and small: %s', (_what, record) => {
    expect(decisionOutput(record)).not.toContain('\n');
    expect(decisionOutput(record).length).toBeLessThan(4_096);
  });
});

function gate(
  name: string,
  severity: string,
  verdict: string,
  [events, trials]: readonly [number, number],
  limit: number,
) {
  const evidence = ROLLED_BACK.looks[1]?.verdicts.find((each) => each.gate.name === name)?.evidence;
  const odds = { log_odds_limit: evidence?.limit ?? null, log_odds_baseline: evidence?.baseline ?? null };
  return {
    name,
    severity,
    verdict,
    observed: events / trials,
    limit,
    limit_ms: null,
    events,
    trials,
    ...odds,
  };
}

describe('the report and the events', () => {
  it.each(records)('have snake_case keys only: %s', (_what, record) => {
    const lines = eventsNdjson(record).split('\n').slice(0, -1);
    for (const text of [decisionOutput(record), reportJson(record), ...lines]) {
      for (const key of keysOf(JSON.parse(text))) expect(key).toMatch(/^[a-z][a-z0-9_]*$/);
    }
  });

  it('carry for every look what its decision was computed from', () => {
    const lines = eventsNdjson(ROLLED_BACK).trimEnd().split('\n');
    expect(lines).toHaveLength(ROLLED_BACK.looks.length);
    const [, breach = ''] = lines;
    expect(JSON.parse(breach)).toMatchObject({
      schema_version: 1,
      plan_digest: ROLLED_BACK.plan?.digest,
      at: '2026-11-20T09:22:00Z',
      phase: 'soaking',
      stage: 2,
      stage_entered_at: '2026-11-20T09:15:00Z',
      percentage: 25,
      command: { kind: 'roll_back', cause: 'gate_failed', to_version: '1.0.0' },
      reason_code: 'gate_failed',
      gates: [
        {
          name: 'error_rate',
          verdict: 'fail',
          events: 97,
          trials: 490,
          trials_needed: 1,
          devices: 31,
          devices_with_events: 31,
          device_level: 2,
          baseline_trials: 1470,
          limit: 0.05,
          asked: { from: '2026-11-20T09:15:00Z', to: '2026-11-20T09:22:00Z' },
          covered: { from: '2026-11-20T09:15:00Z', to: '2026-11-20T09:21:30Z' },
        },
        {},
        {},
        {},
        {},
      ],
      tests: 4,
    });
  });

  it('carry the plan with every default filled in', () => {
    expect(JSON.parse(reportJson(COMPLETED)).plan).toMatchObject({
      digest: COMPLETED.plan?.digest,
      on_fail: 'rollback',
      rollback: { to: null, confirm_ratio: 0.95, timeout_ms: 1_800_000 },
      stages: [{ percentage: 5, soak_ms: 900_000 }, { percentage: 25 }, { percentage: 100 }],
    });
  });

  it('say null for a number that is not finite and for a time that is none', () => {
    const broken = recordWith({
      percentage: Number.NaN,
      nextLookAt: Number.POSITIVE_INFINITY,
      looks: [lookAt({ minute: 1, stageIndex: 0, enteredMinute: 0 }, { at: Number.NaN })],
    });
    expect(JSON.parse(decisionOutput(broken))).toMatchObject({ percentage: null, next_look_at: null });
    expect(JSON.parse(eventsNdjson(broken))).toMatchObject({ at: null });
  });

  it.each(Object.entries(HOSTILE_TEXTS))('stay one line of JSON for each look with %s', (_what, text) => {
    const record = hostileRecord(text);
    const lines = eventsNdjson(record).split('\n');
    expect(lines).toHaveLength(record.looks.length + 1);
    for (const line of lines.slice(0, -1)) expect(JSON.parse(line)).toMatchObject({ model: text });
    expect(JSON.parse(reportJson(record))).toMatchObject({ model: text });
    expect(decisionOutput(record)).not.toContain('\n');
  });

  it('has no events when there was no look', () => {
    expect(eventsNdjson(PLANNED)).toBe('');
  });
});
