/** Which model and group a job is about, in the words of its author: known also where nothing else is. */
import { namedIn, type PlanNames } from '../plan/named-in.ts';
import { loadPlan } from './load-plan.ts';
import type { Shell } from './shell.ts';

/**
 * Returns what the inputs and the plan name, inputs first; null where neither does. Never throws.
 *
 * The API's own words would be missing where it was not reached, and could be others where it was.
 */
export function askedNames({ input, variable }: Pick<Shell, 'input' | 'variable'>): PlanNames {
  const plan = named(input('plan'), variable('GITHUB_WORKSPACE') || '.');
  return { model: input('model') || plan.model, group: input('group') || plan.group };
}

function named(text: string, workspace: string): PlanNames {
  try {
    return namedIn(loadPlan(text, workspace).source);
  } catch {
    return { model: null, group: null };
  }
}
