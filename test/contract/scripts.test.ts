/** The scripts, which run without a build, keep to the types that their comments state. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { ROOT } from '../support/source-tree.ts';

it('the scripts type-check under the rules of tsconfig.json', () => {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const paths = readdirSync(join(ROOT, 'scripts'), { recursive: true, encoding: 'utf8' });
  const scripts = paths.filter((path) => path.endsWith('.mjs')).map((path) => join(ROOT, 'scripts', path));
  const program = ts.createProgram(scripts, { ...options, allowJs: true, checkJs: true });
  const problems = ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
    return `${file?.fileName}:${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
  expect(scripts.length).toBeGreaterThan(0);
  expect(problems).toEqual([]);
});
