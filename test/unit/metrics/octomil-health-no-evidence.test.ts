/** What a health source says that is not evidence: nothing measured, or a measurement that failed. */
import { describe, expect, it } from 'vitest';
import type { MeasurableGate } from '../../../src/core/ports.ts';
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
  readonly gate?: MeasurableGate;
  readonly kind: 'none' | 'error' | 'unavailable';
  readonly says: RegExp;
}

/** The healthy half of a version, and the half that fails. */
function twice(...roles: readonly (string | undefined)[]): readonly Record<string, unknown>[] {
  return roles.map((role, index) => ({
    version: '2.0.0',
    ...(role === undefined ? {} : { role }),
    requests: { total: 1_000, failed: index === 0 ? 5 : 900 },
  }));
}

const NO_EVIDENCE: readonly NoEvidence[] = [
  {
    title: 'no request',
    change: ['versions.0.requests', { total: 0, failed: 0 }],
    kind: 'none',
    says: /nothing measured: no requests/,
  },
  { title: 'no version', change: ['versions', []], kind: 'none', says: /nothing measured for version 2.0.0/ },
  {
    title: 'no requests told',
    change: ['versions.0.requests', undefined],
    kind: 'none',
    says: /versions\[0\].requests.failed: not told/,
  },
  {
    title: 'no device active',
    change: ['versions.0', { version: '2.0.0', role: 'candidate', devices: { active: 0, crashed: 0 } }],
    gate: GATES.crash_rate,
    kind: 'none',
    says: /nothing measured: no devices/,
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
    title: 'a candidate in two parts, of which one would stand for both',
    change: ['versions', twice('candidate', 'candidate')],
    kind: 'error',
    says: /versions\[1\]: the same version as versions\[0\]; expected each once/,
  },
  {
    title: 'a version in two parts without roles',
    change: ['versions', twice(undefined, undefined)],
    kind: 'error',
    says: /the same version/,
  },
  {
    title: 'a candidate that is there again without its role',
    change: ['versions', twice('candidate', undefined)],
    kind: 'error',
    says: /the same version/,
  },
  {
    title: 'a part of the fleet with a candidate in two parts',
    change: ['segments', [{ by: 'os', value: 'ios', versions: twice('candidate', 'candidate') }]],
    kind: 'error',
    says: /segments\[0\]\.versions\[1\]/,
  },
  {
    title: 'another rollout',
    change: ['rollout_id', 'rol_other'],
    kind: 'error',
    says: /for rollout rol_other/,
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
  {
    title: 'more devices out of memory than devices',
    change: ['versions.0.devices.out_of_memory', 12],
    gate: GATES.memory_rate,
    kind: 'error',
    says: /out_of_memory: 12; expected at most 11/,
  },
  {
    title: 'more quality than answers',
    change: ['versions.0.quality', { sum: 94.1, count: 94 }],
    gate: GATES.quality,
    kind: 'error',
    says: /versions\[0\].quality.sum: 94.1; expected at most 94/,
  },
  {
    title: 'a mean quality above 1, as percent would be',
    change: ['versions.0.quality', { mean: 94 }],
    gate: GATES.quality,
    kind: 'error',
    says: /quality.mean: expected a share from 0 to 1/,
  },
  {
    title: 'a failure rate above 1, as percent would be',
    change: ['versions.0.requests', { failure_rate: 1.2 }],
    kind: 'error',
    says: /requests.failure_rate: expected a share from 0 to 1/,
  },
  {
    title: 'percentiles that do not ascend',
    change: ['versions.0.latency_ms', { p50: 90, p99: 80 }],
    gate: latencyGate(100),
    kind: 'error',
    says: /versions\[0\].latency_ms.p99: 80; expected at least 90, the p50/,
  },
  {
    title: 'no answer with a quality',
    change: ['versions.0.quality', { sum: 0, count: 0 }],
    gate: GATES.quality,
    kind: 'none',
    says: /nothing measured: no requests/,
  },
  {
    title: 'no quality told',
    change: ['versions.0.quality', undefined],
    gate: GATES.quality,
    kind: 'none',
    says: /versions\[0\].quality: not told/,
  },
  {
    title: 'a sum of quality without its count',
    change: ['versions.0.quality', { sum: 94 }],
    gate: GATES.quality,
    kind: 'none',
    says: /quality: not told/,
  },
  {
    title: 'a number of failures without that of the requests',
    change: ['versions.0.requests', { failed: 12 }],
    kind: 'none',
    says: /requests.total: not told/,
  },
  {
    title: 'a percentile that is null',
    change: ['versions.0.latency_ms', { p50: 80, p95: null }],
    gate: latencyGate(100),
    kind: 'none',
    says: /latency_ms: not told/,
  },
  {
    title: 'a percentile that was rounded to nothing',
    change: ['versions.0.latency_ms', { p95: 0 }],
    gate: latencyGate(100),
    kind: 'none',
    says: /latency_ms: not told/,
  },
  {
    title: 'a rate of no device',
    change: ['versions.0', { version: '2.0.0', devices: { active: 0 }, requests: { failure_rate: 0 } }],
    kind: 'none',
    says: /no active device/,
  },
  {
    title: 'an assignment that the baseline does not tell',
    change: ['versions.1.devices.assigned', undefined],
    gate: GATES.assignment,
    kind: 'unavailable',
    says: /how many devices each version was assigned/,
  },
  {
    title: 'an assignment to one version alone',
    change: ['versions', [{ version: '2.0.0', devices: { assigned: 12 } }]],
    gate: GATES.assignment,
    kind: 'unavailable',
    says: /each version was assigned/,
  },
  {
    title: 'an assignment of nobody',
    change: [
      'versions',
      [
        { version: '2.0.0', devices: { assigned: 0 } },
        { version: '1.0.0', devices: { assigned: 0 } },
      ],
    ],
    gate: GATES.assignment,
    kind: 'none',
    says: /no device is assigned/,
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
