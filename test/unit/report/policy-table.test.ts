import { describe, expect, it } from 'vitest';
import { NOTHING_TOLD, type OrgPolicy } from '../../../src/core/org-policy.ts';
import type { PollInterval } from '../../../src/core/ports.ts';
import { HOUR_MS } from '../../../src/core/units.ts';
import { longestGapMs, policySection } from '../../../src/report/policy-table.ts';
import { PLANNED } from '../../support/run-records.ts';

const section = (policy: Partial<OrgPolicy> | null, poll: PollInterval | null = { kind: 'auto' }) =>
  policySection({ ...PLANNED, policy: policy === null ? null : { ...NOTHING_TOLD, ...policy }, poll });

describe("the organisation's policy beside the plan", () => {
  it.each<{ fact: string; policy: Partial<OrgPolicy>; row: RegExp }>([
    {
      fact: 'auto-rollback that is on',
      policy: { autoRollback: true },
      row: /\| auto-rollback \| on \| `on_fail: rollback` \|/,
    },
    {
      fact: 'auto-rollback that is off',
      policy: { autoRollback: false },
      row: /\| auto-rollback \| \*\*off\*\* \|/,
    },
    {
      fact: 'a threshold and the limit of the gate',
      policy: { errorThreshold: 0.1 },
      row: /\| error threshold \| 10% \| ≤ ?5% \|/,
    },
    { fact: 'a threshold that is not told', policy: {}, row: /\| crash threshold \| not told \| ≤ ?1% \|/ },
    {
      fact: 'the least time, the soaks, and how much longer it takes',
      policy: { minAdvanceMs: HOUR_MS },
      row: /\| least time between advances \| 1h \| soaks of 15m to 1h; \*\*45m longer\*\* by the policy \|/,
    },
    {
      fact: 'the steps that each stage is split into',
      policy: { maxStep: 20 },
      row: /\| largest step \| 20% \| split: 25% → 45% → 65% → 85% → 100% \|/,
    },
    {
      fact: 'the largest of the steps where none is split',
      policy: { maxStep: 80 },
      row: /\| largest step \| 80% \| steps of up to 75% \|/,
    },
    {
      fact: 'that an approval stops a new rollout',
      policy: { approvalRequired: true },
      row: /\| approval \| \*\*required\*\* \| a new rollout is refused before the first write \|/,
    },
    {
      fact: 'that nothing is known of an evaluation',
      policy: {},
      row: /\| evaluation \| not told \| a refusal is reported \|/,
    },
  ])('shows $fact', ({ policy, row }) => {
    expect(section(policy)).toMatch(row);
  });

  it('is not shown where the API was not asked, and the gap is', () => {
    expect(section(null)).not.toContain('largest step');
    expect(section(null)).toContain('Longest unwatched gap');
  });

  it('is no part of other records', () => {
    expect(section({}, null)).toBe('');
  });
});

describe('the longest unwatched gap', () => {
  it.each<{ poll: PollInterval; gives: number }>([
    { poll: { kind: 'auto' }, gives: 33_000 },
    { poll: { kind: 'fixed', everyMs: 300_000 }, gives: 330_000 },
  ])('of `run` is the poll interval with its jitter: $gives ms', ({ poll, gives }) => {
    expect(longestGapMs(poll)).toBe(gives);
  });

  it('of a schedule is two intervals of the workflow that is printed', () => {
    expect(section({})).toContain('a schedule every 15m: 30m where GitHub drops one start');
    expect(section({})).toContain('`run`: 33s, and after its job until the next run');
  });

  it.each<{ autoRollback: boolean | null; says: RegExp }>([
    { autoRollback: true, says: /\| only auto-rollback acts then, which is on \|/ },
    { autoRollback: false, says: /\| only auto-rollback would act then, and it is \*\*off\*\* \|/ },
    { autoRollback: null, says: /it is not known whether that is on/ },
  ])('says who acts meanwhile when auto-rollback is $autoRollback', ({ autoRollback, says }) => {
    expect(section({ autoRollback })).toMatch(says);
  });
});
