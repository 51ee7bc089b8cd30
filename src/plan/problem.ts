/** What is wrong with a plan, for the person who wrote it. Pure. */
import { formatPosition, INPUT_FILE, type Position } from './position.ts';

/** One thing to correct. `got` and `expected` are shown as they are; untrusted text in them is escaped. */
export interface PlanProblem extends Position {
  /** As in `stages[1].soak`; the input's kebab name for `file: input`; empty for the whole file. */
  readonly path: string;
  readonly got: string;
  readonly expected: string;
  /** One sentence with one thing to do, where there is one. */
  readonly hint: string | null;
}

const MAX_LISTED = 50;

/**
 * Returns one line such as
 * `rollout.yml:4:12 stages[1].soak: got "5", expected a duration with a unit such as 90s, 15m, 6h or 7d. Did you mean 5m or 5s?`
 */
export function formatProblem(problem: PlanProblem): string {
  const place = [formatPosition(problem), problem.path].filter((part) => part !== '').join(' ');
  const hint = problem.hint === null ? '' : ` ${problem.hint}`;
  return `${place}: got ${problem.got}, expected ${problem.expected}.${hint}`;
}

/** Returns one line per problem, at most 50, then how many more there are. */
export function formatProblems(problems: readonly PlanProblem[]): readonly string[] {
  const lines = problems.slice(0, MAX_LISTED).map(formatProblem);
  const more = problems.length - lines.length;
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}

/** Returns the problems in reading order: the plan from top to bottom, then the inputs. */
export function inReadingOrder(problems: readonly PlanProblem[]): readonly PlanProblem[] {
  const isInput = (problem: PlanProblem) => (problem.file === INPUT_FILE ? 1 : 0);
  return problems.toSorted(
    (a, b) => isInput(a) - isInput(b) || a.line - b.line || a.column - b.column || compare(a.path, b.path),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
