/** What an operator's verb works on and what comes of it. Types, and the sentences that all verbs share. */
import { formatCount, formatPercent } from '../core/format.ts';
import type { DeviceGroup, Logger, Model, RolloutApi } from '../core/ports.ts';
import type { ReasonCode } from '../core/reason-codes.ts';
import type { DeviceCount, Outcome, RemoteRollout } from '../core/rollout.ts';
import type { Percent } from '../core/units.ts';
import type { NextStep } from '../report/run-record.ts';
import { Refusal } from './refusal.ts';
import type { RunIdentity } from './rollout-context.ts';

/** One rollout that a person wants changed, and the means to do it. */
export interface OperatorOrder {
  readonly model: Model;
  readonly group: DeviceGroup | null;
  readonly api: RolloutApi;
  /** As the API showed it a moment ago. */
  readonly rollout: RemoteRollout;
  /** Another version's rollout that is in force on the same devices, or was completed since; null for none. */
  readonly rival: RemoteRollout | null;
  /** The person's own words; one line. */
  readonly reason: string;
  readonly run: RunIdentity;
  /** True when the workflow says `force: retry`. */
  readonly retry: boolean;
  /** Only for `set`; absolute. */
  readonly percentage: Percent | null;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** What came of an order. */
export interface OperatorResult {
  readonly outcome: Extract<Outcome, 'done' | 'error'>;
  readonly reason: ReasonCode;
  /** The deciding fact without the devices, as a clause. */
  readonly detail: string;
  /** The rollout as the API shows it now. */
  readonly rollout: RemoteRollout;
  readonly notes: readonly string[];
  readonly next: readonly NextStep[];
}

/** Returns the result for a rollout that is as it was asked for already. */
export function unchanged({ rollout }: OperatorOrder, detail: string): OperatorResult {
  return { outcome: 'done', reason: 'nothing_to_change', detail, rollout, notes: [], next: [] };
}

/** Returns the result for a change that the API accepted and does not show. */
export function contradicted(after: RemoteRollout, asked: string, next: readonly NextStep[]): OperatorResult {
  const detail = `asked for ${asked}, the API shows ${after.statusText} at ${formatPercent(after.percentage)}`;
  return { outcome: 'error', reason: 'change_not_confirmed', detail, rollout: after, notes: [], next };
}

/** Returns the refusal for a rollout whose status does not allow the verb, with what to do instead. */
export function statusForbids(
  { rollout }: OperatorOrder,
  instead: string,
  next: readonly NextStep[],
): Refusal {
  const detail = `rollout ${rollout.id} of ${rollout.version} is ${rollout.statusText}: ${instead}`;
  return new Refusal({ outcome: 'invalid_input', reason: 'status_forbids_command', detail, next });
}

/** Returns how many devices a rollout serves, as a clause. */
export function devicesClause(devices: DeviceCount | null): string {
  if (devices === null) return 'the API does not count its devices';
  const { onVersion, assigned } = devices;
  if (onVersion !== null) return `${many(onVersion)} it`;
  return `it reaches ${formatCount(assigned)} ${assigned === 1 ? 'device' : 'devices'}`;
}

function many(devices: number): string {
  return devices === 1 ? '1 device runs' : `${formatCount(devices)} devices run`;
}
