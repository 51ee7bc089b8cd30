/** The health source of a plan with `gates: none`: devices as the API counts them, and nothing else. */
import type { Evidence, Window } from '../core/evidence.ts';
import type { HealthSource, MeasurableGate, RolloutApi } from '../core/ports.ts';
import type { DeviceCount } from '../core/rollout.ts';

/**
 * Returns a source that answers adoption and assignment from the rollout's device count.
 *
 * Where the API cannot count, both are `unavailable`, which is reported and does not block.
 */
export function adoptionOnlyHealth(api: RolloutApi): HealthSource {
  return {
    name: 'device counts',
    probe: async () => ({ kind: 'available', detail: 'devices are counted by the rollout' }),
    async read({ rolloutId, window, gates }) {
      const devices = await api.countDevices(rolloutId);
      return gates.map((gate) => evidenceFor(gate, devices, window));
    },
    readPercentile: async () => ({ kind: 'none', why: 'devices are counted, requests are not timed' }),
  };
}

function evidenceFor(gate: MeasurableGate, devices: DeviceCount | null, covered: Window): Evidence {
  const share = (part: number | null | undefined, whole: number | null | undefined): Evidence =>
    part == null || whole == null
      ? { kind: 'unavailable', why: 'the API does not count devices by version' }
      : {
          kind: 'counts',
          candidate: { events: part, trials: whole, devices: null, devicesWithEvents: null },
          baseline: null,
          covered,
        };
  if (gate.kind === 'adoption') return share(devices?.onVersion, devices?.reachable);
  if (gate.kind === 'assignment') return share(devices?.assigned, devices?.total);
  return { kind: 'error', why: `${gate.name} has no source in a plan without gates` };
}
