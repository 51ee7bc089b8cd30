/** Which model an operator's verb is about. */
import type { ActionInputs } from './inputs.ts';
import { readPlan } from './read-plan.ts';
import { Refusal } from './refusal.ts';

/** Returns the `model` input, or else the plan's model; throws a `Refusal` when there is neither. */
export function modelName(inputs: ActionInputs, workspace: string): string {
  if (inputs.overrides.model !== undefined) return inputs.overrides.model;
  try {
    return readPlan(inputs, workspace).draft.model;
  } catch {
    throw new Refusal({
      outcome: 'invalid_input',
      reason: 'invalid_input',
      detail: 'input model: got nothing, expected the name or id of a model (or a valid plan that names it)',
    });
  }
}
