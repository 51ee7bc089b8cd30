/** What the organisation's policy refuses. Pure. Source: docs /advanced/policy, whose texts and statuses are not told. */
import type { EpochMs, Percent } from '../core/units.ts';
import type { OrgPolicy } from './emulator-options.ts';
import { Refusal, type RefusalCode } from './refusal.ts';
import type { RolloutRecord } from './rollout-record.ts';
import type { Switches } from './switches.ts';

/** Thrown where the policy refuses a request; the profile decides on its status. */
export class PolicyRefusal extends Refusal {
  /** Creates the refusal; its status is 409 until `withPolicyStatus` says another. */
  constructor(message: string) {
    super('conflict', message);
    this.name = 'PolicyRefusal';
  }
}

// Sums of decimal fractions are off by less than this.
const ROUNDING: Percent = 1e-6;

/** Checks a raise of a rollout. Errors: PolicyRefusal with the rule and its number. */
export function checkRaise(
  rollout: RolloutRecord,
  percentage: Percent,
  { at, policy }: { readonly at: EpochMs; readonly policy: OrgPolicy },
): void {
  if (policy.requireModelApproval) {
    throw new PolicyRefusal('the organisation requires an approval before a rollout is raised');
  }
  checkEvaluation(policy);
  if (percentage - rollout.percentage > policy.maxRolloutStep + ROUNDING) {
    throw new PolicyRefusal(`the organisation allows steps of at most ${policy.maxRolloutStep}%`);
  }
  const since = at - (rollout.entered.at(-1)?.at ?? rollout.createdAt);
  if (since < policy.minRolloutDurationMs) {
    const wait = Math.ceil((policy.minRolloutDurationMs - since) / 1_000);
    throw new PolicyRefusal(`the organisation's minimum rollout duration has ${wait} s to go`);
  }
}

/** Checks what a version needs before it is rolled out at all. Errors: PolicyRefusal. */
export function checkEvaluation({ requireEvaluation }: Pick<OrgPolicy, 'requireEvaluation'>): void {
  if (requireEvaluation) {
    throw new PolicyRefusal('the organisation requires an evaluation before a version is rolled out');
  }
}

const CODES: Readonly<Record<Switches['policy-status'], RefusalCode>> = {
  '403': 'forbidden',
  '409': 'conflict',
  '422': 'unprocessable',
};

/** Returns what was thrown, with the status of the profile where the policy refused. */
export function withPolicyStatus(thrown: unknown, status: Switches['policy-status']): unknown {
  return thrown instanceof PolicyRefusal ? new Refusal(CODES[status], thrown.message) : thrown;
}
