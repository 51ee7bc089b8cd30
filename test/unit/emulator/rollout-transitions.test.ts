import { describe, expect, it } from 'vitest';
import type { OrgPolicy } from '../../../src/emulator/emulator-options.ts';
import type { RolloutRecord, ServerStatus } from '../../../src/emulator/rollout-record.ts';
import {
  advanceRollout,
  changePercentage,
  draftRollout,
  forcePercentage,
  pauseRollout,
  resumeRollout,
  startRollout,
} from '../../../src/emulator/rollout-transitions.ts';

const NOW = 1_000_000;
const POLICY: OrgPolicy = {
  autoRollbackEnabled: false,
  errorThreshold: 0.05,
  crashThreshold: 0.01,
  requireModelApproval: false,
  requireEvaluation: false,
  minRolloutDurationMs: 0,
  maxRolloutStep: 100,
};
const OCCASION = { at: NOW, reason: 'because', policy: POLICY };
const STATUSES: readonly ServerStatus[] = [
  'pending',
  'active',
  'paused',
  'completed',
  'rolling_back',
  'rolled_back',
];

function rolloutThat(status: ServerStatus, changes: Partial<RolloutRecord> = {}): RolloutRecord {
  const draft = {
    version: '2.0.0',
    percentage: 10,
    targetPercentage: 80,
    incrementStep: 25,
    group: null,
    previousVersion: '1.0.0',
    reason: null,
  };
  return { ...draftRollout(draft, 1, { status, at: 0 }), ...changes };
}

const VERBS = {
  start: (rollout: RolloutRecord) => startRollout(rollout, OCCASION),
  pause: (rollout: RolloutRecord) => pauseRollout(rollout, OCCASION),
  resume: (rollout: RolloutRecord) => resumeRollout(rollout, OCCASION),
  advance: (rollout: RolloutRecord) => advanceRollout(rollout, null, OCCASION),
  raise: (rollout: RolloutRecord) => changePercentage(rollout, 20, OCCASION),
  'repeat the percentage of': (rollout: RolloutRecord) => changePercentage(rollout, 10, OCCASION),
  lower: (rollout: RolloutRecord) => changePercentage(rollout, 5, OCCASION),
} as const;

type Verb = keyof typeof VERBS;

const ALLOWED: Readonly<
  Record<Verb, Partial<Record<ServerStatus, { status: ServerStatus; percentage: number }>>>
> = {
  start: { pending: { status: 'active', percentage: 10 } },
  pause: { active: { status: 'paused', percentage: 10 } },
  resume: { paused: { status: 'active', percentage: 10 } },
  advance: { active: { status: 'active', percentage: 35 } },
  raise: { active: { status: 'active', percentage: 20 } },
  'repeat the percentage of': {
    pending: { status: 'pending', percentage: 10 },
    active: { status: 'active', percentage: 10 },
    paused: { status: 'paused', percentage: 10 },
  },
  lower: {},
};

const TABLE = (Object.keys(VERBS) as Verb[]).flatMap((verb) =>
  STATUSES.map((status) => {
    const gives = ALLOWED[verb][status];
    return gives === undefined ? { verb, status, throws: 'conflict' } : { verb, status, gives };
  }),
);

describe('a verb on a rollout', () => {
  it.each(TABLE.filter((row) => 'gives' in row))(
    'can $verb one that is $status',
    ({ verb, status, gives }) => {
      const changed = VERBS[verb](rolloutThat(status));
      expect({ status: changed.status, percentage: changed.percentage }).toEqual(gives);
      expect(changed.updatedAt).toBe(NOW);
      expect(changed.history.at(-1)).toEqual({ ...gives, reason: 'because', at: NOW });
    },
  );

  it.each(TABLE.filter((row) => 'throws' in row))(
    'can not $verb one that is $status',
    ({ verb, status, throws }) => {
      expect(() => VERBS[verb](rolloutThat(status))).toThrow(expect.objectContaining({ code: throws }));
    },
  );
});

describe('a percentage', () => {
  it.each([
    { title: 'beyond the target', percentage: 81, code: 'bad_request' },
    { title: 'below 0', percentage: -1, code: 'bad_request' },
    { title: 'that is no number', percentage: Number.NaN, code: 'bad_request' },
  ])('$title is refused', ({ percentage, code }) => {
    expect(() => changePercentage(rolloutThat('active'), percentage, OCCASION)).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('advances at most to the target, and not beyond', () => {
    const near = rolloutThat('active', { percentage: 70 });
    const there = advanceRollout(near, null, OCCASION);
    expect(there.percentage).toBe(80);
    expect(() => advanceRollout(there, null, OCCASION)).toThrow(/at its target, 80%/);
  });

  it('advances by an increment of the caller', () => {
    expect(advanceRollout(rolloutThat('active'), 3, OCCASION).percentage).toBe(13);
  });

  it('is entered once, also when it is repeated with another reason', () => {
    const repeated = changePercentage(rolloutThat('active'), 10, OCCASION);
    expect(repeated.entered).toEqual([{ percentage: 10, at: 0 }]);
    expect(changePercentage(repeated, 20, OCCASION).entered.at(-1)).toEqual({ percentage: 20, at: NOW });
  });

  it('of a pending rollout is entered when it starts', () => {
    const pending = rolloutThat('pending');
    expect(pending.entered).toEqual([]);
    expect(startRollout(pending, OCCASION).entered).toEqual([{ percentage: 10, at: NOW }]);
  });

  it('is lowered by a person on the dashboard', () => {
    expect(forcePercentage(rolloutThat('active'), 5, OCCASION)).toMatchObject({
      status: 'active',
      percentage: 5,
    });
    expect(() => forcePercentage(rolloutThat('active'), 101, OCCASION)).toThrow(/expected 0 to 100/);
  });
});

describe("the organisation's policy", () => {
  it.each([
    { title: 'an approval', policy: { requireModelApproval: true }, throws: /requires an approval/ },
    { title: 'an evaluation', policy: { requireEvaluation: true }, throws: /requires an evaluation/ },
    { title: 'smaller steps', policy: { maxRolloutStep: 9 }, throws: /steps of at most 9%/ },
    { title: 'more time', policy: { minRolloutDurationMs: NOW + 5_000 }, throws: /has 5 s to go/ },
  ])('refuses a raise that needs $title, and no repetition', ({ policy, throws }) => {
    const occasion = { ...OCCASION, policy: { ...POLICY, ...policy } };
    expect(() => changePercentage(rolloutThat('active'), 20, occasion)).toThrow(throws);
    expect(changePercentage(rolloutThat('active'), 10, occasion).percentage).toBe(10);
  });
});
