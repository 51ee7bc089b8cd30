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

/** A hundredth of a percent is the finest that is drawn, so that ratios are exact enough to compare. */
const marginTexts = fc.integer({ min: 0, max: 100_000 }).map((hundredths) => `${hundredths / 100}%`);

const comparisons = fc.oneof(
  fc.constant({ text: '', margin: 0 as number | null }),
  fc.constant({ text: ', baseline: none', margin: null as number | null }),
  marginTexts.map((text) => ({ text: `, margin: ${text}`, margin: Number(text.slice(0, -1)) / 100 })),
);

const optionalGates = fc.record({
  latency: fc.constantFrom(
    { text: 'none', kinds: [] as readonly string[] },
    { text: '400ms', kinds: ['latency'] },
    { text: '{ baseline: current }', kinds: ['relative_latency'] },
    { text: '{ max: 1.5s, baseline: current, margin: 0% }', kinds: ['latency', 'relative_latency'] },
  ),
  quality: fc.option(fc.integer({ min: 1, max: 999 }).map((tenths) => tenths / 10)),
  assignment: fc.constantFrom('none', '{}', '{ severity: warn }'),
});

const plans = fc.record({
  percentages: stageLists,
  shape: stageText,
  soak: durations,
  bake: durations,
  version: fc.stringMatching(/^[0-9]{1,3}\.[0-9]{1,3}(\.[0-9]{1,3})?$/),
  maxErrors: fc.integer({ min: 1, max: 999 }).map((tenths) => tenths / 10),
  comparison: comparisons,
  others: optionalGates,
  passWhen: fc.constantFrom('not_failed', 'proven'),
  designEffect: fc.integer({ min: 10, max: 10_000 }).map((tenths) => tenths / 10),
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
    `pass_when: ${plan.passWhen}`,
    `design_effect: ${plan.designEffect}`,
    'gates:',
    `  error_rate: { max: ${plan.maxErrors}%${plan.comparison.text} }`,
    `  latency_p95: ${plan.others.latency.text}`,
    `  quality: ${plan.others.quality === null ? 'none' : `${plan.others.quality}%`}`,
    `  assignment: ${plan.others.assignment}`,
    `on_fail: ${plan.onFail}`,
  ].join('\n');

/** Pieces of plans, whole and broken, so that random texts reach deep into the checks. */
const WORDS =
  'model version stages soak gates error_rate latency_p95 quality assignment baseline margin pass_when design_effect -5% proven current percentage preset rollback to none shadow canary 0% 5% 100% 1h 5 0.05 true null ~ auto __proto__ metrics';
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
        expect(plan.designEffect).toBe(written.designEffect);
        const { latency, quality, assignment } = written.others;
        for (const stage of plan.stages) {
          const kinds = stage.gates.map((gate) => gate.kind);
          expect(stage.passWhen).toBe(written.passWhen);
          expect(stage.gates[0]).toMatchObject({
            name: 'error_rate',
            maxRatio: written.maxErrors / 100,
            margin: written.comparison.margin,
          });
          expect(kinds.filter((kind) => kind.includes('latency'))).toEqual(latency.kinds);
          expect(kinds.includes('quality')).toBe(quality !== null);
          expect(kinds.includes('assignment')).toBe(assignment !== 'none' && stage.percentage < 100);
          expect(
            stage.gates.every((gate) => gate.kind !== 'assignment' || gate.severity !== 'critical'),
          ).toBe(true);
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

describe('every plan on every fleet', () => {
  it('is told briefly what its devices cannot settle, and refused only where a stage must be proven', () => {
    fc.assert(
      fc.property(plans, fc.option(fc.integer({ min: 0, max: 2_000_000 })), (written, devices) => {
        const result = parse(textOf(written));
        if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
        const { plan, notes, problems } = expandPlan(result.draft, { devices });
        const limits = new Set(plan.stages.flatMap(({ gates }) => gates.map((gate) => gate.name)));
        expect(notes.length).toBeLessThanOrEqual(2 + limits.size);
        expect(new Set(notes).size).toBe(notes.length);
        for (const line of [...notes, ...problems]) expect(line).not.toMatch(/NaN|Infinity|undefined|null/);
        if (devices === null || written.passWhen === 'not_failed') expect(problems).toEqual([]);
        expect(problems.length).toBeLessThanOrEqual(plan.stages.length);
      }),
      { numRuns: 200 },
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
