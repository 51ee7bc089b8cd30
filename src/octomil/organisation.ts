/** What is worth knowing of the organisation before a rollout; every answer may be "not told". */
import type { RunningExperiment } from '../core/experiments.ts';
import { NOTHING_TOLD, type OrgPolicy } from '../core/org-policy.ts';
import { type OrgId, orgQuery } from './catalogue.ts';
import type { Connection } from './connection.ts';
import { ApiError } from './errors.ts';
import { devicePageSchema, experimentPageSchema } from './wire-catalogue.ts';
import { parseAnswer } from './wire-parse.ts';
import { settingsSchema } from './wire-settings.ts';

const RUNNING_WORDS = new Set(['running', 'active']);

/** Resolves with the number of devices of the organisation, or null where the API does not tell. */
export async function countFleet(connection: Connection, orgId: OrgId): Promise<number | null> {
  return orNotTold(async () => {
    const answer = await connection.call({
      method: 'GET',
      route: '/devices',
      query: { ...orgQuery(orgId), limit: '1' },
    });
    return parseAnswer(devicePageSchema, answer).total;
  });
}

/** Resolves with the organisation's rules for rollouts; nothing is told without an `orgId`, which is part of the path. */
export async function readSettings(connection: Connection, orgId: OrgId): Promise<OrgPolicy> {
  if (orgId === null) return NOTHING_TOLD;
  const settings = await orNotTold(async () =>
    parseAnswer(
      settingsSchema,
      await connection.call({ method: 'GET', route: '/settings/{org_id}', params: { org_id: orgId } }),
    ),
  );
  return settings ?? NOTHING_TOLD;
}

/**
 * Resolves with the experiments that take traffic of a model before its rollouts do, or null where the API
 * does not tell. The status is compared here, because two sources use two words for it.
 */
export async function runningExperiments(
  connection: Connection,
  orgId: OrgId,
  modelId: string,
): Promise<readonly RunningExperiment[] | null> {
  const page = await orNotTold(async () => {
    const answer = await connection.call({
      method: 'GET',
      route: '/experiments',
      query: { ...orgQuery(orgId), model_id: modelId },
      // Not repeated, so that it never keeps a look waiting: the next one asks again.
      kind: 'once',
    });
    return parseAnswer(experimentPageSchema, answer);
  });
  if (page === null) return null;
  const running = page.items.filter(
    (one) => RUNNING_WORDS.has(one.status.toLowerCase()) && (one.modelId === null || one.modelId === modelId),
  );
  return running.map(({ id, name, share }) => ({ id, name, share }));
}

// These routes are extras: a key without their scope, or an API without the route, is not an error.
async function orNotTold<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiError && [400, 402, 403, 404, 405, 410, 422, 501].includes(error.status ?? 0))
      return null;
    throw error;
  }
}
