/** The sources keep to their layers and to the rules of the house, and the checks of that catch a breach. */
import { describe, expect, it } from 'vitest';
import { findEmptyNames, findMissingDocstrings, findUnfairTests } from '../support/house-rules.ts';
import { findLayerBreaches } from '../support/layer-rules.ts';
import { readSources } from '../support/source-tree.ts';

const sources = readSources('src');
const tests = readSources('test');

describe('the sources', () => {
  it('are there', () => {
    expect([...sources.keys()]).toContain('src/core/plan.ts');
  });

  it('import only what their layer may, without cycles, and keep the pure part pure', () => {
    expect(findLayerBreaches(sources)).toEqual([]);
  });

  it('say what each file and each exported symbol is', () => {
    expect(findMissingDocstrings(sources)).toEqual([]);
  });

  it('and the tests have names that say what is in them', () => {
    expect([...findEmptyNames(sources), ...findEmptyNames(tests)]).toEqual([]);
  });
});

describe('the tests', () => {
  it('mock no module and leave nothing out', () => {
    expect(findUnfairTests(tests)).toEqual([]);
  });
});

describe('findLayerBreaches', () => {
  const target = 'export const a = 1;\n';
  const rows = [
    { path: 'src/core/a.ts', text: "import { a } from './b.ts';", with: 'src/core/b.ts', gives: [] },
    {
      path: 'src/octomil/a.ts',
      text: "import { a } from '../runtime/b.ts';",
      with: 'src/runtime/b.ts',
      gives: [],
    },
    { path: 'src/emulator/a.ts', text: "import http from 'node:http';\nimport { z } from 'zod';", gives: [] },
    { path: 'src/index.ts', text: 'process.exitCode = 1;', gives: [] },
    {
      path: 'src/core/a.ts',
      text: 'const a = (process: number) => ({ console: process });',
      gives: [/process/],
    },
    { path: 'src/core/a.ts', text: 'const a = { process: 1, console: 2 }; a.process;', gives: [] },
    { path: 'src/report/a.ts', text: 'new Date(0).toISOString();', gives: [] },
    {
      path: 'src/core/a.ts',
      text: "import { a } from '../runtime/b.ts';",
      with: 'src/runtime/b.ts',
      gives: [/core imports runtime/],
    },
    {
      path: 'src/core/a.ts',
      text: "import type { A } from '../plan/b.ts';",
      with: 'src/plan/b.ts',
      gives: [/core imports plan/],
    },
    {
      path: 'src/metrics/a.ts',
      text: "export * from '../octomil/b.ts';",
      with: 'src/octomil/b.ts',
      gives: [/metrics imports octomil/],
    },
    {
      path: 'src/action/a.ts',
      text: "import { a } from '../emulator/b.ts';",
      with: 'src/emulator/b.ts',
      gives: [/action imports emulator/],
    },
    {
      path: 'src/emulator/a.ts',
      text: "import { a } from '../octomil/b.ts';",
      with: 'src/octomil/b.ts',
      gives: [/emulator imports octomil/],
    },
    { path: 'src/core/a.ts', text: "import { z } from 'zod';", gives: [/package zod/] },
    { path: 'src/core/a.ts', text: "import fs from 'node:fs';", gives: [/package node:fs/] },
    {
      path: 'src/octomil/a.ts',
      text: "import * as c from '@actions/core';",
      gives: [/octomil imports @actions\/core/],
    },
    { path: 'src/core/a.ts', text: "import { a } from './gone.ts';", gives: [/not in src/] },
    { path: 'src/shared/a.ts', text: '', gives: [/not a layer/] },
    { path: 'src/core/a.ts', text: 'const a = Date.now();', gives: [/:1: Date\.now/] },
    { path: 'src/core/a.ts', text: '\nconst a = new Date();', gives: [/:2: new Date/] },
    { path: 'src/plan/a.ts', text: 'const a = Math.random();', gives: [/Math\.random/] },
    { path: 'src/core/a.ts', text: 'console.log(1);', gives: [/console/] },
    { path: 'src/core/a.ts', text: 'setTimeout(() => {}, 1);', gives: [/setTimeout/] },
    { path: 'src/report/a.ts', text: "const a = process.env['A'];", gives: [/process/] },
    { path: 'src/octomil/a.ts', text: "const a = import('./b.ts');", gives: [/dynamic import/] },
    { path: 'src/github/a.ts', text: "const a = import('b');", gives: [/dynamic import/] },
    { path: 'src/github/a.ts', text: 'const a = import(/* webpackMode: "eager" */ "b");', gives: [] },
    {
      path: 'src/octomil/a.ts',
      text: 'const a = import(/* webpackMode: "eager" */ "b");',
      gives: [/dynamic import/],
    },
    { path: 'src/action/run.ts', text: 'process.exitCode = 1;', gives: [/exitCode belongs/] },
    {
      path: 'src/action/run.ts',
      text: "import { setFailed } from '@actions/core';",
      gives: [/setFailed belongs/],
    },
  ];

  it.each(rows)('judges $path: $text', ({ path, text, gives, ...row }) => {
    const other: [string, string][] = row.with === undefined ? [] : [[row.with, target]];
    const found = findLayerBreaches(new Map([[path, text], ...other]));
    expect(found).toEqual(gives.map((pattern) => expect.stringMatching(pattern)));
  });

  it('names the files of a cycle, types included', () => {
    const tree = new Map([
      ['src/core/a.ts', "import type { B } from './b.ts';"],
      ['src/core/b.ts', "import { c } from './c.ts';"],
      ['src/core/c.ts', "import { a } from './a.ts';"],
    ]);
    expect(findLayerBreaches(tree)).toEqual([
      'cycle: src/core/a.ts → src/core/b.ts → src/core/c.ts → src/core/a.ts',
    ]);
  });
});

