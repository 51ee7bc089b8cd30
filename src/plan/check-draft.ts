/** Checks what a whole plan means: its gates, its times and the version it returns to. Pure. */
import type { Stage } from '../core/plan.ts';
import type { PlanDraft } from './draft.ts';
import { writeDuration } from './duration.ts';
import type { Finding } from './findings.ts';
import { type GateSources, gatesWithoutLimit, isMeasured, marginsWithoutBaseline } from './gates.ts';
import type { Path } from './position.ts';
import { showInline } from './quote.ts';
import type { StageValue } from './stage-schema.ts';

/** A draft with its stages as written and as filled in. */
export interface LaidOut {
  readonly draft: PlanDraft;
  readonly outlines: readonly StageValue[];
  readonly stages: readonly Stage[];
}

/** Returns what is wrong with the gates: missing limits, stages that nothing can stop, and shadow stages. */
export function checkGates({ draft, outlines, stages }: LaidOut): readonly Finding[] {
  const ofPlan = checkLimits({ plan: draft.gates, stage: undefined }, ['gates']);
  const ofStages = outlines.flatMap((outline, index) => {
    const stage = stages[index];
    if (stage === undefined) return [];
    const path: Path = draft.source.kind === 'stages' ? ['stages', index] : [];
    const checked: CheckedStage = { outline, stage, path };
    return [
      ...gatesOwnedWithoutLimit(draft, outline, path),
      ...(index === 0 ? checkShadow(outline, stage, path) : []),
      ...checkCritical(draft, checked),
      ...checkProvable(draft, checked),
    ];
  });
  return dedupe([...ofPlan, ...ofStages]);
}

/** One stage as written and as filled in, and where it stands; an empty path for a stage that nobody wrote. */
interface CheckedStage {
  readonly outline: StageValue;
  readonly stage: Stage;
  readonly path: Path;
}

function gatesOwnedWithoutLimit(draft: PlanDraft, outline: StageValue, path: Path): readonly Finding[] {
  const { gates } = outline;
  if (gates === undefined || gates === 'none') return [];
  const inPlan = gatesWithoutLimit({ plan: draft.gates, stage: undefined });
  return checkLimits({ plan: draft.gates, stage: gates }, [...path, 'gates']).filter(
    ({ path: at }) => !inPlan.includes(String(at.at(-1))),
  );
}

function checkLimits(sources: GateSources, path: Path): readonly Finding[] {
  const margins = marginsWithoutBaseline(sources);
  return [
    ...margins.map((name) => ({
      path: [...path, name, 'margin'],
      expected: 'a margin only beside baseline: current',
      hint: 'Add baseline: current to the gate, or leave the margin out.',
    })),
    ...gatesWithoutLimit(sources)
      .filter((name) => !margins.includes(name))
      .map((name) => withoutLimit([...path, name])),
  ];
}

function withoutLimit(path: Path): Finding {
  const name = String(path.at(-1));
  const got = 'a map without a limit';
  if (name === 'quality') return { path, got, expected: 'a limit such as min: 90%' };
  if (!name.startsWith('latency_')) return { path, got, expected: 'a limit such as max: 2%' };
  return { path, got, expected: 'a limit such as max: 400ms, or baseline: current' };
}

function checkCritical(draft: PlanDraft, { outline, stage, path }: CheckedStage): readonly Finding[] {
  // A stage at 0% serves nobody; its order and its own gates are checked elsewhere.
  if (stage.percentage === 0 || draft.gates === 'none' || outline.gates === 'none') return [];
  if (stage.gates.some((gate) => gate.severity === 'critical')) return [];
  const where = outline.gates === undefined ? ['gates'] : [...path, 'gates'];
  const hint = 'Write gates: none when only time, status and adoption shall decide.';
  return [
    {
      path: where,
      atKey: true,
      got: 'no critical gate',
      expected: 'at least one with severity critical',
      hint,
    },
  ];
}

/** Where nothing is measured nothing is ever proven, and the stage would wait for it until its deadline. */
function checkProvable(draft: PlanDraft, { outline, stage, path }: CheckedStage): readonly Finding[] {
  if (stage.passWhen !== 'proven' || stage.percentage === 0) return [];
  // Elsewhere a stage without a critical gate is refused already.
  if (draft.gates !== 'none' && outline.gates !== 'none') return [];
  if (stage.gates.some((gate) => isMeasured(gate) && gate.severity !== 'warn')) return [];
  return [
    {
      path: outline.pass_when === undefined ? ['pass_when'] : [...path, 'pass_when'],
      got: `proven for stage ${showInline(stage.name)}, where no gate decides`,
      expected: 'a gate that can be proven',
      hint: 'Write pass_when: not_failed there, or give the stage a gate.',
    },
  ];
}

function checkShadow(outline: StageValue, stage: Stage, path: Path): readonly Finding[] {
  if (stage.percentage !== 0) return [];
  const own = outline.gates === 'none' ? undefined : outline.gates;
  const findings = (['adoption', 'assignment'] as const)
    .filter((name) => own?.[name] !== undefined && own[name] !== 'none')
    .map((name) => ({
      path: [...path, 'gates', name],
      expected: `no ${name} gate in a shadow stage, which reaches no device`,
    }));
  if (stage.gates.length > 0) return findings;
  const where = path.length === 0 ? ['preset'] : path;
  const hint = 'As in gates: { error_rate: { shadow: true } }.';
  return [
    ...findings,
    { path: where, got: 'a shadow stage without a gate', expected: 'a gate with shadow: true', hint },
  ];
}

/** Returns what is wrong with the times: a deadline that cannot be met, a warm-up that never ends in time. */
export function checkTimes({ draft, outlines, stages }: LaidOut): readonly Finding[] {
  const findings = stages.flatMap((stage, index): Finding[] => {
    if (stage.warmupMs <= stage.soakMs + stage.maxWaitMs) return [];
    const path = outlines[index]?.warmup === undefined ? ['warmup'] : ['stages', index, 'warmup'];
    const most = writeDuration(stage.soakMs + stage.maxWaitMs);
    const got = `a warm-up of ${writeDuration(stage.warmupMs)}`;
    return [{ path, got, expected: `at most the ${most} of soak and max_wait in stage ${stage.name}` }];
  });
  const leastMs = stages.reduce((sum, stage) => sum + Math.max(stage.soakMs, stage.warmupMs), 0);
  if (draft.deadlineMs === null || draft.deadlineMs >= leastMs) return dedupe(findings);
  const expected = `at least ${writeDuration(leastMs)}, which the soaks and the bake take`;
  return dedupe([...findings, { path: ['deadline'], expected }]);
}

/** Returns what is wrong with the version to return to. */
export function checkRollbackTarget({ draft }: LaidOut): readonly Finding[] {
  if (draft.rollback.to === null || draft.rollback.to !== draft.version) return [];
  return [{ path: ['rollback', 'to'], expected: 'another version than the one that is rolled out' }];
}

/** Several stages can have the same cause at the top of the plan; it is reported once. */
function dedupe(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const id = JSON.stringify(finding.path);
    return !seen.has(id) && seen.add(id) !== undefined;
  });
}
