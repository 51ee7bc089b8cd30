import { describe, expect, it } from 'vitest';
import { expandText, expandWithNotes } from '../../support/plan-lines.ts';

const HOUR = 3_600_000;

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
      45,
      [10, 50, 100],
      ['1% of 45 devices is 0; left out, because 10% is the smallest stage with 5 devices'],
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
    [
      'canary',
      5,
      [100],
      [
        '5% of 5 devices is 0; left out, because the fleet is too small for a stage of 5 devices',
        '25% of 5 devices is 1; left out, because the fleet is too small for a stage of 5 devices',
      ],
    ],
    ['blue-green', 1, [100], []],
  ])('%s, %d devices', (preset, devices, percentages, notes) => {
    const expanded = expandWithNotes(`preset: ${preset}\ngates: none`, devices);
    expect(expanded.plan.stages.map((stage) => stage.percentage)).toEqual(percentages);
    expect(expanded.plan.stages.map((stage) => stage.name)).toEqual(percentages.map((each) => `${each}%`));
    expect(expanded.notes).toEqual(notes);
  });

  it('keep the longer soak of two that become one, and the bake of the last', () => {
    expect(
      expandText('preset: standard', 40).stages.map((stage) => [stage.percentage, stage.soakMs]),
    ).toEqual([
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
    expect(expandText('preset: standard', 0).stages).toEqual(expandText('preset: standard').stages);
  });
});

describe('the stages that an author wrote', () => {
  it.each(['stages: [1%, 10%, 100%]', 'rollout_percentage: 1\nincrement_step: 9\ntarget_percentage: 10'])(
    'never change: %j',
    (text) => {
      const { plan } = expandWithNotes(text, 40);
      expect(plan.stages.slice(0, 2).map((stage) => stage.percentage)).toEqual([1, 10]);
    },
  );
});
