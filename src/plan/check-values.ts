/** Checks every single value of a plan and gives the sound ones. Pure. */
import type { z } from 'zod';
import type { Finding } from './findings.ts';
import { checkGateNames } from './gate-names.ts';
import { unknownKey } from './known-keys.ts';
import { type Path, pathId } from './position.ts';
import { quote } from './quote.ts';
import { type PlanValues, planMap } from './schema.ts';
import type { Tree, TreeMap } from './yaml-tree.ts';

/** The sound values of a plan, and what is wrong with the others. */
export interface CheckedValues {
  readonly values: PlanValues;
  readonly findings: readonly Finding[];
}

/**
 * Returns the values of a tree; those with findings are left out, so that the rest can be checked together
 * and all problems are reported at once.
 */
export function checkValues(root: TreeMap): CheckedValues {
  const names = checkGateNames(root);
  // A name that nobody knows is not checked further: its value may be in any form.
  const named = names.length === 0 ? root : prune(root, [], brokenOf(names));
  const result = planMap.safeParse(named);
  if (result.success) return { values: result.data, findings: names };
  const findings = [...names, ...result.error.issues.flatMap((issue) => findingsOf(issue, []))];
  const rest = planMap.safeParse(prune(root, [], brokenOf(findings)));
  return { values: rest.success ? rest.data : {}, findings };
}

type Issue = z.core.$ZodIssue;

function findingsOf(issue: Issue, above: Path): readonly Finding[] {
  const path = [...above, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const own = [...path, key];
      return { path: own, got: `the unknown key ${quote(key)}`, atKey: true, ...unknownKey(own) };
    });
  }
  if (issue.code === 'invalid_union') {
    // The form that was meant is the one whose complaint is not about the form itself.
    const meant = issue.errors.find((form) => !form.some((each) => isWrongForm(each)));
    if (meant !== undefined) return meant.flatMap((each) => findingsOf(each, path));
  }
  const hint = issue.code === 'custom' ? issue.params?.['hint'] : null;
  return [{ path, expected: issue.message, hint: typeof hint === 'string' ? hint : null }];
}

function isWrongForm(issue: Issue): boolean {
  return issue.path.length === 0 && issue.code === 'invalid_type';
}

/** Returns a tree without the values that have findings; stages stay in place, so that paths stay true. */
function prune(tree: Tree, path: Path, broken: Broken): Tree | undefined {
  const id = pathId(path);
  if (broken.at.has(id)) return undefined;
  if (!broken.below.has(id)) return tree;
  if (Array.isArray(tree)) {
    return tree.map((item: Tree, index) => prune(item, [...path, index], broken) ?? {});
  }
  if (typeof tree !== 'object' || tree === null) return tree;
  const kept = Object.entries(tree).flatMap(([key, value]) => {
    const pruned = prune(value, [...path, key], broken);
    return pruned === undefined ? [] : [[key, pruned] as const];
  });
  return Object.fromEntries(kept);
}

interface Broken {
  readonly at: ReadonlySet<string>;
  readonly below: ReadonlySet<string>;
}

function brokenOf(findings: readonly Finding[]): Broken {
  const paths = findings.map((finding) => finding.path);
  const above = paths.flatMap((path) => path.map((_, length) => pathId(path.slice(0, length))));
  return { at: new Set(paths.map(pathId)), below: new Set(above) };
}
