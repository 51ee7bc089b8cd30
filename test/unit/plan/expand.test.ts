import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/core/plan.ts';
import { PRESET_NAMES, type PresetName } from '../../../src/plan/presets.ts';
import { expandText } from '../../support/plan-lines.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const soaks = (plan: Plan) => plan.stages.map((stage) => [stage.percentage, stage.soakMs]);

const PRESETS: Readonly<Record<PresetName, readonly (readonly [number, number])[]>> = {
  standard: [
    [1, 15 * MINUTE],
    [10, HOUR],
    [50, 2 * HOUR],
    [100, HOUR],
  ],
  canary: [
    [5, HOUR],
    [25, 4 * HOUR],
    [100, 15 * MINUTE],
  ],
  'blue-green': [[100, 30 * MINUTE]],
  linear: [10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((percentage) => [percentage, 30 * MINUTE] as const),
  major: [
    [1, DAY],
    [5, 2 * DAY],
    [10, 2 * DAY],
    [25, 3 * DAY],
    [50, 3 * DAY],
    [100, DAY],
  ],
  'low-traffic': [
    [1, 0],
    [10, 0],
    [50, 0],
    [100, HOUR],
  ],
  shadow: [
    [0, HOUR],
    [5, HOUR],
    [25, 4 * HOUR],
    [100, 15 * MINUTE],
  ],
};

describe('a preset', () => {
  it.each(PRESET_NAMES)('%s has its stages, soaks and bake', (name) => {
    expect(soaks(expandText(`preset: ${name}`))).toEqual(PRESETS[name]);
  });

  it('is standard when the plan has no stages', () => {
    expect(soaks(expandText('on_fail: pause'))).toEqual(PRESETS.standard);
  });

  it.each(PRESET_NAMES)('%s takes a soak for every stage and a bake, to be rehearsed', (name) => {
    const plan = expandText(`preset: ${name}\nsoak: 10s\nbake: 5s`);
    const last = plan.stages.length - 1;
    expect(plan.stages.map((stage) => stage.soakMs)).toEqual(
      plan.stages.map((_, at) => (at === last ? 5_000 : 10_000)),
    );
    expect(plan.stages.map((stage) => stage.percentage)).toEqual(
      PRESETS[name].map(([percentage]) => percentage),
    );
  });

  it('low-traffic waits three days for samples in every stage, unless the plan says otherwise', () => {
    expect(expandText('preset: low-traffic').stages.map((stage) => stage.maxWaitMs)).toEqual(
      Array(4).fill(3 * DAY),
    );
    expect(expandText('preset: low-traffic\nmax_wait: 2h').stages.map((stage) => stage.maxWaitMs)).toEqual(
      Array(4).fill(2 * HOUR),
    );
  });
});

describe('the times of a plan', () => {
  it('are an hour of soak, half an hour of bake and twice the soak of waiting, when nothing is said', () => {
    const plan = expandText('stages: [5%, 100%]');
    expect(plan.stages).toMatchObject([
      { name: '5%', soakMs: HOUR, warmupMs: 0, maxWaitMs: 2 * HOUR },
      { name: '100%', soakMs: 30 * MINUTE, warmupMs: 0, maxWaitMs: HOUR },
    ]);
    expect(plan.deadlineMs).toBe(3 * HOUR + 90 * MINUTE);
    expect(plan).toMatchObject({ noDataGraceMs: 30 * MINUTE, notBefore: null });
  });

  it("of a stage win over the plan's, the plan's over the defaults", () => {
    const plan = expandText(
      [
        'stages: [{ percentage: 5%, soak: 1m, warmup: 2s, max_wait: 3m }, 50%, 100%]',
        'soak: 10m\nwarmup: 1s\nmax_wait: 7m\nbake: 2m\ndeadline: 5h\nno_data_grace: 1m',
        'not_before: 2026-11-23T08:00:00+01:00',
      ].join('\n'),
    );
    expect(plan.stages).toMatchObject([
      { soakMs: MINUTE, warmupMs: 2_000, maxWaitMs: 3 * MINUTE },
      { soakMs: 10 * MINUTE, warmupMs: 1_000, maxWaitMs: 7 * MINUTE },
      { soakMs: 2 * MINUTE, warmupMs: 1_000, maxWaitMs: 7 * MINUTE },
    ]);
    expect(plan.notBefore).toBe(Date.UTC(2026, 10, 23, 7));
    expect(plan).toMatchObject({ deadlineMs: 5 * HOUR, noDataGraceMs: MINUTE });
  });

  it('leave three days for samples to a stage that does not soak', () => {
    expect(expandText('stages: [5%, 100%]\nsoak: 0s').stages[0]).toMatchObject({
      soakMs: 0,
      maxWaitMs: 3 * DAY,
    });
  });
});

describe('the other defaults of a plan', () => {
  it('roll back on harm, pause at a deadline, refuse to supersede', () => {
    expect(expandText('preset: standard')).toMatchObject({
      model: 'radiology-v1',
      version: '2.0.0',
      group: null,
      onFail: 'rollback',
      onDeadline: 'pause',
      onSuperseded: 'refuse',
      rollback: { to: null, confirmRatio: 0.95, timeoutMs: 30 * MINUTE },
      designEffect: 3,
      metrics: {},
      ungated: false,
      unwatchedAccepted: false,
    });
    expect(expandText('preset: standard').stages[0]).toMatchObject({
      minSamples: 'auto',
      passWhen: 'not_failed',
      minDevices: 1,
      maxDevices: null,
    });
  });

  it('give way to what the plan says', () => {
    const plan = expandText(
      [
        'stages: [{ percentage: 5%, name: smoke, min_samples: 9, min_devices: 2, max_devices: 40 }, 100%]',
        'group: eu\non_fail: alert\non_deadline: rollback\non_superseded: replace\nmin_samples: 500\nmin_devices: 3',
        'rollback: { to: 1.10, confirm: 99%, timeout: 5m }\ngates: none\nunwatched: accepted',
      ].join('\n'),
    );
    expect(plan).toMatchObject({
      group: 'eu',
      onFail: 'alert',
      onDeadline: 'rollback',
      onSuperseded: 'replace',
      rollback: { to: '1.10', confirmRatio: 0.99, timeoutMs: 5 * MINUTE },
      ungated: true,
      unwatchedAccepted: true,
    });
    expect(plan.stages).toMatchObject([
      { name: 'smoke', minSamples: 9, minDevices: 2, maxDevices: 40 },
      { name: '100%', minSamples: 500, minDevices: 3, maxDevices: null },
    ]);
  });
});

describe('when stages pass', () => {
  it('is what the stage says, and else what the plan says', () => {
    const plan = expandText(
      'stages: [{ percentage: 5%, pass_when: not_failed }, 50%, 100%]\npass_when: proven\ndesign_effect: 1.5',
    );
    expect(plan.stages.map((stage) => stage.passWhen)).toEqual(['not_failed', 'proven', 'proven']);
    expect(plan.designEffect).toBe(1.5);
  });
});

describe('equal steps', () => {
  it.each([
    ['rollout_percentage: 10', [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]],
    ['rollout_percentage: 10\nincrement_step: 25', [10, 35, 60, 85, 100]],
    ['rollout_percentage: 10%\ntarget_percentage: 50\nincrement_step: 12.5', [10, 22.5, 35, 47.5, 50]],
    ['rollout_percentage: 1.1\ntarget_percentage: 5\nincrement_step: 1.1', [1.1, 2.2, 3.3, 4.4, 5]],
    ['rollout_percentage: 100', [100]],
    ['target_percentage: 50', [50]],
    ['rollout_percentage: 1\nincrement_step: 1', Array.from({ length: 100 }, (_, index) => index + 1)],
  ])('end at the target: %j', (text, percentages) => {
    expect(expandText(text).stages.map((stage) => stage.percentage)).toEqual(percentages);
  });

  it('soak and bake half an hour, as the linear preset does, unless the plan says otherwise', () => {
    expect(soaks(expandText('rollout_percentage: 10'))).toEqual(PRESETS.linear);
    expect(soaks(expandText('rollout_percentage: 50\nincrement_step: 50\nsoak: 1m\nbake: 2m'))).toEqual([
      [50, MINUTE],
      [100, 2 * MINUTE],
    ]);
  });
});
