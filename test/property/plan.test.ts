import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration, writeDuration } from '../../src/plan/duration.ts';
import { expandPlan } from '../../src/plan/expand.ts';
import { type ParseResult, parsePlan } from '../../src/plan/parse.ts';
import { formatProblem } from '../../src/plan/problem.ts';

const parse = (text: string): ParseResult => parsePlan({ name: 'p.yml', text }, {});

const durations = fc.integer({ min: 1, max: 86_400 }).map((seconds) => writeDuration(seconds * 1_000));

const stageLists = fc
  .uniqueArray(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 12 })
  .map((tenths) => tenths.toSorted((a, b) => a - b).map((each) => each / 10));

const stageText = fc.oneof(
  fc.constant((percentage: number) => `${percentage}%`),
  fc.record({ samples: fc.integer({ min: 1, max: 1_000 }), wait: durations }).map(
    ({ samples, wait }) =>
      (percentage: number) =>
        `{ percentage: "${percentage}%", min_samples: ${samples}, max_wait: ${wait} }`,
  ),
);

const plans = fc.record({
  percentages: stageLists,
  shape: stageText,
  soak: durations,
  bake: durations,
  version: fc.stringMatching(/^[0-9]{1,3}\.[0-9]{1,3}(\.[0-9]{1,3})?$/),
  maxErrors: fc.integer({ min: 1, max: 1_000 }).map((tenths) => tenths / 10),
  onFail: fc.constantFrom('rollback', 'pause', 'alert'),
});

const textOf = (plan: typeof plans extends fc.Arbitrary<infer T> ? T : never) =>
  [
    'model: radiology-v1',
    `version: ${plan.version}`,
    'stages:',
    ...plan.percentages.map((percentage) => `  - ${plan.shape(percentage)}`),
    `soak: ${plan.soak}`,
    `bake: ${plan.bake}`,
    `gates: { error_rate: ${plan.maxErrors}% }`,
    `on_fail: ${plan.onFail}`,
  ].join('\n');

/** Pieces of plans, whole and broken, so that random texts reach deep into the checks. */
const WORDS =
  'model version stages soak gates error_rate percentage preset rollback to none shadow canary 0% 5% 100% 1h 5 0.05 true null ~ auto __proto__ metrics';
const SIGNS = [': ', ':', '- ', '[', ']', '{', '}', ', ', '\n', '\n  ', '\n    ', '\t', '"', "'", '|', '>'];
const ODDITIES = '&a |*a|!t |? |#|---\n|...\n|%YAML 1.1\n|<<|\u{feff}|\r\n|\u{0}|\u{202e}|\ud800|💥';

const pieces = fc.constantFrom(...WORDS.split(' '), ...SIGNS, ...ODDITIES.split('|'));

