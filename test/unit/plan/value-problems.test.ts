import { describe, expect, it } from 'vitest';
import { problemLines, problemsBelow } from '../../support/plan-lines.ts';

const DURATION = 'a duration with a unit such as 90s, 15m, 6h or 7d';
const RATE = 'a rate with a % such as 5% or 0.5%';
const COUNT = 'a whole number from 1 to 1000000000';
const NAME = '1 to 200 characters on one line';

describe('a value of the wrong kind', () => {
  it.each([
    ['soak: 5', `3:7 soak: got "5", expected ${DURATION}. Did you mean 5m or 5s?`],
    [
      'soak: 500ms',
      `3:7 soak: got "500ms", expected ${DURATION}. Durations are whole seconds; the nearest is 1s.`,
    ],
    ['soak:', `3:1 soak: got nothing, expected ${DURATION}.`],
    ['soak: null', `3:7 soak: got "null", expected ${DURATION}.`],
    ['soak: true', `3:7 soak: got true, expected ${DURATION}.`],
    ['soak: [1h]', `3:7 soak: got a list, expected ${DURATION}.`],
    ['soak: { a: 1h }', `3:7 soak: got a map, expected ${DURATION}.`],
    ['soak: 31d', '3:7 soak: got "31d", expected a duration from 0s to 30d.'],
    ['deadline: 0s', '3:11 deadline: got "0s", expected a duration from 1s to 365d.'],
    ['min_devices: 0', `3:14 min_devices: got "0", expected ${COUNT}.`],
    ['min_devices: 2.5', `3:14 min_devices: got "2.5", expected ${COUNT}.`],
    ['min_devices: 1e3', `3:14 min_devices: got "1e3", expected ${COUNT}.`],
    ['min_devices: auto', `3:14 min_devices: got "auto", expected ${COUNT}.`],
    ['min_samples: atuo', `3:14 min_samples: got "atuo", expected ${COUNT} or auto. Did you mean auto?`],
    [
      'design_effect: 0.9',
      '3:16 design_effect: got "0.9", expected a number from 1 to 1000 such as 3 or 1.5.',
    ],
    [
      'design_effect: 1000.5',
      '3:16 design_effect: got "1000.5", expected a number from 1 to 1000 such as 3 or 1.5.',
    ],
    [
      'design_effect: .5e2',
      '3:16 design_effect: got ".5e2", expected a number from 1 to 1000 such as 3 or 1.5.',
    ],
    [
      'pass_when: prooven',
      '3:12 pass_when: got "prooven", expected one of not_failed, proven. Did you mean proven?',
    ],
    [
      'stages: [{ percentage: 5%, pass_when: 5% }, 100%]',
      '3:39 stages[0].pass_when: got "5%", expected one of not_failed, proven.',
    ],
    ['schema: 2', '3:9 schema: got "2", expected 1, the only schema of this version.'],
    [
      'on_fail: Rollback',
      '3:10 on_fail: got "Rollback", expected one of rollback, pause, alert. Did you mean rollback?',
    ],
    ['on_deadline: alert', '3:14 on_deadline: got "alert", expected one of pause, rollback.'],
    ['unwatched: true', '3:12 unwatched: got true, expected the word accepted.'],
    ['group: ""', `3:8 group: got "", expected ${NAME}.`],
    ['group: false', `3:8 group: got false, expected ${NAME}.`],
    ['group: " eu "', '3:8 group: got " eu ", expected text without spaces around it.'],
    [
      'group: "eu\\u200b"',
      '3:8 group: got "eu\\u{200b}", expected text without line breaks, control or invisible characters.',
    ],
    ['rollback: 1.4.2', '3:11 rollback: got "1.4.2", expected a map with to, confirm and timeout.'],
    [
      'rollback: { confirm: 0.95 }',
      `3:22 rollback.confirm: got "0.95", expected ${RATE}. Did you mean 95% or 0.95%?`,
    ],
    ['rollback: { confirm: 0% }', '3:22 rollback.confirm: got "0%", expected a rate above 0% to 100%.'],
    [
      'not_before: 2026-11-23T08:00:00',
      '3:13 not_before: got "2026-11-23T08:00:00", expected a time with its zone such as 2026-11-23T08:00:00Z. Did you mean 2026-11-23T08:00:00Z, which is UTC?',
    ],
    [
      'not_before: 2026-02-30T08:00:00Z',
      '3:13 not_before: got "2026-02-30T08:00:00Z", expected a time with its zone such as 2026-11-23T08:00:00Z.',
    ],
    [
      'rollout_percentage: 0',
      '3:21 rollout_percentage: got "0", expected a percentage from 1 to 100 such as 10 or 10%.',
    ],
    [
      'rollout_percentage: 0.1',
      '3:21 rollout_percentage: got "0.1", expected a percentage from 1 to 100 such as 10 or 10%. Did you mean 10%?',
    ],
    [
      'preset: canry',
      '3:9 preset: got "canry", expected one of standard, canary, blue-green, linear, major, low-traffic, shadow. Did you mean canary?',
    ],
  ])('is refused with its place: %s', (text, line) => {
    expect(problemsBelow(text)).toEqual([`rollout.yml:${line}`]);
  });
});

