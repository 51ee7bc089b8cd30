/** Draws what happens in one tick: requests, failures, latency, quality and crashes of every cell. Pure. */
import { type EpochMs, HOUR_MS } from '../core/units.ts';
import type { Cell } from './cells.ts';
import { addHitMembers, emptyBits, uniteInto } from './device-set.ts';
import { drawBinomial } from './draw-binomial.ts';
import { drawPoisson } from './draw-poisson.ts';
import type { Fleet } from './fleet.ts';
import type { FleetPart } from './fleet-part.ts';
import { bucketRatios, LATENCY_EDGES_MS } from './latency-profile.ts';
import { createRandom, type RandomSource } from './random-source.ts';
import type { Tick, TickArm } from './tick.ts';
import type { WorldSettings } from './world-settings.ts';

/** A version that gets a copy of the requests of a group, or of the whole fleet for null. */
export interface Mirror {
  readonly version: string;
  readonly group: number | null;
}

/** Everything that one tick depends on. */
export interface TickInput {
  readonly fleet: Fleet;
  readonly settings: WorldSettings;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly cells: readonly Cell[];
  readonly mirror: Mirror | null;
  /** True when the harm of the settings is in force. */
  readonly harmed: boolean;
  /** Devices that a harm makes crash, or run out of memory, within this tick, with the version they run. */
  readonly crashes: readonly { readonly device: number; readonly version: string }[];
}

const MIRROR_KEY = 1;

/**
 * Returns one tick of a world.
 *
 * The draws of a cell depend on the seed, the tick's start and the cell alone: two worlds are the same until
 * they are told apart, and what one version does never changes the numbers of another.
 */
export function drawTick(input: TickInput): Tick {
  const { fleet, settings, from, to, cells, mirror } = input;
  const arms: TickArm[] = [];
  for (const cell of cells) {
    if (cell.size === 0) continue;
    const at = from - settings.startAt;
    const arm = armFor(arms, { ...placeOf(cell), version: cell.version, shadow: false }, fleet);
    drawCell(input, { cell, arm }, createRandom([settings.seed, at, cell.key]));
    if (mirror === null || (mirror.group !== null && mirror.group !== cell.group)) continue;
    const shadow = armFor(arms, { ...placeOf(cell), version: mirror.version, shadow: true }, fleet);
    drawCell(input, { cell, arm: shadow }, createRandom([settings.seed, at, cell.key, MIRROR_KEY]));
  }
  for (const { device, version } of input.crashes) {
    const group = fleet.groupOf[device] ?? 0;
    const part = fleet.partOf[device] ?? 0;
    const arm = armFor(arms, { version, group, part, shadow: false }, fleet);
    (settings.harm?.kind === 'memory' ? arm.outOfMemory : arm.crashed).push(device);
  }
  return { from, to, arms };
}

function placeOf({ group, part }: Cell): Pick<TickArm, 'group' | 'part'> {
  return { group, part };
}

interface CellDraw {
  readonly cell: Cell;
  readonly arm: TickArm;
}

function drawCell(input: TickInput, { cell, arm }: CellDraw, random: RandomSource): void {
  const { settings, fleet, from, to } = input;
  const isHarmed =
    input.harmed && arm.version === settings.faultyVersion && isHit(settings.harm, fleet.parts[cell.part]);
  const harm = isHarmed ? settings.harm : null;
  if (harm?.kind === 'silence') return;
  const hours = (to - from) / HOUR_MS;
  const habit = fleet.classes[cell.classIndex];
  const rate = settings.requestsPerHour * (habit?.trafficFactor ?? 1) * dayFactor(settings, (from + to) / 2);
  const errorRatio =
    harm?.kind === 'errors' ? harm.ratio : Math.min(1, settings.errorRatio * (habit?.errorFactor ?? 1));
  const medianMs = settings.latency.medianMs * (harm?.kind === 'latency' ? harm.factor : 1);
  const ratios = bucketRatios({ medianMs, sigma: settings.latency.sigma });

  let requests = 0;
  for (const [bucket, ratio] of ratios.entries()) {
    const count = drawPoisson(cell.size * rate * hours * ratio, random);
    arm.latency[bucket] = (arm.latency[bucket] ?? 0) + count;
    requests += count;
  }
  const failed = drawBinomial(requests, errorRatio, random);
  arm.requests += requests;
  arm.failed += failed;
  const mean = harm?.kind === 'quality' ? harm.mean : settings.quality.mean;
  drawQuality({ ...settings.quality, mean }, { arm, answered: requests - failed }, random);
  drawDevices({ arm, cell, failed, succeeded: requests - failed }, random);
  const crashes = drawBinomial(cell.size, 1 - Math.exp(-settings.crashesPerHour * hours), random);
  for (let crash = 0; crash < crashes; crash += 1) arm.crashed.push(cell.list[random.below(cell.size)] ?? 0);
}

interface Answered {
  readonly arm: TickArm;
  readonly cell: Cell;
  readonly failed: number;
  readonly succeeded: number;
}

// A failing device is active by its failed request; drawing it twice would count more devices than requests.
function drawDevices({ arm, cell, failed, succeeded }: Answered, random: RandomSource): void {
  const failing = emptyBits(arm.active.length * 32);
  addHitMembers(failing, { members: cell, events: failed }, random);
  uniteInto(arm.failing, failing);
  uniteInto(arm.active, failing);
  addHitMembers(arm.active, { members: cell, events: succeeded }, random);
}

function drawQuality(
  quality: WorldSettings['quality'],
  { arm, answered }: { readonly arm: TickArm; readonly answered: number },
  random: RandomSource,
): void {
  const normal = Math.sqrt(-2 * Math.log(random.next())) * Math.cos(2 * Math.PI * random.next());
  const sum = answered * quality.mean + Math.sqrt(answered) * quality.deviation * normal;
  arm.qualitySum += Math.min(answered, Math.max(0, sum));
  arm.qualityCount += answered;
}

/** A harm that is in one part of the fleet only leaves the others alone. */
function isHit(harm: WorldSettings['harm'], part: FleetPart | undefined): boolean {
  if (harm?.kind !== 'errors' || harm.onlyIn === undefined) return true;
  return part?.attributes[harm.onlyIn.by] === harm.onlyIn.value;
}

function dayFactor({ diurnal }: WorldSettings, at: EpochMs): number {
  if (!diurnal) return 1;
  const hour = (at / HOUR_MS) % 24;
  return 1 + 0.5 * Math.sin((2 * Math.PI * (hour - 8)) / 24);
}

function armFor(
  arms: TickArm[],
  key: Pick<TickArm, 'version' | 'group' | 'part' | 'shadow'>,
  fleet: Fleet,
): TickArm {
  const { version, group, part, shadow } = key;
  const known = arms.find(
    (arm) => arm.version === version && arm.group === group && arm.part === part && arm.shadow === shadow,
  );
  if (known !== undefined) return known;
  const arm: TickArm = {
    version,
    group,
    part,
    shadow,
    requests: 0,
    failed: 0,
    latency: LATENCY_EDGES_MS.map(() => 0),
    qualitySum: 0,
    qualityCount: 0,
    active: emptyBits(fleet.size),
    failing: emptyBits(fleet.size),
    crashed: [],
    outOfMemory: [],
  };
  arms.push(arm);
  return arm;
}
