import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/core/plan.ts';
import { PRESET_NAMES, type PresetName } from '../../../src/plan/presets.ts';
import { expandText, expandWithNotes } from '../../support/plan-lines.ts';

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
      ungated: false,
      unwatchedAccepted: false,
    });
    expect(expandText('preset: standard').stages[0]).toMatchObject({
      minSamples: 'auto',
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

describe('the stages of a preset in a small fleet', () => {
  it.each([
    ['standard', 10_000, [1, 10, 50, 100], []],
    ['standard', 450, [1, 10, 50, 100], []],
    ['standard', 449, [2, 10, 50, 100], ['1% of 449 devices is 4; enlarged to 2% (9 devices)']],
    ['standard', 124, [4, 10, 50, 100], ['1% of 124 devices is 1; enlarged to 4% (5 devices)']],
    [
      'standard',
      40,
      [12, 50, 100],
      [
        '1% of 40 devices is 0; left out, because 12% is the smallest stage with 5 devices',
        '10% of 40 devices is 4; enlarged to 12% (5 devices)',
      ],
    ],
    [
      'standard',
      6,
      [75, 100],
      [
        '1% of 6 devices is 0; left out, because 75% is the smallest stage with 5 devices',
        '10% of 6 devices is 1; left out, because 75% is the smallest stage with 5 devices',
        '50% of 6 devices is 3; enlarged to 75% (5 devices)',
      ],
    ],
    [
      'canary',
      4,
      [100],
      [
        '5% of 4 devices is 0; left out, because the fleet is too small for a stage of 5 devices',
        '25% of 4 devices is 1; left out, because the fleet is too small for a stage of 5 devices',
      ],
    ],
    ['blue-green', 1, [100], []],
  ])('%s, %d devices', (preset, devices, percentages, notes) => {
    const expanded = expandWithNotes(`preset: ${preset}`, devices);
    expect(expanded.plan.stages.map((stage) => stage.percentage)).toEqual(percentages);
    expect(expanded.plan.stages.map((stage) => stage.name)).toEqual(percentages.map((each) => `${each}%`));
    expect(expanded.notes).toEqual(notes);
  });

  it('keep the longer soak of two that become one, and the bake of the last', () => {
    expect(soaks(expandText('preset: standard', 40))).toEqual([
      [12, HOUR],
      [50, 2 * HOUR],
      [100, HOUR],
    ]);
  });

  it('keep the shadow stage', () => {
    expect(expandText('preset: shadow', 3).stages.map((stage) => stage.percentage)).toEqual([0, 100]);
  });

  it('stay as they are where nobody can count, or counts nobody', () => {
    expect(expandWithNotes('preset: standard', null).notes).toEqual([]);
    expect(soaks(expandText('preset: standard', 0))).toEqual(PRESETS.standard);
  });
});

describe('the stages that an author wrote', () => {
  it.each(['stages: [1%, 10%, 100%]', 'rollout_percentage: 1\nincrement_step: 9\ntarget_percentage: 10'])(
    'never change; small ones are named: %j',
    (text) => {
      const { plan, notes } = expandWithNotes(text, 40);
      expect(plan.stages.slice(0, 2).map((stage) => stage.percentage)).toEqual([1, 10]);
      expect(notes).toEqual([
        '1% of 40 devices is 0; fewer than 5 show little',
        '10% of 40 devices is 4; fewer than 5 show little',
      ]);
    },
  );
});

describe('the digest of a plan', () => {
  const digest = (text: string, devices: number | null = null) => expandText(text, devices).digest;

  it('is the same for two texts that decide the same', () => {
    expect(digest('soak: 1h\nstages: [5%, 100%]')).toBe(
      digest('# why\nstages:\n- { percentage: 5%, soak: 60m }\n- 100%'),
    );
    expect(digest('preset: standard')).toMatch(/^[0-9a-f]{12}$/);
  });

  it.each([
    'stages: [6%, 100%]',
    'stages: [5%, 100%]\nsoak: 61m',
    'stages: [5%, 100%]\ngates: { error_rate: 4% }',
    'stages: [5%, 100%]\ngates: { error_rate: { severity: hold } }',
    'stages: [5%, 100%]\non_fail: pause',
    'stages: [5%, 100%]\nrollback: { to: 1.0.0 }',
    'stages: [{ percentage: 5%, name: smoke }, 100%]',
  ])('differs when a decision differs: %j', (text) => {
    expect(digest(text)).not.toBe(digest('stages: [5%, 100%]'));
  });

  it('follows the fleet where the fleet changes the stages', () => {
    expect(digest('preset: standard', 124)).not.toBe(digest('preset: standard', 10_000));
    expect(digest('preset: standard', 9_000)).toBe(digest('preset: standard', 10_000));
  });
});
