/** The health source of a plan with `gates: none`: adoption as the API counts devices, and nothing else. */
import type { Evidence } from '../core/evidence.ts';
import type { HealthSource, RolloutApi } from '../core/ports.ts';

/**
 * Returns a source that answers the adoption gate from the rollout's device count.
 *
 * Where the API cannot count, adoption is `unavailable`, which is reported and does not block.
 */
export function adoptionOnlyHealth(api: RolloutApi): HealthSource {
  return {
    name: 'device counts',
    probe: async () => ({ kind: 'available', detail: 'devices are counted by the rollout' }),
    async read({ rolloutId, window, gates }) {
      const devices = await api.countDevices(rolloutId);
      const adoption: Evidence =
        devices === null || devices.onVersion === null || devices.reachable === null
          ? { kind: 'unavailable', why: 'the API does not count devices by version' }
          : {
              kind: 'counts',
              candidate: {
                events: devices.onVersion,
                trials: devices.reachable,
                devices: null,
                devicesWithEvents: null,
              },
              baseline: null,
              covered: window,
            };
      return gates.map((gate) =>
        gate.kind === 'adoption'
          ? adoption
          : { kind: 'error', why: `${gate.name} has no source in a plan without gates` },
      );
    },
  };
}
