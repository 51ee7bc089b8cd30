/** How unevenly events are spread over devices, read off the share of devices without any. Pure. */

/** Events of one version and the devices they fell on. */
export interface EventSpread {
  readonly events: number;
  readonly devices: number;
  readonly devicesWithEvents: number;
}

const PRIOR_DISPERSION = 1;
const PRIOR_WEIGHT = 2;

// A device count can tell that all devices had an event only to within half a device.
const HALF_A_DEVICE = 0.5;

const DOUBLINGS = 200;
const HALVINGS = 200;

/**
 * Returns the dispersion phi of a negative binomial whose share of devices without events is the one seen.
 *
 * Solves log1p(phi·m)/(phi·m) = -log1p(-d/D)/m with m = events/devices; 0 when devices are no more alike than
 * chance makes them, null when it cannot be told (fewer than 2 devices, no event, or no device with one). It
 * sees lasting differences between devices and bursts of retries alike.
 *
 * Source: estimation of the negative binomial from the frequency of zeros, Anscombe, "Sampling theory of the
 * negative binomial and logarithmic series distributions", Biometrika 37 (1950).
 */
export function zeroFractionDispersion({ events, devices, devicesWithEvents }: EventSpread): number | null {
  if (!(devices >= 2) || !(events > 0) || !(devicesWithEvents > 0)) return null;
  const mean = events / devices;
  const hit = Math.min(devicesWithEvents, devices - HALF_A_DEVICE);
  const observed = -Math.log1p(-hit / devices);
  if (observed >= mean) return 0;
  return solveDispersion(observed / mean) / mean;
}

/** Returns x > 0 with log1p(x)/x = `share`, for a share between 0 and 1; the left side falls from 1 to 0. */
function solveDispersion(share: number): number {
  const excess = (x: number): number => Math.log1p(x) / x - share;
  let high = 1;
  for (let step = 0; step < DOUBLINGS && excess(high) > 0; step += 1) high *= 2;
  let low = 0;
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (excess(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Returns the dispersion with a prior of 1 that counts like two units of evidence, or null where there is none.
 *
 * The evidence is events²/(2·devices): the number of pairs of events that could have fallen on the same device.
 */
export function shrunkDispersion(spread: EventSpread): number | null {
  const dispersion = zeroFractionDispersion(spread);
  if (dispersion === null) return null;
  const evidence = spread.events ** 2 / (2 * spread.devices);
  return (PRIOR_WEIGHT * PRIOR_DISPERSION + evidence * dispersion) / (PRIOR_WEIGHT + evidence);
}
