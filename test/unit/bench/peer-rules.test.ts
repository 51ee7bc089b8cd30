/** Each peer's rule decides as its documentation says, on windows made by hand. */
import { describe, expect, it } from 'vitest';
import { argo } from '../../../bench/gates/rules/argo.ts';
import { awsMofN } from '../../../bench/gates/rules/aws-m-of-n.ts';
import { halfWidth, isAbove } from '../../../bench/gates/rules/confidence-sequence.ts';
import { flagger } from '../../../bench/gates/rules/flagger.ts';
import type { DeviceSums, Look, Pair, PeerRule, Share } from '../../../bench/gates/rules/look.ts';
import { isHigh, mannWhitney98 } from '../../../bench/gates/rules/mann-whitney.ts';
import { zOf, zPeek } from '../../../bench/gates/rules/z-peek.ts';

const share = (events: number, requests = 100): Share => ({ events, requests });
const GOOD: Pair = { candidate: share(1), baseline: share(1) };
const NO_CRASH: Pair = { candidate: share(0), baseline: share(0) };

/** A look whose windows are given by one letter: errors, crashes, latency over the limit, good or empty. */
function lookOf(letter: string): Look {
  const empty: Pair = { candidate: share(0, 0), baseline: share(0, 0) };
  if (letter === '_') return { stage: 0, window: [empty, empty, empty, empty], pooled: null, byDevice: null };
  const bad = (is: string, events: number, good: Pair): Pair =>
    letter === is ? { ...good, candidate: share(events) } : good;
  return {
    stage: 0,
    window: [bad('e', 6, GOOD), bad('c', 2, NO_CRASH), bad('l', 6, GOOD), GOOD],
    pooled: null,
    byDevice: null,
  };
}

/** At which look, counted from 1, a rule rolls back; 0 for never. */
function rollsBackAt(rule: PeerRule, letters: string): number {
  const judge = rule();
  return [...letters].findIndex((letter) => judge(lookOf(letter))) + 1;
}

describe('threshold rules', () => {
  const alarm = awsMofN({ datapointsToAlarm: 3, evaluationPeriods: 3 });
  const loose = awsMofN({ datapointsToAlarm: 2, evaluationPeriods: 3 });
  it.each([
    { rule: 'Argo counts failures of a metric since the start', of: argo(3), looks: 'egegegge', gives: 8 },
    { rule: 'Argo allows as many as its limit', of: argo(3), looks: 'egegegggg', gives: 0 },
    { rule: 'Argo counts each metric for itself', of: argo(3), looks: 'eeecccll', gives: 0 },
    { rule: 'Argo without a limit fails at once', of: argo(0), looks: 'gl', gives: 2 },
    { rule: 'Flagger counts failed checks of all metrics', of: flagger(4), looks: 'egclge', gives: 6 },
    { rule: 'Flagger stays below its threshold', of: flagger(5), looks: 'egclgeg', gives: 0 },
    { rule: 'an alarm needs all of its datapoints', of: alarm, looks: 'eegeege', gives: 0 },
    { rule: 'an alarm is raised by the third in a row', of: alarm, looks: 'geee', gives: 4 },
    { rule: 'an alarm looks at one metric', of: alarm, looks: 'ecleclecl', gives: 0 },
    { rule: 'an alarm of two of three forgives one', of: loose, looks: 'gege', gives: 4 },
    { rule: 'an empty window is no datapoint of an alarm', of: alarm, looks: 'ee_e', gives: 4 },
    { rule: 'an empty window fails no check', of: flagger(1), looks: '____', gives: 0 },
  ])('$rule', ({ of, looks, gives }) => {
    expect(rollsBackAt(of, looks)).toBe(gives);
  });
});

describe('the Mann-Whitney judge', () => {
  const low = [0.01, 0.012, 0.009, 0.011, 0.013, 0.008, 0.0105, 0.0095];
  it.each([
    { name: 'equal series pass', candidate: low, baseline: low, gives: false },
    { name: 'a doubled series is high', candidate: low.map((x) => 2 * x), baseline: low, gives: true },
    { name: 'a halved series is not', candidate: low.map((x) => x / 2), baseline: low, gives: false },
    { name: 'three points can prove nothing', candidate: [1, 2, 3], baseline: [0, 0.1, 0.2], gives: false },
    { name: 'nothing but zeros passes', candidate: [0, 0, 0, 0], baseline: [0, 0, 0, 0], gives: false },
    { name: 'no points pass', candidate: [], baseline: [], gives: false },
  ])('$name', ({ candidate, baseline, gives }) => {
    expect(isHigh({ candidate, baseline })).toBe(gives);
  });

  it('forgets the points of the stage before', () => {
    const judge = mannWhitney98();
    const worse: Pair = { candidate: share(9), baseline: share(1) };
    const look = (stage: number): Look => ({ ...lookOf('g'), stage, window: [worse, GOOD, GOOD, GOOD] });
    const first = [0, 0, 0].map((stage) => judge(look(stage)));
    const second = [1, 1, 1].map((stage) => judge(look(stage)));
    expect([...first, ...second]).not.toContain(true);
  });
});

describe('the z-test', () => {
  it.each([
    {
      name: 'is the pooled two-proportion z',
      candidate: share(30, 1_000),
      baseline: share(10, 1_000),
      gives: 3.194,
    },
    {
      name: 'is negative for a better version',
      candidate: share(10, 1_000),
      baseline: share(30, 1_000),
      gives: -3.194,
    },
    { name: 'needs 30 requests', candidate: share(20, 29), baseline: share(10, 1_000), gives: 0 },
    { name: 'needs a baseline', candidate: share(30, 1_000), baseline: null, gives: 0 },
  ])('$name', ({ candidate, baseline, gives }) => {
    expect(zOf({ candidate, baseline })).toBeCloseTo(gives, 3);
  });

  it('rolls back at p below 0.01 and is blind without a baseline', () => {
    const pooled = [{ candidate: share(30, 1_000), baseline: share(10, 1_000) }];
    expect(zPeek()({ ...lookOf('g'), pooled })).toBe(true);
    expect(zPeek()({ ...lookOf('e'), pooled: null })).toBe(false);
  });
});

describe('the confidence sequence on devices', () => {
  const sums = (events: number, eventsSquared: number): DeviceSums => ({
    devices: 5_000,
    requests: 50_000,
    events,
    eventsSquared,
    eventsTimesRequests: 10 * events,
    requestsSquared: 500_000,
  });

  it('is wider than a fixed interval of 95%, and narrowest for its size around the tuned number', () => {
    const relative = (devices: number): number => halfWidth(1, devices);
    expect(relative(5_000)).toBeGreaterThan(1.96);
    expect(relative(100)).toBeGreaterThan(relative(5_000));
    expect(relative(1_000_000)).toBeGreaterThan(relative(5_000));
  });

  it.each([
    { name: 'a clear difference', candidate: sums(1_000, 1_200), gives: true },
    { name: 'the same difference made by few devices', candidate: sums(1_000, 500_000), gives: false },
    { name: 'no difference', candidate: sums(500, 550), gives: false },
    { name: 'no event', candidate: sums(0, 0), gives: false },
  ])('decides on $name: $gives', ({ candidate, gives }) => {
    expect(isAbove(candidate, sums(500, 550))).toBe(gives);
  });
});
