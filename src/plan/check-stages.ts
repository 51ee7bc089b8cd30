/** Checks what the stages of a plan mean together: one way of writing them, and an order. Pure. */
import type { Finding } from './findings.ts';
import { writePercent } from './percent.ts';
import { formatPosition, type Path, pathId } from './position.ts';
import type { PlanValues } from './schema.ts';
import type { StageValue } from './stage-schema.ts';
import type { Mark } from './yaml-tree.ts';

type Marks = ReadonlyMap<string, Mark>;

const STEP_KEYS = ['rollout_percentage', 'target_percentage', 'increment_step'] as const;

/** Returns what is wrong when stages are written in more than one way; each is told where the first stands. */
export function checkOneSource(marks: Marks): readonly Finding[] {
  const has = (key: string) => marks.has(pathId([key]));
  const steps = STEP_KEYS.filter(has);
  const given = [has('stages') ? ['stages'] : [], has('preset') ? ['preset'] : [], steps]
    .map((keys) => keys[0])
    .filter((key) => key !== undefined);
  const [first, ...others] = given;
  if (first === undefined) return [];
  const at = marks.get(pathId([first]));
  const place = at === undefined ? '' : ` (${formatPosition(at.key)})`;
  return others.map((key) => ({
    path: [key],
    atKey: true,
    got: `${key} beside ${first}${place}`,
    expected: 'one way to write the stages: stages, preset, or the three percentages',
    hint: `Leave ${key} or ${first} out.`,
  }));
}

/** Returns what is wrong with the vendor's three percentages. */
export function checkSteps(values: PlanValues): readonly Finding[] {
  const { rollout_percentage: from, target_percentage: to = 100, increment_step: step } = values;
  if (from === undefined) {
    if (step === undefined) return [];
    const expected = 'rollout_percentage, where the steps begin';
    return [
      { path: ['rollout_percentage'], expected, hint: `As in rollout_percentage: ${Math.min(step, to)}.` },
    ];
  }
  if (from <= to) return [];
  const expected = `at most the target of ${writePercent(to)}`;
  return [{ path: ['rollout_percentage'], expected }];
}

/** Returns what is wrong with a list of stages: their order, their names and their last one. */
export function checkStageList(stages: readonly StageValue[]): readonly Finding[] {
  return stages.flatMap((stage, index) => {
    const path: Path = ['stages', index];
    const isLast = index === stages.length - 1;
    return [
      ...checkPercentage(stages, index),
      ...checkName(stages, index),
      ...(isLast ? checkLast(stage, path) : []),
      ...checkDevices(stage, path),
    ];
  });
}

function checkPercentage(stages: readonly StageValue[], index: number): readonly Finding[] {
  const { percentage } = stages[index] ?? {};
  const path = percentagePath(stages, index);
  if (percentage === undefined)
    return [{ path: ['stages', index, 'percentage'], expected: 'a percentage with a % such as 5%' }];
  if (percentage === 0) {
    if (index > 0) return [{ path, expected: 'more than 0%; only the first stage can be a shadow stage' }];
    if (stages.length === 1) return [{ path, expected: 'a stage above 0% after the shadow stage' }];
  }
  const before = stages.slice(0, index).findLast((each) => each.percentage !== undefined)?.percentage;
  if (before === undefined || percentage > before) return [];
  const expected = `more than the ${writePercent(before)} of the stage before; stages increase strictly`;
  return [{ path, expected }];
}

/** A stage written as a bare percentage has no key of its own to point at. */
function percentagePath(stages: readonly StageValue[], index: number): Path {
  const isBare = Object.keys(stages[index] ?? {}).length === 1;
  return isBare ? ['stages', index] : ['stages', index, 'percentage'];
}

function checkName(stages: readonly StageValue[], index: number): readonly Finding[] {
  const { name } = stages[index] ?? {};
  const first = stages.findIndex((stage) => nameOf(stage) === name);
  const other =
    first === index
      ? stages.findIndex((stage, at) => at > index && stage.name === undefined && nameOf(stage) === name)
      : first;
  if (name === undefined || other === -1) return [];
  return [{ path: ['stages', index, 'name'], expected: `a name that is not the one of stages[${other}]` }];
}

function nameOf({ name, percentage }: StageValue): string | undefined {
  return name ?? (percentage === undefined ? undefined : writePercent(percentage));
}

function checkLast(stage: StageValue, path: Path): readonly Finding[] {
  if (stage.soak === undefined) return [];
  const expected = 'no soak in the last stage, which bakes';
  return [{ path: [...path, 'soak'], expected, hint: 'Write the time as bake, at the top of the plan.' }];
}

function checkDevices({ min_devices: least, max_devices: most }: StageValue, path: Path): readonly Finding[] {
  if (least === undefined || most === undefined || least <= most) return [];
  return [{ path: [...path, 'max_devices'], expected: `at least the stage's min_devices of ${least}` }];
}
