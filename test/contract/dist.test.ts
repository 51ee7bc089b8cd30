/** The committed bundles are what the sources make, run on every Node, and say nothing of this machine. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAction } from '../../scripts/stand-in-runner.mjs';
import { findRuntimes } from '../support/runtimes.ts';
import { ROOT } from '../support/source-tree.ts';

const DIST = join(ROOT, 'dist');
const runtimes = findRuntimes();
const folders: string[] = [];

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dist-'));
  folders.push(folder);
  return folder;
}

function readBundle(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  return new Map(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('dist/', () => {
  let built: Map<string, string>;

  beforeAll(() => {
    const out = makeFolder();
    execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs'), '--out', out], { encoding: 'utf8' });
    built = readBundle(out);
  });

  it('holds the files that a build makes, and no others', () => {
    expect([...readBundle(DIST).keys()]).toEqual([...built.keys()]);
  });

  it('holds the bytes that a build makes; otherwise run `npm run build` and commit it', () => {
    const committed = readBundle(DIST);
    const stale = [...built].filter(([path, text]) => committed.get(path) !== text).map(([path]) => path);
    expect(stale).toEqual([]);
  });

  it('holds one bundle for the main step, one for the post step and one for the emulator', () => {
    expect([...built.keys()].filter((path) => path.endsWith('index.js'))).toEqual([
      'emulator/index.js',
      'index.js',
      'post/index.js',
    ]);
  });

  it('names no folder of the machine that built it', () => {
    const places = [ROOT.replace(/\/$/, ''), tmpdir(), homedir()].filter((place) => place.length > 1);
    const found = [...built].flatMap(([path, text]) =>
      places.filter((place) => text.includes(`${place}/`)).map((place) => `${path}: ${place}`),
    );
    expect(found).toEqual([]);
  });

  it('comes with the licences of what it contains', () => {
    const licences = built.get('licenses.txt') ?? '';
    const packages = ['@actions/core', '@actions/github', '@actions/http-client', 'undici', 'yaml', 'zod'];
    expect(packages.filter((name) => !licences.includes(`${name}\n`))).toEqual([]);
  });
});

it('the bundles are tried on the Node of the runner', () => {
  expect(runtimes.map(({ major }) => major)).toContain(24);
});

describe.each(runtimes)('on Node $version', ({ path: node }) => {
  it('the action refuses an unknown command and fails', async () => {
    const home = makeFolder();
    const result = await runAction({
      root: ROOT,
      node,
      workspace: join(home, 'workspace'),
      temp: join(home, 'temp'),
      inputs: { command: 'dance' },
      timeoutMs: 30_000,
    });
    expect(result).toMatchObject({
      exitCode: 1,
      conclusion: 'failure',
      outputs: { outcome: 'invalid_input' },
      post: { exitCode: 0, log: [expect.stringMatching(/^Post job cleanup/)] },
    });
  });

  it('the emulator explains itself', () => {
    const { status, stdout } = spawnSync(node, [join(DIST, 'emulator/index.js'), '--help'], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining('--scenario') });
  });
});
