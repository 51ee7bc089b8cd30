/** Finds the plan that the workflow means and validates it. */

import { loadPlan } from '../plan/load.ts';
import type { ParsedPlan } from '../plan/parse.ts';
import { formatProblem, parsePlan } from '../plan/parse.ts';
import { toError } from '../runtime/to-error.ts';
import type { ActionInputs } from './inputs.ts';
import { Refusal } from './refusal.ts';

/**
 * Returns the validated draft of the plan: the `plan` input, the file it names, or `.github/rollout.yml`.
 *
 * Errors: throws a `Refusal` with outcome `invalid_plan` that names every problem with its position.
 */
export async function readPlan(inputs: ActionInputs, workspace: string): Promise<ParsedPlan> {
  const source = await loadPlan(inputs.plan, workspace).catch((thrown: unknown) => {
    throw new Refusal({ outcome: 'invalid_plan', reason: 'invalid_plan', detail: toError(thrown).message });
  });
  const result = parsePlan(source, inputs.overrides);
  if (result.ok) return result.value;
  const detail = result.problems.map((problem) => formatProblem(problem)).join('\n');
  throw new Refusal({ outcome: 'invalid_plan', reason: 'invalid_plan', detail });
}
