/** Collects what is wrong with a plan, by path, and finds the lines. Pure. */
import { contains, formatPath, INPUT_FILE, type Path, pathId } from './position.ts';
import { inReadingOrder, type PlanProblem } from './problem.ts';
import type { Mark } from './yaml-tree.ts';

/** What is wrong at a path. */
export interface Finding {
  readonly path: Path;
  /** Left out: the value as it stands in the plan. */
  readonly got?: string;
  readonly expected: string;
  readonly hint?: string | null;
  /** Point at the key instead of its value. */
  readonly atKey?: boolean;
}

/** Where the values of a plan stand, in a file and in the workflow's inputs. */
export interface Places {
  readonly marks: ReadonlyMap<string, Mark>;
  /** Null when there is no plan text. */
  readonly file: string | null;
}

/** Returns findings as problems with positions, in reading order. What is missing is placed where it belongs. */
export function locate(findings: readonly Finding[], places: Places): readonly PlanProblem[] {
  return inReadingOrder(findings.map((finding) => locateOne(finding, places)));
}

/** Returns the findings that say something new beside earlier ones: nothing at, above or below their paths. */
export function withoutConsequences(
  findings: readonly Finding[],
  earlier: readonly Finding[],
): readonly Finding[] {
  return findings.filter(
    ({ path }) => !earlier.some((each) => contains(each.path, path) || contains(path, each.path)),
  );
}

function locateOne(finding: Finding, { marks, file }: Places): PlanProblem {
  const { path } = finding;
  const mark = marks.get(pathId(path));
  const nearest = mark ?? nearestAbove(path, marks);
  const start = { file: file ?? INPUT_FILE, line: 1, column: 1 };
  const position = (finding.atKey === true ? nearest?.key : nearest?.value) ?? start;
  const shown = mark?.shown ?? formatPath(path);
  return {
    ...position,
    path: shown,
    got: finding.got ?? mark?.got ?? 'nothing',
    expected: finding.expected,
    hint: finding.hint ?? null,
  };
}

function nearestAbove(path: Path, marks: Places['marks']): Mark | undefined {
  for (let length = path.length - 1; length > 0; length -= 1) {
    const mark = marks.get(pathId(path.slice(0, length)));
    if (mark !== undefined) return mark;
  }
  return undefined;
}
