/** The repository is complete, its change log names the version, and nothing in it belongs to one machine. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/source-tree.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const FILES = [
  '.ci/run',
  '.github/CODEOWNERS',
  '.github/dependabot.yml',
  '.node-version',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'SECURITY.md',
  'action.yml',
  'dist/index.js',
  'dist/package.json',
  'dist/licenses.txt',
  'dist/emulator/index.js',
  'docs/architecture.md',
  'docs/emulator.md',
  'docs/plan-reference.md',
  'docs/reason-codes.md',
  'plan.schema.json',
  'report.schema.json',
];

/** Text files of the repository as git sees them, bundles and lockfile left out. */
function trackedFiles(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return listed
    .split('\n')
    .filter((path) => path !== '' && !path.startsWith('dist/') && path !== 'package-lock.json')
    .filter((path) => existsSync(join(ROOT, path)) && statSync(join(ROOT, path)).isFile());
}

describe('the repository', () => {
  it.each(FILES)('has %s', (path) => {
    expect(existsSync(join(ROOT, path))).toBe(true);
  });

  it('has an entry of the change log for the version of package.json', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(read('CHANGELOG.md')).toContain(`\n## [${version}] - `);
  });

  it('runs its checks with one executable file', () => {
    expect(statSync(join(ROOT, '.ci/run')).mode & 0o111).not.toBe(0);
  });

  it('pins every dependency to one version', () => {
    const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string> | undefined>;
    const groups = ['dependencies', 'devDependencies', 'optionalDependencies'];
    const versions = groups.flatMap((group) => Object.entries(manifest[group] ?? {}));
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('links only to files that exist', () => {
    const broken = trackedFiles()
      .filter((path) => path.endsWith('.md') && !path.startsWith('test/'))
      .flatMap((path) =>
        [...read(path).matchAll(/\]\((?<target>[^)#\s]+)(?:#[^)]*)?\)/g)]
          .map(({ groups }) => groups?.['target'] ?? '')
          .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(ROOT, path, '..', target)))
          .map((target) => `${path}: ${target}`),
      );
    expect(broken).toEqual([]);
  });

  it('names no folder or registry of one machine', () => {
    const places = [
      /(^|[\s'"`(=:])\/(work|root)\//m,
      /\/home\/(?!runner\/)[a-z]/,
      /\/\/registry\.[a-z]+\.[a-z]/,
    ];
    const found = trackedFiles().flatMap((path) =>
      places.filter((place) => place.test(read(path))).map((place) => `${path}: ${place}`),
    );
    expect(found).toEqual([]);
  });
});
