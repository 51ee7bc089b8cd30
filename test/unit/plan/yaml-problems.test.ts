import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../../src/plan/parse.ts';
import { problemLines, problemsBelow } from '../../support/plan-lines.ts';

const ALIASES = 'Anchors and aliases are not part of a plan; write the value where it is used.';
const SHORTEST = 'The shortest plan is `preset: standard`.';

describe('a text that is no plan', () => {
  it.each([
    ['', `rollout.yml:1:1: got an empty plan, expected a map of keys. ${SHORTEST}`],
    ['# only a comment\n', `rollout.yml:1:1: got an empty plan, expected a map of keys. ${SHORTEST}`],
    ['---\n...\n', `rollout.yml:1:1: got an empty plan, expected a map of keys. ${SHORTEST}`],
    ['- 5%\n- 100%', `rollout.yml:1:1: got a list, expected a map of keys. ${SHORTEST}`],
    ['[]', `rollout.yml:1:1: got an empty list, expected a map of keys. ${SHORTEST}`],
    ['\n  standard', `rollout.yml:2:3: got "standard", expected a map of keys. ${SHORTEST}`],
  ])('is refused: %j', (text, line) => {
    expect(problemLines(text)).toEqual([line]);
  });
});

describe('YAML that a plan may not use', () => {
  it.each([
    ['soak: *later', `rollout.yml:3:7 soak: got the alias "later", expected the value itself. ${ALIASES}`],
    ['soak: &x 1h', `rollout.yml:3:10 soak: got the anchor "x", expected the value alone. ${ALIASES}`],
    [
      'soak: !!str 1h',
      'rollout.yml:3:13 soak: got the tag "tag:yaml.org,2002:str", expected the value alone.',
    ],
    ['soak: !mine 1h', 'rollout.yml:3:7: got a tag, expected the value alone.'],
    [
      '---\nsoak: 1h',
      'rollout.yml:3:1: got a second document, expected one plan. Leave the line with --- out.',
    ],
    ['1: 5%', 'rollout.yml:3:1: got a key that is no text, expected plain keys.'],
    ['true: 5%', 'rollout.yml:3:1: got a key that is no text, expected plain keys.'],
    ['? [soak]\n: 1h', 'rollout.yml:3:3: got a key that is no text, expected plain keys.'],
    ['gates: { 5: 1 }', 'rollout.yml:3:10 gates: got a key that is no text, expected plain keys.'],
    ['group: |\n  eu\n', 'rollout.yml:3:8 group: got a value over several lines, expected one line.'],
    ['group: eu\n  us', 'rollout.yml:3:8 group: got a value over several lines, expected one line.'],
    [
      'model: other',
      'rollout.yml:3:1 model: got the key a second time, expected every key once. It stands first in line 1, column 1.',
    ],
    [
      'gates: { error_rate: 5%, error_rate: 6% }',
      'rollout.yml:3:26 gates.error_rate: got the key a second time, expected every key once. It stands first in line 3, column 10.',
    ],
  ])('is refused: %j', (text, line) => {
    expect(problemsBelow(text)).toEqual([line]);
  });

  it('is refused: a directive, which could change what words mean', () => {
    expect(problemLines('%YAML 1.1\n---\nmodel: m\nversion: 1')).toEqual([
      'rollout.yml:1:1: got a directive, expected plain YAML 1.2. Leave the line with % out.',
    ]);
  });
});

describe('YAML that cannot be read', () => {
  it.each([
    [
      '\tsoak: 1h',
      'rollout.yml:3:1: got a tab as indentation, expected spaces. Replace the tab with two spaces.',
    ],
    [
      'soak: 1h: 2',
      'rollout.yml:3:7: got text that is not YAML ("Nested mappings are not allowed in compact mappings"), expected valid YAML.',
    ],
    [
      'group: "eu',
      'rollout.yml:3:11: got text that is not YAML ("Missing closing "quote"), expected valid YAML.',
    ],
    [
      'group: @eu\nsoak: `1h',
      [
        'rollout.yml:3:8: got text that is not YAML ("Plain value cannot start with reserved character @"), expected valid YAML.',
        'rollout.yml:4:7: got text that is not YAML ("Plain value cannot start with reserved character `"), expected valid YAML.',
      ],
    ],
  ])('is refused once per line: %j', (text, lines) => {
    expect(problemsBelow(text)).toEqual([lines].flat());
  });

  it.each([
    ['brackets', '['.repeat(100_000), 1],
    ['braces', '{a: '.repeat(50_000), 1],
    ['dashes', '- '.repeat(100_000), 1],
    ['question marks', '? '.repeat(50_000), 1],
    ['colons in a list', `model: m\nx: [${'a: '.repeat(40_000)}]`, 2],
  ])('is refused before it can exhaust the stack: %s', (_, text, line) => {
    const result = parsePlan({ name: 'rollout.yml', text }, {});
    expect(result).toMatchObject({
      ok: false,
      problems: [{ line, got: 'values nested too deeply', expected: 'a plan of four levels' }],
    });
  });
});

describe('YAML that is as good as any', () => {
  it.each([
    ['CRLF line ends', 'model: m\r\nversion: 1\r\nsoak: 1h\r\n'],
    ['a byte order mark', '\u{feff}model: m\nversion: 1'],
    ['a start of document', '---\nmodel: m\nversion: 1'],
    ['JSON indented with tabs', '{\n\t"model": "m",\n\t"version":\t"1"\n}'],
    ['quoted keys and values', '"model": \'m\'\nversion: "1"\nstages: ["5%", \'100%\']'],
  ])('is accepted: %s', (_, text) => {
    expect(problemLines(text)).toEqual([]);
  });

  it('counts columns without a byte order mark, which nobody sees', () => {
    expect(problemLines('\u{feff}soka: 1h')).toContainEqual(
      expect.stringMatching(/^rollout\.yml:1:1 soka: /),
    );
  });

  it('counts columns after CRLF line ends like everybody does', () => {
    expect(problemLines('model: m\r\nversion: 1\r\nsoak: 5\r\n')[0]).toMatch(
      /^rollout\.yml:3:7 soak: got "5"/,
    );
  });
});