describe('findMissingDocstrings', () => {
  const head = '/** Head. */\n';
  const rows = [
    { text: `${head}/** Returns one. */\nexport const a = 1;`, gives: [] },
    { text: `${head}const own = 1;\ninterface Own {}`, gives: [] },
    {
      text: `${head}/** All. */\nexport const ALL = ['a'] as const;\nexport type A = (typeof ALL)[number];`,
      gives: [],
    },
    { text: `${head}export const a = 1;`, gives: ['src/a.ts:2: a has no docstring'] },
    {
      text: `${head}import b from 'b';\n// Why.\nexport function a() {}`,
      gives: ['src/a.ts:4: a has no docstring'],
    },
    { text: `${head}type X = 1;\nexport interface A {}`, gives: ['src/a.ts:3: A has no docstring'] },
    { text: 'const a = 1;', gives: ['src/a.ts:1: the file has no sentence at its head'] },
  ];

  it.each(rows)('judges $text', ({ text, gives }) => {
    expect(findMissingDocstrings(new Map([['src/a.ts', text]]))).toEqual(gives);
  });
});

describe('findEmptyNames', () => {
  it.each([
    { path: 'src/core/decide.ts', found: 0 },
    { path: 'src/action/common-sense/x.ts', found: 1 },
    { path: 'src/core/utils.ts', found: 1 },
    { path: 'test/helpers/x.ts', found: 1 },
    { path: 'src/octomil/session-manager.ts', found: 0 },
  ])('finds $found in $path', ({ path, found }) => {
    expect(findEmptyNames(new Map([[path, '']]))).toHaveLength(found);
  });
});

describe('findUnfairTests', () => {
  it.each([
    { text: "it.each([])('a', () => {});", found: 0 },
    { text: "const note = 'it.skip(';", found: 0 },
    { text: "it.skip('a', () => {});", found: 1 },
    { text: "describe.only('a', () => {});", found: 1 },
    { text: "test.concurrent.todo('a');", found: 1 },
    { text: "vi.mock('../src/a.ts');", found: 1 },
  ])('finds $found in $text', ({ text, found }) => {
    expect(findUnfairTests(new Map([['test/a.test.ts', text]]))).toHaveLength(found);
  });
});
