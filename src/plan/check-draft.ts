/** Checks what a whole plan means: its gates, its times and the version it returns to. Pure. */
import type { Stage } from '../core/plan.ts';
import type { PlanDraft } from './draft.ts';
import { writeDuration } from './duration.ts';
import type { Finding } from './findings.ts';
import { gatesWithoutLimit } from './gates.ts';
import type { Path } from './position.ts';
import type { StageValue } from './stage-schema.ts';

/** A draft with its stages as written and as filled in. */
export interface LaidOut {
  readonly draft: PlanDraft;
  readonly outlines: readonly StageValue[];
  readonly stages: readonly Stage[];
}

/** Returns what is wrong with the gates: missing limits, stages that nothing can stop, and shadow stages. */
export function checkGates({ draft, outlines, stages }: LaidOut): readonly Finding[] {
  const ofPlan = gatesWithoutLimit({ plan: draft.gates, stage: undefined }).map((name) =>
    withoutLimit(['gates', name]),
  );
  const ofStages = outlines.flatMap((outline, index) => {
    const stage = stages[index];
    if (stage === undefined) return [];
    const path: Path = draft.source.kind === 'stages' ? ['stages', index] : [];
    return [
      ...gatesOwnedWithoutLimit(draft, outline, path),
      ...(index === 0 ? checkShadow(outline, stage, path) : []),
      ...checkCritical(draft, { outline, stage, path }),
    ];
  });
  return dedupe([...ofPlan, ...ofStages]);
}

function gatesOwnedWithoutLimit(draft: PlanDraft, outline: StageValue, path: Path): readonly Finding[] {
  const { gates } = outline;
  if (gates === undefined || gates === 'none') return [];
  const inPlan = gatesWithoutLimit({ plan: draft.gates, stage: undefined });
  return gatesWithoutLimit({ plan: draft.gates, stage: gates })
    .filter((name) => !inPlan.includes(name))
    .map((name) => withoutLimit([...path, 'gates', name]));
}

function withoutLimit(path: Path): Finding {
  const example = String(path.at(-1)).startsWith('latency_') ? '400ms' : '2%';
  return { path, got: 'a map without a limit', expected: `a limit such as max: ${example}` };
}

function checkCritical(
  draft: PlanDraft,
  { outline, stage, path }: { readonly outline: StageValue; readonly stage: Stage; readonly path: Path },
): readonly Finding[] {
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

function checkShadow(outline: StageValue, stage: Stage, path: Path): readonly Finding[] {
  if (stage.percentage !== 0) return [];
  const own = outline.gates;
  const adoption =
    own !== undefined && own !== 'none' && own.adoption !== undefined && own.adoption !== 'none';
  const findings: Finding[] = adoption
    ? [
        {
          path: [...path, 'gates', 'adoption'],
          expected: 'no adoption gate in a shadow stage, which reaches no device',
        },
      ]
    : [];
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
