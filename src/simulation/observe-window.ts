/** Adds up what versions did within a window of time. Pure. */
import type { Window } from '../core/evidence.ts';
import type { EpochMs } from '../core/units.ts';
import { addDevice, countDevices, type DeviceBits, emptyBits, uniteInto } from './device-set.ts';
import { isInExperiment } from './experiment-devices.ts';
import { LATENCY_EDGES_MS } from './latency-profile.ts';
import type { ArmDevices, Tick, TickArm } from './tick.ts';
import { BLOCK_TICKS, type TickBlocks } from './tick-blocks.ts';

/** What is asked: a version against the other versions of its group (null for the whole fleet). */
export interface WindowQuery {
  readonly version: string;
  readonly group: number | null;
  readonly window: Window;
  /** Only the parts of the fleet with these indices; the whole fleet unless given. */
  readonly parts?: ReadonlySet<number>;
}

/** Totals of the devices of one arm. Devices are counted once, whatever they did. */
export interface ArmTotals {
  readonly requests: number;
  readonly failed: number;
  /** Requests of each bucket of `LATENCY_EDGES_MS`, not cumulative. */
  readonly latency: readonly number[];
  readonly qualitySum: number;
  readonly qualityCount: number;
  /** Devices that sent a request, crashed or ran out of memory. */
  readonly activeDevices: number;
  readonly devicesWithFailures: number;
  readonly crashedDevices: number;
  readonly outOfMemoryDevices: number;
}

/** What was seen, and in which part of the window: whole ticks only, so at most the window. */
export interface WindowObservation {
  readonly covered: Window;
  readonly candidate: ArmTotals;
  readonly baseline: ArmTotals;
}

/** Ticks, and their blocks where there are any. */
export interface ObservedTicks {
  readonly ticks: readonly Tick[];
  readonly blocks: TickBlocks | null;
}

/**
 * Returns the totals of the ticks that lie wholly within the window.
 *
 * Mirrored traffic belongs to the candidate and never to the baseline; that of an experiment to neither. Without a whole tick the covered
 * window is empty and every total is 0.
 */
export function observeWindow(
  { ticks, blocks }: ObservedTicks,
  query: WindowQuery,
  deviceCount: number,
): WindowObservation {
  const { window } = query;
  const candidate = openTotals(deviceCount);
  const baseline = openTotals(deviceCount);
  const totalsOf = (arm: ArmDevices): OpenTotals | null => {
    if (query.group !== null && arm.group !== query.group) return null;
    if (query.parts !== undefined && !query.parts.has(arm.part)) return null;
    if (arm.version === query.version) return candidate;
    return arm.shadow || isInExperiment(arm.version) ? null : baseline;
  };
  const first = firstFrom(ticks, window.from);
  let end = first;
  for (let tick = ticks[end]; tick !== undefined && tick.to <= window.to; tick = ticks[end]) {
    for (const arm of tick.arms) addCounts(totalsOf(arm), arm);
    end += 1;
  }
  for (let index = first; index < end; ) {
    const block = index + BLOCK_TICKS <= end ? (blocks?.from(index) ?? null) : null;
    for (const arm of block ?? ticks[index]?.arms ?? []) addDevices(totalsOf(arm), arm);
    index += block === null ? 1 : BLOCK_TICKS;
  }
  const from = ticks[first]?.from ?? window.from;
  const to = end === first ? null : (ticks[end - 1]?.to ?? null);
  const covered = to === null ? { from: window.from, to: window.from } : { from, to };
  return { covered, candidate: close(candidate), baseline: close(baseline) };
}

interface OpenTotals {
  requests: number;
  failed: number;
  readonly latency: number[];
  qualitySum: number;
  qualityCount: number;
  readonly active: DeviceBits;
  readonly failing: DeviceBits;
  readonly crashed: DeviceBits;
  readonly outOfMemory: DeviceBits;
}

function openTotals(deviceCount: number): OpenTotals {
  return {
    requests: 0,
    failed: 0,
    latency: LATENCY_EDGES_MS.map(() => 0),
    qualitySum: 0,
    qualityCount: 0,
    active: emptyBits(deviceCount),
    failing: emptyBits(deviceCount),
    crashed: emptyBits(deviceCount),
    outOfMemory: emptyBits(deviceCount),
  };
}

// Tick by tick, so that a sum of fractions is the same whatever was united before.
function addCounts(totals: OpenTotals | null, arm: TickArm): void {
  if (totals === null) return;
  totals.requests += arm.requests;
  totals.failed += arm.failed;
  for (const [bucket, count] of arm.latency.entries()) {
    totals.latency[bucket] = (totals.latency[bucket] ?? 0) + count;
  }
  totals.qualitySum += arm.qualitySum;
  totals.qualityCount += arm.qualityCount;
}

function addDevices(totals: OpenTotals | null, arm: ArmDevices): void {
  if (totals === null) return;
  uniteInto(totals.active, arm.active);
  uniteInto(totals.failing, arm.failing);
  for (const device of arm.crashed) addDevice(totals.crashed, device);
  for (const device of arm.outOfMemory) addDevice(totals.outOfMemory, device);
}

function close(totals: OpenTotals): ArmTotals {
  const { requests, failed, latency, qualitySum, qualityCount, active, failing, crashed, outOfMemory } =
    totals;
  uniteInto(active, crashed);
  uniteInto(active, outOfMemory);
  return {
    requests,
    failed,
    latency,
    qualitySum,
    qualityCount,
    activeDevices: countDevices(active),
    devicesWithFailures: countDevices(failing),
    crashedDevices: countDevices(crashed),
    outOfMemoryDevices: countDevices(outOfMemory),
  };
}

function firstFrom(ticks: readonly Tick[], from: EpochMs): number {
  let low = 0;
  let high = ticks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ticks[middle]?.from ?? Number.POSITIVE_INFINITY) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
