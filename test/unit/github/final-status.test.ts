/** Which statuses a deployment still lacks to show how its rollout ended. */
import { describe, expect, it } from 'vitest';
import type { RolloutEnding } from '../../../src/core/ports.ts';
import { missingStatuses } from '../../../src/github/final-status.ts';
import { describeMoment } from '../../../src/github/status-description.ts';

const AT = Date.UTC(2026, 10, 20, 11, 5);
const MOMENT =
  describeMoment({
    planDigest: '0123456789ab',
    stage: 2,
    stagesTotal: 3,
    percentage: 50,
    run: '12345678901.77.1',
    at: AT,
    pausing: null,
    leaseUntil: null,
  }) ?? '';

const ending = (kind: RolloutEnding['kind'], failure: string | null): RolloutEnding => ({
  rolloutId: 'rol_1',
  kind,
  failure,
  sentence: 'the end',
});

const missing = (kind: RolloutEnding['kind'], failure: string | null, before: readonly string[]) =>
  missingStatuses(
    ending(kind, failure),
    before.map((state, index) => ({
      id: index + 1,
      state: state === 'moment' ? 'in_progress' : state,
      description: state === 'moment' ? MOMENT : '',
      createdAt: AT,
    })),
  ).map(({ state, description }) => `${state}: ${description}`);

describe('missingStatuses', () => {
  it.each([
    { kind: 'completed', failure: null, before: [], gives: ['success: the end'] },
    { kind: 'completed', failure: null, before: ['moment', 'success'], gives: [] },
    { kind: 'completed', failure: null, before: ['moment', 'success', 'inactive'], gives: [] },
    { kind: 'completed', failure: null, before: ['success', 'moment'], gives: ['success: the end'] },
    { kind: 'completed', failure: null, before: ['moment', 'queued'], gives: ['success: the end'] },
    { kind: 'rolling_back', failure: null, before: ['moment'], gives: [] },
    { kind: 'rolling_back', failure: 'harm', before: ['moment'], gives: ['failure: harm'] },
    { kind: 'rolling_back', failure: 'harm', before: ['moment', 'failure'], gives: [] },
    { kind: 'rolling_back', failure: 'harm', before: ['moment', 'error'], gives: [] },
    { kind: 'rolling_back', failure: 'harm', before: ['moment', 'inactive'], gives: [] },
    {
      kind: 'rolled_back',
      failure: 'harm',
      before: ['moment'],
      gives: ['failure: harm', 'inactive: the end'],
    },
    { kind: 'rolled_back', failure: 'harm', before: ['moment', 'error'], gives: ['inactive: the end'] },
    { kind: 'rolled_back', failure: null, before: ['moment', 'failure'], gives: ['inactive: the end'] },
    { kind: 'rolled_back', failure: null, before: ['moment', 'success'], gives: ['inactive: the end'] },
    { kind: 'rolled_back', failure: 'harm', before: ['moment', 'failure', 'inactive'], gives: [] },
    { kind: 'rollback_failed', failure: 'harm', before: ['moment', 'failure'], gives: ['error: the end'] },
    { kind: 'rollback_failed', failure: 'harm', before: ['moment', 'error'], gives: [] },
    { kind: 'gone', failure: null, before: ['moment'], gives: ['inactive: the end'] },
    { kind: 'gone', failure: null, before: ['moment', 'inactive'], gives: [] },
  ] as const)('of $kind (held against it: $failure) after $before are $gives', (row) => {
    expect(missing(row.kind, row.failure, row.before)).toEqual(row.gives);
  });
});
