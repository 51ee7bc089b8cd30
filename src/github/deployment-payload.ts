/** What a deployment's payload says of a rollout: which one it is, and where it goes back to. Pure. */
import { z } from 'zod';

const NAME = z.string().min(1).max(200);

const PAYLOAD = z.object({
  schema: z.literal(1),
  model_id: NAME,
  version: NAME,
  group_id: NAME.nullable(),
  rollout_id: NAME,
  plan: NAME,
  previous_version: NAME.nullable(),
});

/** The payload that a deployment of ours is created with; GitHub keeps it as it is for good. */
export type DeploymentPayload = Readonly<z.infer<typeof PAYLOAD>>;

/** What makes a rollout the same one for every run. */
export type RolloutNames = Pick<DeploymentPayload, 'model_id' | 'version' | 'group_id' | 'rollout_id'>;

/**
 * Returns a payload of ours, or null for anything else. Never throws.
 *
 * GitHub gives a payload back as an object or as JSON text, as it was sent. Invariant: INV-12, only names are
 * read from it, never a host, a path or a percentage.
 */
export function readPayload(payload: unknown): DeploymentPayload | null {
  const parsed = PAYLOAD.safeParse(typeof payload === 'string' ? parse(payload) : payload);
  return parsed.success ? parsed.data : null;
}

/** Returns whether a payload is about the rollout of these names. */
export function isAbout(payload: DeploymentPayload, names: RolloutNames): boolean {
  return (
    payload.rollout_id === names.rollout_id &&
    payload.model_id === names.model_id &&
    payload.version === names.version &&
    payload.group_id === names.group_id
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
