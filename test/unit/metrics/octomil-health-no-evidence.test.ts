/** What a health source says that is not evidence: nothing measured, or a measurement that failed. */
import { describe, expect, it } from 'vitest';
import type { Gate } from '../../../src/core/plan.ts';
import { CancelledError } from '../../../src/runtime/abort.ts';
import {
  EXAMPLE_WINDOW,
  evidenceIn,
  exampleHealth,
  exampleQuery,
  GATES,
  healthSourceOf,
  healthWith,
  latencyGate,
} from '../../support/health-answers.ts';

interface NoEvidence {
  readonly title: string;
  readonly change: readonly [path: string, value: unknown];
  readonly gate?: Gate;
  readonly kind: 'none' | 'error' | 'unavailable';
  readonly says: RegExp;
}

const NO_EVIDENCE: readonly NoEvidence[] = [
  {
    title: 'no request',
    change: ['versions.0.requests', { total: 0, failed: 0 }],
    kind: 'none',
    says: /zero trials/,
  },
  { title: 'no version', change: ['versions', []], kind: 'none', says: /nothing measured for version 2.0.0/ },
  {
    title: 'no requests told',
    change: ['versions.0.requests', undefined],
    kind: 'none',
    says: /versions\[0\].requests: not told/,
  },
  {
    title: 'no device active',
    change: ['versions.0', { version: '2.0.0', role: 'candidate', devices: { active: 0, crashed: 0 } }],
    gate: GATES.crash_rate,
    kind: 'none',
    says: /zero trials/,
  },
  {
    title: 'no crashes told',
    change: ['versions.0.devices.crashed', undefined],
    gate: GATES.crash_rate,
    kind: 'none',
    says: /devices.crashed: not told/,
  },
  {
    title: 'no device counted',
    change: ['versions.0.devices', undefined],
    gate: GATES.adoption,
    kind: 'unavailable',
    says: /does not count devices/,
  },
  {
    title: 'no latency told',
    change: ['versions.0.latency_ms', undefined],
    gate: latencyGate(100),
    kind: 'none',
    says: /latency_ms: not told/,
  },
  {
    title: 'an empty covered window',
    change: ['window.covered_to', '2026-11-20T10:00:00Z'],
    kind: 'none',
    says: /covered window is empty/,
  },
  {
    title: 'a window after the one asked',
    change: ['window', { covered_from: '2026-11-20T12:00:00Z', covered_to: '2026-11-20T13:00:00Z' }],
    kind: 'none',
    says: /covered window/,
  },
  {
    title: 'a window that starts too early',
    change: ['window.covered_from', '2026-11-20T09:59:59Z'],
    kind: 'error',
    says: /starts before the one asked/,
  },
  { title: 'no window', change: ['window', undefined], kind: 'error', says: /window: expected the window/ },
  {
    title: 'a window without an offset',
    change: ['window.covered_from', '2026-11-20T10:00:00'],
    kind: 'error',
    says: /window.covered_from: expected a time/,
  },
  {
    title: 'another candidate',
    change: ['versions.0.version', '3.0.0'],
    kind: 'error',
    says: /version 3.0.0, not 2.0.0/,
  },
  {
    title: 'another rollout',
    change: ['rollout_id', 'rol_other'],
    kind: 'error',
    says: /for rollout rol_other/,
  },
  {
    title: 'a negative count',
    change: ['versions.0.requests.failed', -1],
    kind: 'error',
    says: /versions\[0\].requests.failed/,
  },
  {
    title: 'NaN',
    change: ['versions.0.requests.total', Number.NaN],
    kind: 'error',
    says: /versions\[0\].requests.total/,
  },
  {
    title: 'infinity',
    change: ['versions.0.devices.active', Number.POSITIVE_INFINITY],
    kind: 'error',
    says: /devices.active/,
  },
  {
    title: 'a count as text',
    change: ['versions.0.requests.total', '1960'],
    kind: 'error',
    says: /requests.total: expected a finite number/,
  },
  {
    title: 'more failures than requests',
    change: ['versions.0.requests.failed', 1961],
    kind: 'error',
    says: /failed: 1961; expected at most 1960/,
  },
  {
    title: 'more crashes than devices',
    change: ['versions.1.devices.crashed', 104],
    kind: 'error',
    says: /versions\[1\].devices.crashed: 104/,
  },
  {
    title: 'more failing devices than devices',
    change: ['versions.0.requests.devices_with_failures', 12],
    kind: 'error',
    says: /devices_with_failures: 12/,
  },
];

describe('what is not evidence', () => {
  it.each(NO_EVIDENCE)('$title is $kind', async ({ change, gate = GATES.error_rate, kind, says }) => {
    expect(await evidenceIn(healthWith(...change), gate)).toMatchObject({
      kind,
      why: expect.stringMatching(says),
    });
  });

  it('is an answer that could not be had: an error for every gate, never a rejection', async () => {
    const { source } = healthSourceOf(new Error('the API was cut off'));
    const gates = [GATES.error_rate, GATES.adoption];
    const error = { kind: 'error', why: 'the API was cut off' };
    expect(await source.read({ ...exampleQuery(GATES.error_rate), gates })).toEqual([error, error]);
    const refused = healthSourceOf({ kind: 'refused', status: 404, routeUnknown: true, message: 'HTTP 404' });
    expect(await refused.source.read(exampleQuery(GATES.error_rate))).toEqual([
      { kind: 'error', why: 'HTTP 404' },
    ]);
  });

  it('is a window shorter than a second', async () => {
    const window = { from: EXAMPLE_WINDOW.from + 100, to: EXAMPLE_WINDOW.from + 900 };
    expect(await evidenceIn(exampleHealth(), GATES.error_rate, { window })).toMatchObject({ kind: 'none' });
  });

  it('rejects only when the caller aborts', async () => {
    const { source } = healthSourceOf(new Error('aborted'));
    const signal = AbortSignal.abort(new CancelledError('SIGINT'));
    await expect(source.read(exampleQuery(GATES.error_rate), signal)).rejects.toBeInstanceOf(CancelledError);
  });
});
