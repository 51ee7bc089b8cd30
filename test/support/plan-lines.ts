/** Reads plans in tests: their problems as the lines that a person sees, or the plan they expand to. */
import type { Plan } from '../../src/core/plan.ts';
import { expandPlan } from '../../src/plan/expand.ts';
import type { PlanOverrides } from '../../src/plan/input-overrides.ts';
import { parsePlan } from '../../src/plan/parse.ts';
import { formatProblem } from '../../src/plan/problem.ts';

/** Returns one line per problem of a plan in `rollout.yml`; empty for a valid plan. */
export function problemLines(text: string, overrides: PlanOverrides = {}): readonly string[] {
  const result = parsePlan({ name: 'rollout.yml', text }, overrides);
  return result.ok ? [] : result.problems.map(formatProblem);
}

/** Returns one line per problem of a plan whose first two lines are its model and its version 2.0.0. */
export function problemsBelow(text: string): readonly string[] {
  return problemLines(`model: radiology-v1\nversion: 2.0.0\n${text}`);
}

/** Returns the plan that a text expands to, for a fleet of unknown size unless one is given. */
export function expandText(text: string, devices: number | null = null): Plan {
  return expandWithNotes(text, devices).plan;
}

/** Returns the plan that a text expands to, with its notes. Throws on an invalid plan. */
export function expandWithNotes(text: string, devices: number | null): ReturnType<typeof expandPlan> {
  const result = parsePlan({ name: 'rollout.yml', text }, { model: 'radiology-v1', version: '2.0.0' });
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  return expandPlan(result.draft, { devices });
}
