/** Digests that show whether a report is as it was written. Pure. */
import { createHash } from 'node:crypto';
import { encodeExact, type Json } from './exact-json.ts';
import type { LookRecord } from './run-record.ts';

/** What a look was decided on, in the form that the report carries. */
export interface LookGround {
  /** From `groundDigest`. */
  readonly ground: string;
  readonly inputs: Json;
  readonly events: readonly Json[];
}

/** Returns the digest of a plan and a policy, both exact: 64 hex digits. Never throws. */
export function groundDigest(plan: Json, policy: Json): string {
  return sha256([plan, policy]);
}

/**
 * Returns the digest of one look: of everything it was decided on, and of the decision to the last bit.
 *
 * 64 hex digits. Never throws. It is no signature: it finds what was changed by accident or in passing.
 */
export function lookDigest(look: LookRecord, { ground, inputs, events }: LookGround): string {
  const { number, command, reason, verdicts, odds, detail } = look;
  return sha256([ground, number, inputs, encodeExact({ command, reason, verdicts, odds, detail }), events]);
}

/** Returns the digest of a report without its own: 64 hex digits. Never throws. */
export function reportDigest(report: unknown): string {
  return sha256(report);
}

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
