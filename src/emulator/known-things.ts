/** Finds what a path and a body name, or refuses. */
import type { z } from 'zod';
import { Refusal } from './refusal.ts';
import type { RolloutRecord } from './rollout-record.ts';
import { jsonBody, param, type RouteContext } from './route.ts';
import { wireRolloutId } from './wire-rollout.ts';

/** Does nothing for the model of the emulator, by id or name. Errors: Refusal `not_found`. */
export function knownModel(context: RouteContext): void {
  const asked = param(context, 'model_id');
  const { modelId, model } = context.settings;
  if (asked !== modelId && asked !== model) throw new Refusal('not_found', `model "${asked}" does not exist`);
}

/** Returns the rollout of the path. Errors: Refusal `not_found`, for the model as well. */
export function knownRollout(context: RouteContext): RolloutRecord {
  knownModel(context);
  const asked = param(context, 'rollout_id');
  const { plane, settings } = context;
  const found = plane
    .listRollouts()
    .find(({ sequence }) => String(wireRolloutId(sequence, settings)) === asked);
  if (found === undefined) throw new Refusal('not_found', `rollout "${asked}" does not exist`);
  return found;
}

/** Returns the body as a schema has it. Errors: Refusal `bad_request` that names the first field. */
export function bodyAs<T>(schema: z.ZodType<T>, context: RouteContext): T {
  const result = schema.safeParse(jsonBody(context));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Refusal('bad_request', `${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'wrong'}`);
}