const hostileTexts = fc.oneof(
  { weight: 4, arbitrary: fc.array(pieces, { maxLength: 60 }).map((each) => each.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  {
    weight: 3,
    arbitrary: fc
      .record({ plan: plans, at: fc.nat(), length: fc.nat({ max: 6 }), piece: pieces })
      .map((cut) => {
        const text = textOf(cut.plan);
        const at = cut.at % text.length;
        return text.slice(0, at) + cut.piece + text.slice(at + cut.length);
      }),
  },
);

function expectInside(result: ParseResult, text: string): void {
  if (result.ok) return;
  const lines = text.split('\n');
  expect(result.problems.length).toBeGreaterThan(0);
  for (const problem of result.problems) {
    expect(problem.line).toBeGreaterThanOrEqual(1);
    expect(problem.line).toBeLessThanOrEqual(lines.length);
    expect(problem.column).toBeGreaterThanOrEqual(1);
    expect(problem.column).toBeLessThanOrEqual((lines[problem.line - 1] ?? '').length + 1);
    expect(formatProblem(problem)).not.toMatch(/[\p{Cc}\p{Cs}\u{202e}]/u);
  }
}

describe('every plan that can be written', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(plans, (written) => {
        const result = parse(textOf(written));
        if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
        const { plan } = expandPlan(result.draft, { devices: null });
        expect(plan.version).toBe(written.version);
        expect(plan.onFail).toBe(written.onFail);
        expect(plan.stages.map((stage) => stage.percentage)).toEqual(written.percentages);
        const soakMs = parseDuration(written.soak);
        const last = plan.stages.length - 1;
        expect(plan.stages.map((stage) => stage.soakMs)).toEqual(
          plan.stages.map((_, index) => (index === last ? parseDuration(written.bake) : soakMs)),
        );
        for (const stage of plan.stages) {
          expect(stage.gates[0]).toMatchObject({ name: 'error_rate', maxRatio: written.maxErrors / 100 });
        }
      }),
      { numRuns: 400 },
    );
  });

  it('reaches its target in strictly increasing stages, whatever the fleet', () => {
    const presets = fc.constantFrom(
      'standard',
      'canary',
      'blue-green',
      'linear',
      'major',
      'low-traffic',
      'shadow',
    );
    const steps = fc
      .record({
        from: fc.integer({ min: 100, max: 10_000 }),
        add: fc.nat({ max: 10_000 }),
        step: fc.integer({ min: 100, max: 10_000 }),
      })
      .map(({ from, add, step }) => {
        const to = Math.min(10_000, from + add);
        return `rollout_percentage: ${from / 100}\ntarget_percentage: ${to / 100}\nincrement_step: ${step / 100}`;
      });
    const texts = fc.oneof(
      presets.map((preset) => `preset: ${preset}`),
      steps,
      stageLists.map((list) => `stages: [${list.map((each) => `${each}%`).join(', ')}]`),
    );
    fc.assert(
      fc.property(texts, fc.option(fc.integer({ min: 0, max: 200_000 })), (text, devices) => {
        const result = parse(`model: m\nversion: 1\n${text}`);
        if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
        const { plan } = expandPlan(result.draft, { devices });
        const percentages = plan.stages.map((stage) => stage.percentage);
        const target = /(?:target_percentage: |, |\[)([0-9.]+)%?\]?(?:\n|$)/.exec(text)?.[1] ?? '100';
        expect(percentages.at(-1)).toBe(Number(target));
        for (const [index, percentage] of percentages.entries()) {
          expect(percentage).toBeGreaterThan(percentages[index - 1] ?? -1);
        }
        expect(new Set(plan.stages.map((stage) => stage.name)).size).toBe(plan.stages.length);
        const longest = plan.stages.reduce((sum, stage) => sum + stage.soakMs + stage.maxWaitMs, 0);
        expect(plan.deadlineMs).toBe(longest);
      }),
      { numRuns: 600 },
    );
  });
});

describe('every text whatever', () => {
  it('is a plan, or is told what is wrong at places inside it, on lines that hide nothing', () => {
    fc.assert(
      fc.property(hostileTexts, (text) => {
        const result = parse(text);
        expectInside(result, text);
        if (result.ok)
          expect(expandPlan(result.draft, { devices: 12 }).plan.stages.at(-1)?.percentage).toBeGreaterThan(0);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('every input whatever', () => {
  it('is taken as it is, or refused by its own name', () => {
    const inputs = fc.record({
      model: fc.string({ unit: 'grapheme' }),
      version: fc.string({ unit: 'binary' }),
      group: fc.string(),
      preset: fc.oneof(fc.constantFrom('', 'canary'), fc.string()),
      rolloutPercentage: fc.oneof(fc.constantFrom('', '10', '10%'), fc.string()),
      toVersion: fc.string(),
    });
    fc.assert(
      fc.property(inputs, (given) => {
        const result = parsePlan(null, given);
        if (result.ok) {
          expect(result.draft).toMatchObject({ model: given.model, version: given.version });
          return;
        }
        for (const problem of result.problems) {
          expect(problem).toMatchObject({ file: 'input', line: 1, column: 1 });
          expect(['model', 'version', 'group', 'preset', 'rollout-percentage', 'to-version']).toContain(
            problem.path,
          );
        }
      }),
      { numRuns: 500 },
    );
  });
});
