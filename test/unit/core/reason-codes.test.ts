import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adviceFor, meaningOf, REASONS, type ReasonCode } from '../../../src/core/reason-codes.ts';
import { OUTCOMES, PAUSE_MARKS, ROLLOUT_STATUSES, SUCCESSFUL_OUTCOMES } from '../../../src/core/rollout.ts';

const SRC = join(import.meta.dirname, '../../../src');
const CODES = Object.keys(REASONS) as ReasonCode[];

function sourceOf(exceptFor: string): string {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith(exceptFor))
    .map((path) => readFileSync(join(SRC, path), 'utf8'))
    .join('\n');
}

describe('the reason codes', () => {
  it('are this closed list: a code that is renamed or removed breaks its users', () => {
    expect(CODES.toSorted()).toEqual([
      'adopted',
      'adoption_low',
      'advance_refused',
      'already_completed',
      'another_version',
      'api_protocol',
      'api_refused',
      'api_unavailable',
      'approval_required',
      'auto_rollback_required',
      'baking',
      'change_not_confirmed',
      'completed',
      'completed_unconfirmed_devices',
      'confirming_rollback',
      'deadline_passed',
      'deadline_passed_rolled_back',
      'deadline_passed_rolled_back_unconfirmed_devices',
      'evaluation_required',
      'gate_failed',
      'gate_failed_alert',
      'gate_failed_paused',
      'gate_failed_unconfirmed_devices',
      'gate_never_proven',
      'group_not_confirmed',
      'group_not_found',
      'health_source_missing',
      'hold_gate_failing',
      'internal_error',
      'invalid_input',
      'invalid_plan',
      'job_time_over',
      'latency_baseline_missing',
      'leaning_to_harm',
      'lease_held',
      'measurement_failed',
      'min_devices_missing',
      'model_ambiguous',
      'model_not_found',
      'more_evidence_needed',
      'newer_run',
      'no_data',
      'no_memory',
      'no_rollback_target',
      'no_rollout_in_force',
      'not_before',
      'nothing_to_advance',
      'nothing_to_change',
      'paused_by_gate',
      'paused_by_other',
      'paused_by_request',
      'percentage_lowered',
      'percentage_not_in_plan',
      'percentage_set_by_request',
      'percentage_would_fall',
      'plan_exceeds_timeout',
      'plan_valid',
      'planned_after_fork',
      'planned_for_fork',
      'policy_minimum_duration',
      'policy_step_too_large',
      'previous_version_missing',
      'resumed_by_request',
      'rollback_refused',
      'rollback_unconfirmed',
      'rolled_back_by_request',
      'rolled_back_by_request_unconfirmed_devices',
      'rolled_back_by_server',
      'rolled_back_by_server_unconfirmed_devices',
      'rolled_back_earlier',
      'rollout_ambiguous',
      'rollout_gone',
      'server_unreadable',
      'shadow_refused',
      'signalled',
      'soaking',
      'stage_passed',
      'starting',
      'status_forbids_command',
      'status_reported',
      'status_unknown',
      'too_many_devices',
      'unauthorized',
      'unwatched_not_accepted',
      'version_not_found',
      'version_was_rolled_back',
      'warming_up',
    ]);
  });

  it('each mean something else', () => {
    expect(new Set(CODES.map(meaningOf)).size).toBe(CODES.length);
  });

  it('are each used somewhere in the product', () => {
    const source = sourceOf('reason-codes.ts');
    expect(CODES.filter((code) => !new RegExp(`['"]${code}['"]|\\b${code}:`).test(source))).toEqual([]);
  });
});

describe.each(CODES)('%s', (code) => {
  it('has a meaning and an advice that begin and end as sentences do', () => {
    for (const sentence of [meaningOf(code), adviceFor(code)]) {
      expect(sentence).toMatch(/^[A-Z][^\n]*[^.\s]\.$/);
    }
  });

  it('has its own sentences', () => {
    expect([meaningOf(code), adviceFor(code)]).toEqual([REASONS[code].meaning, REASONS[code].advice]);
  });
});

describe('the words of the public API', () => {
  it('are these outcomes', () => {
    expect(OUTCOMES).toEqual([
      'completed',
      'advanced',
      'waiting',
      'planned',
      'simulated',
      'done',
      'noop',
      'rolled_back',
      'rolling_back',
      'rollback_failed',
      'held',
      'timed_out',
      'cancelled',
      'superseded',
      'invalid_input',
      'invalid_plan',
      'error',
    ]);
  });

  it('leave the job green for these outcomes only', () => {
    expect(SUCCESSFUL_OUTCOMES).toEqual([
      'completed',
      'advanced',
      'waiting',
      'planned',
      'simulated',
      'done',
      'noop',
    ]);
  });

  it('mark our pauses for these causes', () => {
    expect(PAUSE_MARKS).toEqual(['cancel', 'timeout', 'deadline', 'gate']);
  });

  it('know these statuses', () => {
    expect(ROLLOUT_STATUSES).toEqual([
      'pending',
      'active',
      'paused',
      'completed',
      'rolling_back',
      'rolled_back',
      'cancelled',
      'failed',
      'unknown',
    ]);
  });
});
