/** Tells what the devices of each stage can never settle, before a rollout begins. Pure. */
import { formatCount } from '../core/format.ts';
import type { Plan, Stage } from '../core/plan.ts';
import { isMeasured } from './gates.ts';
import { writePercent } from './percent.ts';
import { devicesAt } from './small-fleet.ts';
import { type LimitReview, reviewLimits } from './stage-limits.ts';

/** Fewer devices than this show only disasters: one bad device of nine looks like a rate of 11%. */
const MIN_TELLING_DEVICES = 10;

const MAX_LISTED = 4;

/** What should be known about the stages, and why the plan cannot complete; one sentence each. */
export interface StageReview {
  readonly notes: readonly string[];
  readonly problems: readonly string[];
}

/** A stage with the devices it reaches and what they can settle. */
interface ReviewedStage {
  readonly stage: Stage;
  readonly devices: number;
  readonly isLast: boolean;
  readonly next: string;
  /** Of the gates that can stop or hold the stage. */
  readonly limits: readonly LimitReview[];
}

/**
 * Returns what the stages' devices can never settle in a fleet of that many devices.
 *
 * Few and short: stages with the same trouble share a sentence. A stage that only passes when it is proven
 * safe and whose devices can never prove it is a problem, because the plan would never complete.
 */
export function reviewStages(
  { stages, segments }: Pick<Plan, 'stages' | 'segments'>,
  fleetDevices: number,
): StageReview {
  const isSegmented = segments !== null;
  const reviewed = stages.flatMap((stage, index): ReviewedStage[] => {
    if (stage.percentage === 0 || !stage.gates.some(isMeasured)) return [];
    const devices = devicesAt(stage.percentage, fleetDevices);
    const following = stages[index + 1];
    const next = (following ?? stage).percentage;
    const limits = reviewLimits(stage, { devices, nextShare: next / 100, isSegmented });
    return [{ stage, devices, isLast: following === undefined, next: writePercent(next), limits }];
  });
  const few = reviewed.filter(({ devices }) => devices < MIN_TELLING_DEVICES);
  const enough = reviewed.filter((each) => !few.includes(each));
  return {
    notes: [...noteFew(few, fleetDevices), ...noteUnbreakable(enough), ...noteUnproven(enough)],
    problems: reviewed.flatMap(problemOf),
  };
}

function noteFew(few: readonly ReviewedStage[], fleetDevices: number): readonly string[] {
  if (few.length === 0) return [];
  const counts = few.map(({ stage, devices }, index) => {
    const of = index === 0 ? ` of ${count(fleetDevices)}` : '';
    return `${writePercent(stage.percentage)} (${formatCount(devices)}${of})`;
  });
  return [
    `${plural(few)} ${listed(counts)}: fewer than ${MIN_TELLING_DEVICES} devices can neither prove nor disprove anything short of a disaster`,
  ];
}

/** One sentence per limit that not even the worst version could be seen to break. */
function noteUnbreakable(stages: readonly ReviewedStage[]): readonly string[] {
  const unbreakable = stages.flatMap((each) =>
    each.limits
      .filter((limit) => limit.isCritical && limit.devicesToDisprove === null)
      .map((limit) => ({ ...each, limit })),
  );
  const names = [...new Set(unbreakable.map(({ limit }) => limit.label))];
  return names.flatMap((label) => {
    const same = unbreakable.filter(({ limit }) => limit.label === label);
    const largest = same.at(-1);
    if (largest === undefined) return [];
    const { devices, limit } = largest;
    const needed = limit.stageDevicesToDisprove;
    const would = needed === null ? '' : `; ${count(needed)} would`;
    return [
      `${plural(same)} ${namesOf(same)}: ${count(devices)} cannot disprove ${label}, even if all of them ${limit.failing}${would}`,
    ];
  });
}

/** One sentence for all stages that pass although nothing can be proven; the last stage bakes in any case. */
function noteUnproven(stages: readonly ReviewedStage[]): readonly string[] {
  const unproven = stages.flatMap((each) => {
    const limit = each.isLast || each.stage.passWhen === 'proven' ? null : hardest(each, true);
    return limit === null ? [] : [{ ...each, limit }];
  });
  const largest = unproven.at(-1);
  if (largest === undefined) return [];
  const { devices, limit, next, stage } = largest;
  const proof = `${count(devices)} cannot prove ${limit.label} safe for ${next} (${count(limit.devicesToProve)} would)`;
  const harm =
    limit.devicesToDisprove === null
      ? ''
      : `; ${formatCount(limit.devicesToDisprove)} or more ${limit.broken} prove harm`;
  return unproven.length === 1
    ? [`stage ${writePercent(stage.percentage)}: ${proof}, so it passes by time${harm}`]
    : [
        `stages ${namesOf(unproven)} have too few devices to be proven safe and pass by time; at ${writePercent(stage.percentage)}, ${proof}${harm}`,
      ];
}

function problemOf(each: ReviewedStage): readonly string[] {
  const limit = each.stage.passWhen === 'proven' ? hardest(each, false) : null;
  if (limit === null) return [];
  const needed = `${count(limit.devicesToProve)} would`;
  const remedy = each.stage.percentage < 100 ? 'Enlarge the stage, or write' : 'Write';
  return [
    `stage ${writePercent(each.stage.percentage)}: ${count(each.devices)} can never prove ${limit.label} safe for ${each.next}, which pass_when: proven asks for; ${needed}. ${remedy} pass_when: not_failed.`,
  ];
}

/** The limit that most devices would be needed for, of those that the stage's devices can never prove. */
function hardest({ limits, devices }: ReviewedStage, criticalOnly: boolean): LimitReview | null {
  return limits
    .filter((limit) => (limit.isCritical || !criticalOnly) && limit.devicesToProve > devices)
    .reduce<LimitReview | null>(
      (most, limit) => (most === null || limit.devicesToProve > most.devicesToProve ? limit : most),
      null,
    );
}

function plural(stages: readonly unknown[]): string {
  return stages.length === 1 ? 'stage' : 'stages';
}

function namesOf(stages: readonly ReviewedStage[]): string {
  return listed(stages.map(({ stage }) => writePercent(stage.percentage)));
}

function listed(items: readonly string[]): string {
  const shown =
    items.length <= MAX_LISTED
      ? items
      : [...items.slice(0, MAX_LISTED - 1), `${items.length - MAX_LISTED + 1} more`];
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}

function count(devices: number): string {
  return `${formatCount(devices)} ${devices === 1 ? 'device' : 'devices'}`;
}
