/** The lockfile installs on every platform, from any registry, without running anything. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  findInstallScripts,
  findMissingOptionals,
  findUnsafeEntries,
  readLockfile,
} from '../support/lockfile.ts';
import { ROOT } from '../support/source-tree.ts';

const lock = readLockfile(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));

describe('package-lock.json', () => {
  it('has every platform package that a package names', () => {
    expect(findMissingOptionals(lock)).toEqual([]);
  });

  it('has an integrity for each package and the address of no registry', () => {
    expect(findUnsafeEntries(lock)).toEqual([]);
  });

  it('needs no install script', () => {
    expect(findInstallScripts(lock)).toEqual([]);
  });
});

describe('the checks', () => {
  const integrity = 'sha512-x';
  const rows = [
    {
      title: 'find an optional package anywhere above its parent',
      packages: {
        'node_modules/a/node_modules/b': { optionalDependencies: { c: '1', d: '1' } },
        'node_modules/c': { integrity },
        'node_modules/a/node_modules/d': { integrity },
      },
      gives: [],
    },
    {
      title: 'miss an optional package that npm dropped',
      packages: { 'node_modules/a': { optionalDependencies: { '@a/linux': '1' } } },
      gives: ['node_modules/a needs @a/linux, which has no entry with integrity'],
    },
    {
      title: 'miss an optional package of the project itself',
      packages: { '': { optionalDependencies: { a: '1' } } },
      gives: ['the project needs a, which has no entry with integrity'],
    },
    {
      title: 'miss an optional package without integrity',
      packages: { 'node_modules/a': { optionalDependencies: { b: '1' } }, 'node_modules/b': {} },
      gives: ['node_modules/a needs b, which has no entry with integrity'],
    },
  ];

  it.each(rows)('$title', ({ packages, gives }) => {
    expect(findMissingOptionals(readLockfile(JSON.stringify({ packages })))).toEqual(gives);
  });

  it('find addresses, missing integrity and install scripts that run on Linux', () => {
    const packages = readLockfile(
      JSON.stringify({
        packages: {
          '': {},
          'node_modules/a': { integrity, resolved: 'https://registry.invalid/a.tgz' },
          'node_modules/b': { hasInstallScript: true },
          'node_modules/c': { integrity, hasInstallScript: true, os: ['darwin'] },
        },
      }),
    );
    expect(findUnsafeEntries(packages)).toEqual([
      'node_modules/a: resolved from https://registry.invalid/a.tgz',
      'node_modules/b: no integrity',
    ]);
    expect(findInstallScripts(packages)).toEqual(['node_modules/b']);
  });
});
