/** Deployments and their statuses as GitHub keeps them, with the limits of their fields. */

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** A deployment as it is stored. */
export interface StoredDeployment {
  readonly id: number;
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly description: string;
  readonly payload: unknown;
  readonly created_at: string;
  readonly creator: Creator;
  readonly statuses: StoredStatus[];
}

/** A status as it is stored. */
export interface StoredStatus {
  readonly id: number;
  readonly state: string;
  readonly description: string;
  readonly log_url: string;
  readonly environment_url: string;
  readonly created_at: string;
  readonly creator: Creator;
}

/** Who wrote a record. */
export interface Creator {
  readonly login: string;
  readonly type: 'Bot' | 'User';
}

/** Whom the token of a workflow writes as. */
export const WORKFLOW: Creator = { login: 'github-actions[bot]', type: 'Bot' };

/** An answer that is no success. */
export class Refused extends Error {
  readonly status: number;
  readonly errors: readonly Json[];

  /** Creates the answer of a status, with GitHub's text. */
  constructor(status: number, message: string, errors: readonly Json[] = []) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

const ALLOWED = {
  deployment: [
    'ref',
    'task',
    'auto_merge',
    'required_contexts',
    'payload',
    'environment',
    'description',
    'transient_environment',
    'production_environment',
  ],
  status: [
    'state',
    'target_url',
    'log_url',
    'description',
    'environment',
    'environment_url',
    'auto_inactive',
  ],
  states: ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success'],
};
const MAX_DESCRIPTION_CHARS = 140;
// What the product promises; GitHub's reference says `format: uri` and no length.
const MAX_ADDRESS_CHARS = 1_024;
const MAX_PAYLOAD_BYTES = 65_535;

/** What GitHub itself gives a record. */
export interface Stamp {
  readonly id: number;
  readonly created_at: string;
}

/** Returns the deployment that a body asks for, or throws what GitHub answers instead. */
export function newDeployment(body: Json, stamp: Stamp): StoredDeployment {
  refuseUnknown(body, ALLOWED.deployment);
  const { ref, task = 'deploy', environment = 'production', description = '', payload = '' } = body;
  if (typeof ref !== 'string' || ref === '') throw new Refused(422, 'No ref found for: ');
  if (body['auto_merge'] !== false) throw new Refused(409, 'Conflict merging main into the ref.');
  const contexts = body['required_contexts'];
  if (!Array.isArray(contexts) || contexts.length > 0) {
    throw new Refused(409, 'Conflict: Commit status checks failed for the ref.');
  }
  refuseLong(body, 'description');
  if (Buffer.byteLength(JSON.stringify(payload)) > MAX_PAYLOAD_BYTES) {
    throw new Refused(422, 'Validation Failed', [{ field: 'payload', message: 'is too long' }]);
  }
  const place = { ref, task: String(task), environment: String(environment) };
  return { ...stamp, ...place, description: String(description), payload, creator: WORKFLOW, statuses: [] };
}

/** Returns the status that a body asks for, or throws what GitHub answers instead. */
export function newStatus(body: Json, stamp: Stamp): StoredStatus {
  refuseUnknown(body, ALLOWED.status);
  const { state, description = '', log_url = '', environment_url = '' } = body;
  if (!ALLOWED.states.includes(String(state))) throw new Refused(422, 'Validation Failed');
  refuseLong(body, 'description');
  for (const field of ['log_url', 'environment_url']) refuseAddress(body, field);
  return {
    ...stamp,
    state: String(state),
    description: String(description),
    log_url: String(log_url),
    environment_url: String(environment_url),
    creator: WORKFLOW,
  };
}

function refuseUnknown(body: Json, allowed: readonly string[]): void {
  const unknown = Object.keys(body).filter((key) => !allowed.includes(key));
  if (unknown.length > 0) throw new Refused(422, `Invalid request. Unknown: ${unknown.join(', ')}`);
}

function refuseAddress(body: Json, field: string): void {
  const text = body[field] ?? '';
  if (text === '') return;
  const isShort = typeof text === 'string' && text.length <= MAX_ADDRESS_CHARS;
  const isUri = isShort && /^https?:\/\/[\x21-\x7e]+$/.test(text) && URL.canParse(text);
  if (isUri) return;
  const message = `${field} must use http(s) scheme`;
  throw new Refused(422, 'Validation Failed', [{ field, code: 'custom', message }]);
}

function refuseLong(body: Json, field: string): void {
  if (String(body[field] ?? '').length <= MAX_DESCRIPTION_CHARS) return;
  const message = `${field} is too long (maximum is 140 characters)`;
  throw new Refused(422, 'Validation Failed', [{ field, code: 'custom', message }]);
}
