import { describe, expect, it } from 'vitest';
import { expandWithNotes } from '../../support/plan-lines.ts';

const review = (text: string, devices: number | null) => {
  const { notes, problems } = expandWithNotes(text, devices);
  return { notes, problems };
};
const notes = (text: string, devices: number | null) => review(text, devices).notes;

const TELLS_LITTLE = 'fewer than 10 devices can neither prove nor disprove anything short of a disaster';

describe('a fleet is told of stages with too few devices', () => {
  it.each([
    ['stages: [10%, 50%]', 90, [`stage 10% (9 of 90 devices): ${TELLS_LITTLE}`]],
    ['stages: [1%, 10%, 100%]', 40, [`stages 1% (0 of 40 devices) and 10% (4): ${TELLS_LITTLE}`]],
    ['preset: blue-green', 1, [`stage 100% (1 of 1 device): ${TELLS_LITTLE}`]],
    [
      'stages: [1%, 2%, 3%, 4%, 5%, 100%]',
      124,
      [`stages 1% (1 of 124 devices), 2% (2), 3% (4) and 2 more: ${TELLS_LITTLE}`],
    ],
  ])('in one sentence: %j, %d devices', (text, devices, expected) => {
    expect(notes(text, devices).filter((note) => note.includes('neither'))).toEqual(expected);
  });

  it.each([
    ['stages: [10%, 50%]', 100],
    ['stages: [1%, 100%]\ngates: none', 40],
    ['stages: [1%, 100%]', 0],
    ['stages: [1%, 100%]', null],
    ['stages: [0%, 50%]\ngates: { error_rate: { shadow: true } }', 40],
  ])(
    'but not of ten devices, of stages that measure nothing, or where nobody counts: %j, %s',
    (text, devices) => {
      expect(notes(text, devices).filter((note) => note.includes('neither'))).toEqual([]);
    },
  );
});

describe('a fleet is told that its stages pass unproven', () => {
  it.each([
    [
      'stages: [10%, 50%]',
      124,
      [
        'stage 10%: 12 devices cannot prove crash_rate 1% safe for 50% (216 devices would), so it passes by time; 4 or more crashed devices prove harm',
      ],
    ],
    [
      'preset: linear',
      124,
      [
        'stages 10%, 20%, 30% and 6 more have too few devices to be proven safe and pass by time; at 90%, 112 devices cannot prove crash_rate 1% safe for 100% (433 devices would); 8 or more crashed devices prove harm',
      ],
    ],
    [
      'stages: [50%, 100%]\ngates: { crash_rate: none, memory_rate: 0.1% }',
      124,
      [
        'stage 50%: 62 devices cannot prove memory_rate 0.1% safe for 100% (4 342 devices would), so it passes by time; 4 or more devices out of memory prove harm',
      ],
    ],
    [
      // Gates that only hold take no share of the confidence, so 4 of 20 devices are still enough.
      'stages: [{ percentage: 10%, gates: { memory_rate: { max: 9%, severity: hold, baseline: current }, latency_p50: { max: 1s, severity: hold, baseline: current }, quality: { min: 50%, severity: hold } } }, 50%]',
      200,
      [
        'stage 10%: 20 devices cannot prove crash_rate 1% safe for 50% (216 devices would), so it passes by time; 4 or more crashed devices prove harm',
      ],
    ],
  ])('in one sentence, with the devices that would settle it: %j, %d devices', (text, devices, expected) => {
    expect(review(text, devices)).toEqual({ notes: expected, problems: [] });
  });

  it.each([
    ['stages: [10%, 50%]', 2_160],
    ['stages: [10%, 100%]\ngates: { crash_rate: { severity: hold } }', 124],
    ['stages: [10%, 100%]\ngates: { crash_rate: none }', 124],
    ['stages: [10%, 100%]\ngates: { crash_rate: { max: 60%, severity: hold } }', 124],
    ['preset: blue-green', 124],
    ['preset: standard', 10_000],
  ])('but not where its devices suffice, or nothing has to be proven: %j, %d devices', (text, devices) => {
    expect(review(text, devices)).toEqual({ notes: [], problems: [] });
  });
});

describe('a fleet is told of limits that not even the worst version would break', () => {
  it.each([
    [
      'stages: [10%, 100%]\ngates: { crash_rate: 60% }',
      124,
      ['stage 10%: 12 devices cannot disprove crash_rate 60%, even if all of them crash; 18 devices would'],
    ],
    [
      'stages: [10%, 20%]\ngates: { crash_rate: none, latency_p50: 100ms, error_rate: 80% }',
      100,
      [
        'stages 10% and 20%: 20 devices cannot disprove error_rate 80%, even if all of them fail; 38 devices would',
        'stage 10%: 10 devices cannot disprove latency_p50 100ms, even if all of them are slow; 13 devices would',
      ],
    ],
  ])('with the devices that would: %j, %d devices', (text, devices, expected) => {
    expect(notes(text, devices)).toEqual(expected);
  });
});

describe('a plan whose stages must be proven safe', () => {
  const asks = 'which pass_when: proven asks for';

  it('is refused on a fleet that can never prove one of them, with the devices that could', () => {
    expect(review('stages: [10%, 50%, 100%]\npass_when: proven', 124)).toEqual({
      notes: [],
      problems: [
        `stage 10%: 12 devices can never prove crash_rate 1% safe for 50%, ${asks}; 216 devices would. Enlarge the stage, or write pass_when: not_failed.`,
        `stage 50%: 62 devices can never prove crash_rate 1% safe for 100%, ${asks}; 433 devices would. Enlarge the stage, or write pass_when: not_failed.`,
        `stage 100%: 124 devices can never prove crash_rate 1% safe for 100%, ${asks}; 433 devices would. Write pass_when: not_failed.`,
      ],
    });
  });

  it('is refused for one such stage, and for a gate that only holds', () => {
    const text =
      'stages: [{ percentage: 10%, pass_when: proven, gates: { memory_rate: { max: 0.1%, severity: hold } } }, 50%]';
    expect(review(text, 4_000).problems).toEqual([
      `stage 10%: 400 devices can never prove memory_rate 0.1% safe for 50%, ${asks}; 2 170 devices would. Enlarge the stage, or write pass_when: not_failed.`,
    ]);
  });

  it.each([
    ['stages: [10%, 50%, 100%]\npass_when: proven', 2_160],
    ['stages: [10%, 50%, 100%]\npass_when: proven', null],
    ['stages: [10%, 50%, 100%]\npass_when: proven\ngates: { crash_rate: { severity: warn } }', 124],
    ['stages: [{ percentage: 10%, pass_when: not_failed }, 100%]', 12],
  ])('is accepted where it can, or nobody can tell: %j, %s devices', (text, devices) => {
    expect(review(text, devices).problems).toEqual([]);
  });
});
