/** Which model and group the text of a plan is about, also where nothing else in it can be used. Pure. */
import type { PlanSource } from './parse.ts';
import { readYamlTree, type Tree } from './yaml-tree.ts';

/** A model and a group in a plan's own words; null where it names none. */
export interface PlanNames {
  readonly model: string | null;
  readonly group: string | null;
}

/** Returns what a plan names, as far as its text tells. Never throws. */
export function namedIn(source: PlanSource): PlanNames {
  if (source === null) return { model: null, group: null };
  const tree = readYamlTree(source.text.replace(/^\u{feff}/u, ''), source.name);
  const read = (key: keyof PlanNames): string | null =>
    tree.ok ? textOf(tree.root[key]) : lineOf(source.text, key);
  return { model: read('model'), group: read('group') };
}

function textOf(value: Tree | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A plan that is no YAML still has the line that its author wrote. */
function lineOf(text: string, key: keyof PlanNames): string | null {
  const pattern = `^${key}:[ \\t]{1,20}(["']?)([^"'#\\r\\n]{1,200}?)\\1[ \\t]{0,20}(?:#.*)?\\r?$`;
  return new RegExp(pattern, 'm').exec(text)?.[2] ?? null;
}
