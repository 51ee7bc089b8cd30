/** Says why a rollback was not accepted: what was tried, and what still serves. Pure. */
import type { RollbackRequest } from '../core/ports.ts';
import { OctomilError } from './errors.ts';

/** What a rollback has tried so far. */
export interface Trail {
  /** One sentence for each step that did not work, in order. */
  readonly tried: string[];
  lastError: OctomilError | null;
  /** What is known to serve now; null where it could not be read. */
  serves: string | null;
}

/** Returns the error of a rollback that no route accepted; its cause is the last step's error. */
export function refusedRollback(request: RollbackRequest, trail: Trail): OctomilError {
  const scope = request.group === null ? '' : ` for the group ${request.group.name}`;
  const serves = trail.serves ?? `${request.fromVersion} may still serve`;
  const headline = `the rollback from ${request.fromVersion} to ${request.toVersion}${scope} was not accepted; ${serves}`;
  return new OctomilError(`${headline}. Tried: ${trail.tried.join('; ')}.`, {
    headline,
    reasonCode: 'rollback_refused',
    status: trail.lastError?.status ?? null,
    requestId: trail.lastError?.requestId ?? null,
    cause: trail.lastError ?? undefined,
  });
}
