/** Which names of gates exist in one plan: those of the catalogue, and those that its series make. Pure. */
import { canNameGate } from './custom-gate-schema.ts';
import type { Finding } from './findings.ts';
import { gatesMap } from './gate-schema.ts';
import { unknownGate } from './known-keys.ts';
import type { Path } from './position.ts';
import { quote } from './quote.ts';
import type { Tree, TreeMap } from './yaml-tree.ts';

const CATALOGUE: readonly string[] = Object.keys(gatesMap.shape);

/** Gates on what the control plane counts itself. */
const COUNTED: readonly string[] = ['adoption', 'assignment'];

/** Returns whether a name is one of the catalogue. */
export function isCatalogueGate(name: string): boolean {
  return CATALOGUE.includes(name);
}

/** Returns a finding for each gate of a plan and its stages that is neither known nor measured by a series. */
export function checkGateNames(root: TreeMap): readonly Finding[] {
  const measured = mapAt(root['metrics']);
  const names = measured === null ? [] : Object.keys(measured);
  const ofStages = Array.isArray(root['stages'])
    ? root['stages'].flatMap((stage: Tree, index) =>
        unknownGates(mapAt(stage)?.['gates'], ['stages', index, 'gates'], names),
      )
    : [];
  return [...unknownGates(root['gates'], ['gates'], names), ...ofStages, ...unusableNames(names)];
}

function unknownGates(gates: Tree | undefined, path: Path, names: readonly string[]): readonly Finding[] {
  const map = mapAt(gates);
  if (map === null) return [];
  return Object.keys(map)
    .filter((name) => !isCatalogueGate(name) && !(names.includes(name) && canNameGate(name)))
    .map((name) => ({
      path: [...path, name],
      got: `the unknown key ${quote(name)}`,
      atKey: true,
      ...unknownGate(name, names.filter(canNameGate)),
    }));
}

function unusableNames(names: readonly string[]): readonly Finding[] {
  return names.flatMap((name): readonly Finding[] => {
    const path = ['metrics', name];
    if (COUNTED.includes(name)) {
      return [
        {
          path,
          atKey: true,
          got: `the key ${name}`,
          expected: 'no series: the API counts its devices itself',
        },
      ];
    }
    if (isCatalogueGate(name) || canNameGate(name)) return [];
    const expected =
      'the name of a gate: a small letter, then small letters, digits and underscores, up to 41';
    return [{ path, atKey: true, got: `the key ${quote(name)}`, expected }];
  });
}

function mapAt(tree: Tree | undefined): TreeMap | null {
  const isMap = typeof tree === 'object' && tree !== null && !Array.isArray(tree);
  return isMap ? (tree as TreeMap) : null;
}
