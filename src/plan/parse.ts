/** Turns the text of a plan and the workflow's inputs into a checked draft, or into everything that is wrong. Pure. */
import { checkGates, checkRollbackTarget, checkTimes, type LaidOut } from './check-draft.ts';
import { checkMeasured, checkSeries, warnOfVersions } from './check-metrics.ts';
import { checkOneSource, checkStageList, checkSteps } from './check-stages.ts';
import { checkValues } from './check-values.ts';
import { draftOf, type PlanDraft } from './draft.ts';
import { type Finding, locate, type Places, withoutConsequences } from './findings.ts';
import { isMeasured } from './gates.ts';
import { warnOfUnsplit } from './grouping.ts';
import { overlayInputs, type PlanOverrides } from './input-overrides.ts';
import type { PlanProblem } from './problem.ts';
import type { PlanValues } from './schema.ts';
import { fillStages, outlineStages } from './stage-outline.ts';
import { readYamlTree, type YamlTree } from './yaml-tree.ts';

/** The text of a plan. */
export interface PlanText {
  /** Shown in messages: the file's name, or `plan` for the inline input. */
  readonly name: string;
  readonly text: string;
}

/** Where a plan comes from; null when the workflow's inputs are all there is. */
export type PlanSource = PlanText | null;

/** A plan that is valid; warnings do not stop it. */
export interface ParsedPlan {
  readonly ok: true;
  readonly draft: PlanDraft;
  readonly warnings: readonly PlanProblem[];
}

/** A valid plan, or every problem of one that is not, in reading order. */
export type ParseResult = ParsedPlan | { readonly ok: false; readonly problems: readonly PlanProblem[] };

/**
 * Returns the draft of a plan whose keys the given inputs replace, or all of its problems.
 *
 * Never throws. Text is YAML 1.2 or JSON without anchors, tags and repeated keys; every key is known, every
 * value in its range, and the whole makes sense: stages increase to their target, every stage has a gate
 * that can stop it unless the author writes `gates: none`, and the deadline can be met.
 */
export function parsePlan(source: PlanSource, overrides: PlanOverrides): ParseResult {
  const tree = readTree(source);
  if (!tree.ok) return tree;
  const { root, marks } = overlayInputs(tree, overrides);
  const places: Places = { marks, file: source?.name ?? null };
  const { values, findings } = checkValues(root);
  const draft = draftOf(values);
  const outlines = outlineStages(draft);
  const laidOut: LaidOut = { draft, outlines, stages: fillStages(draft, outlines) };
  const together = [
    ...checkIdentity(values),
    ...checkSegments(values),
    ...checkSteps(values),
    ...checkStageList(values.stages ?? []),
    ...checkSeries(values.metrics),
    ...checkGates(laidOut),
    ...checkMeasured(laidOut),
    ...checkRollbackTarget(laidOut),
    // Times add up over the whole plan, so a value that is left out would make them wrong.
    ...(findings.length === 0 ? checkTimes(laidOut) : []),
  ];
  const all = [...findings, ...checkOneSource(marks), ...withoutConsequences(together, findings)];
  if (all.length > 0) return { ok: false, problems: locate(all, places) };
  return { ok: true, draft, warnings: locate(warningsOf(laidOut), places) };
}

function readTree(source: PlanSource): YamlTree {
  if (source === null) return { ok: true, root: {}, marks: new Map() };
  return readYamlTree(source.text.replace(/^\u{feff}/u, ''), source.name);
}

function checkIdentity(values: PlanValues): readonly Finding[] {
  return (['model', 'version'] as const)
    .filter((name) => values[name] === undefined)
    .map((name) => ({
      path: [name],
      got: 'nothing',
      expected: `the ${name}`,
      hint: `Give the ${name} input, or write ${name}: into the plan.`,
    }));
}

function checkSegments({ segments }: PlanValues): readonly Finding[] {
  if (segments === undefined || segments.by !== undefined) return [];
  const expected = 'a list of attributes such as [device_class, os, region]';
  return [{ path: ['segments', 'by'], expected }];
}

function warningsOf({ draft, outlines, stages }: LaidOut): readonly Finding[] {
  const unwatched = outlines.flatMap(({ gates }, index): readonly Finding[] => {
    if (gates !== 'none' || draft.gates === 'none') return [];
    const hint = 'Harm in this stage is not measured.';
    return [{ path: ['stages', index, 'gates'], expected: 'at least one critical gate', hint }];
  });
  const isWatched = stages.some((stage) => stage.gates.some(isMeasured));
  const warnings = [...unwatched, ...warnOfVersions(draft.metrics), ...warnOfUnsplit(draft)];
  if (!draft.unwatchedAccepted || !isWatched) return warnings;
  return [
    ...warnings,
    { path: ['unwatched'], expected: 'it only beside gates: none', hint: 'It changes nothing here.' },
  ];
}
