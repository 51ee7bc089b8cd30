/** Lays the workflow's inputs over a plan: each wins over the plan's key. Pure. */
import { INPUT_FILE, type Path, pathId } from './position.ts';
import { quote } from './quote.ts';
import type { Mark, TreeMap } from './yaml-tree.ts';

/** The inputs that have a key in the plan, as the raw text of the workflow; empty means not given. */
export interface PlanOverrides {
  readonly model?: string;
  readonly version?: string;
  readonly group?: string;
  readonly preset?: string;
  readonly rolloutPercentage?: string;
  readonly targetPercentage?: string;
  readonly incrementStep?: string;
  readonly toVersion?: string;
}

const INPUTS: readonly (readonly [keyof PlanOverrides, string, Path])[] = [
  ['model', 'model', ['model']],
  ['version', 'version', ['version']],
  ['group', 'group', ['group']],
  ['preset', 'preset', ['preset']],
  ['rolloutPercentage', 'rollout-percentage', ['rollout_percentage']],
  ['targetPercentage', 'target-percentage', ['target_percentage']],
  ['incrementStep', 'increment-step', ['increment_step']],
  ['toVersion', 'to-version', ['rollback', 'to']],
];

/** A tree with the marks of its values. */
export interface MarkedTree {
  readonly root: TreeMap;
  readonly marks: ReadonlyMap<string, Mark>;
}

/** Returns a tree in which the given inputs replace the plan's values; their marks point to the inputs. */
export function overlayInputs(tree: MarkedTree, overrides: PlanOverrides): MarkedTree {
  const marks = new Map(tree.marks);
  let root = tree.root;
  for (const [name, shown, path] of INPUTS) {
    const text = overrides[name];
    if (text === undefined || text === '') continue;
    const [key = '', inner] = path;
    const parent = root[key] ?? {};
    // A parent that is no map is a problem of its own, which the input must not hide.
    if (inner !== undefined && (typeof parent !== 'object' || Array.isArray(parent))) continue;
    root = { ...root, [key]: inner === undefined ? text : { ...(parent as TreeMap), [inner]: text } };
    const position = { file: INPUT_FILE, line: 1, column: 1 };
    marks.set(pathId(path), { key: position, value: position, got: quote(text), shown });
  }
  return { root, marks };
}