describe('an unknown key', () => {
  it.each([
    ['soka: 1h', '3:1 soka: got the unknown key "soka", expected a key of the plan. Did you mean soak?'],
    [
      'percentage: 5%',
      '3:1 percentage: got the unknown key "percentage", expected a key of the plan. percentage is a key of a stage.',
    ],
    [
      'windows: {}',
      '3:1 windows: got the unknown key "windows", expected a key of the plan. windows is not available in this version.',
    ],
    [
      'extends: base.yml',
      '3:1 extends: got the unknown key "extends", expected a key of the plan. extends is not available in this version.',
    ],
    [
      'stages:\n  - { percentage: 5%, bake: 1h }\n  - 100%',
      '4:23 stages[0].bake: got the unknown key "bake", expected a key of a stage. bake is a key of the plan.',
    ],
    [
      'stages:\n  - { percentage: 5%, min-sample: 9 }\n  - 100%',
      '4:23 stages[0].min-sample: got the unknown key "min-sample", expected a key of a stage. Did you mean min_samples?',
    ],
    [
      'gates: { eror_rate: 5% }',
      '3:10 gates.eror_rate: got the unknown key "eror_rate", expected a key of `gates`. Did you mean error_rate? A gate of your own needs a series of its name: metrics.eror_rate.',
    ],
    [
      'gates: { bleu: 5% }',
      '3:10 gates.bleu: got the unknown key "bleu", expected a key of `gates`. This version knows the gates error_rate, crash_rate, memory_rate, latency_p50, latency_p95, latency_p99, quality, adoption, assignment. A gate of your own needs a series of its name: metrics.bleu.',
    ],
    [
      'gates: { error_rate: { max: 5%, shdow: true } }',
      '3:33 gates.error_rate.shdow: got the unknown key "shdow", expected a key of a gate. Did you mean shadow?',
    ],
    [
      'gates: { latency_p95: { max: 5s, windows: 3 } }',
      '3:34 gates.latency_p95.windows: got the unknown key "windows", expected a key of a gate. windows is not available in this version.',
    ],
    [
      'gates: { latency_p95: { bsaeline: current } }',
      '3:25 gates.latency_p95.bsaeline: got the unknown key "bsaeline", expected a key of a gate. Did you mean baseline?',
    ],
    [
      'margin: 5%',
      '3:1 margin: got the unknown key "margin", expected a key of the plan. margin is a key of a gate.',
    ],
    [
      'gates: { qualty: 90% }',
      '3:10 gates.qualty: got the unknown key "qualty", expected a key of `gates`. Did you mean quality? A gate of your own needs a series of its name: metrics.qualty.',
    ],
    [
      'gates: { quality: { max: 90% } }',
      '3:21 gates.quality.max: got the unknown key "max", expected a key of the quality gate. max is a key of a gate.',
    ],
    [
      'gates: { assignment: { sevrity: warn } }',
      '3:24 gates.assignment.sevrity: got the unknown key "sevrity", expected a key of the assignment gate. Did you mean severity?',
    ],
    [
      'passwhen: proven',
      '3:1 passwhen: got the unknown key "passwhen", expected a key of the plan. Did you mean pass_when?',
    ],
    [
      'stages: [{ percentage: 5%, design_effect: 2 }, 100%]',
      '3:28 stages[0].design_effect: got the unknown key "design_effect", expected a key of a stage. design_effect is a key of the plan.',
    ],
    [
      'gates: { adoption: { mx: 5% } }',
      '3:22 gates.adoption.mx: got the unknown key "mx", expected one of min, severity.',
    ],
    [
      'rollback: { too: 1 }',
      '3:13 rollback.too: got the unknown key "too", expected a key of `rollback`. Did you mean to?',
    ],
    ['<<: {}', expect.stringContaining('3:1 <<: got the unknown key "<<", expected one of schema, model,')],
    [
      '__proto__: {}',
      expect.stringContaining('3:1 __proto__: got the unknown key "__proto__", expected one of schema,'),
    ],
    ['"a\\nb": 1', expect.stringContaining('3:1 a\\u{a}b: got the unknown key "a\\u{a}b"')],
  ])('is refused with its place and what may have been meant: %s', (text, line) => {
    expect(problemsBelow(text)).toEqual([typeof line === 'string' ? `rollout.yml:${line}` : line]);
  });
});

describe('a plan with many problems', () => {
  it('is told all of them at once, from top to bottom', () => {
    const text = [
      'model: radiology-v1',
      'stages: [5%, 3, 2%, { percentage: 50%, soak: 5, gates: { eror_rate: 5% } }, { soak: 1h }]',
      'bake: 1',
      'on_fail: abort',
    ].join('\n');
    expect(problemLines(text)).toEqual([
      'rollout.yml:1:1 version: got nothing, expected the version. Give the version input, or write version: into the plan.',
      'rollout.yml:2:14 stages[1]: got "3", expected a percentage with a % such as 5%. Did you mean 3% or 0.03%?',
      'rollout.yml:2:17 stages[2]: got "2%", expected more than the 5% of the stage before; stages increase strictly.',
      `rollout.yml:2:46 stages[3].soak: got "5", expected ${DURATION}. Did you mean 5m or 5s?`,
      'rollout.yml:2:58 stages[3].gates.eror_rate: got the unknown key "eror_rate", expected a key of `gates`. Did you mean error_rate? A gate of your own needs a series of its name: metrics.eror_rate.',
      'rollout.yml:2:77 stages[4].percentage: got nothing, expected a percentage with a % such as 5%.',
      'rollout.yml:2:85 stages[4].soak: got "1h", expected no soak in the last stage, which bakes. Write the time as bake, at the top of the plan.',
      `rollout.yml:3:7 bake: got "1", expected ${DURATION}. Did you mean 1m or 1s?`,
      'rollout.yml:4:10 on_fail: got "abort", expected one of rollback, pause, alert.',
    ]);
  });

  it('is answered at once, however many there are', () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `x${index}: 1`).join('\n');
    expect(problemsBelow(keys)).toHaveLength(20_000);
  });
});
