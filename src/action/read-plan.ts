/** Finds the plan that the workflow means and validates it. */

import { type ParsedPlan, parsePlan } from '../plan/parse.ts';
import { formatProblem, formatProblems } from '../plan/problem.ts';
import { toError } from '../runtime/to-error.ts';
import type { ActionInputs } from './inputs.ts';
import { type LoadedPlan, loadPlan } from './load-plan.ts';
import { Refusal } from './refusal.ts';

/** A valid draft, and what its author should know about it. */
export interface WorkflowPlan {
  readonly draft: ParsedPlan['draft'];
  readonly warnings: readonly string[];
}

/**
 * Returns the validated draft of the plan: the `plan` input, the file it names, or `.github/rollout.yml`.
 *
 * Errors: throws a `Refusal` with outcome `invalid_plan` that names every problem with its position.
 */
export function readPlan(inputs: ActionInputs, workspace: string): WorkflowPlan {
  const { source } = load(inputs, workspace);
  const result = parsePlan(source, inputs.overrides);
  if (!result.ok) throw invalid(formatProblems(result.problems).join('\n'));
  return { draft: result.draft, warnings: result.warnings.map((warning) => formatProblem(warning)) };
}

function load(inputs: ActionInputs, workspace: string): LoadedPlan {
  try {
    return loadPlan(inputs.plan, workspace);
  } catch (thrown) {
    throw invalid(toError(thrown).message);
  }
}

function invalid(detail: string): Refusal {
  return new Refusal({ outcome: 'invalid_plan', reason: 'invalid_plan', detail });
}
