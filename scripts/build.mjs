/** Bundles the entries of src/ into dist/: one readable file each, the same bytes on every machine. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
// A bundle without packages has no licences.
const FILES = ['index.js', 'licenses.txt', 'package.json'];
const ENTRIES = [
  { source: 'src/index.ts', folder: '.' },
  { source: 'src/post.ts', folder: 'post', optional: true },
  { source: 'src/emulator/index.ts', folder: 'emulator' },
];
const USAGE = `Usage: npm run build -- [--out DIR]

Bundles src/index.ts, src/emulator/index.ts and, where it exists, src/post.ts. Everything else in DIR is
removed. DIR is dist/ by default.
`;

/** @typedef {{ source: string, folder: string, optional?: boolean }} Entry */

/**
 * Bundles one entry into a folder of its own. src/tsconfig.json keeps the types of the tests out of it.
 *
 * @param {Entry} entry
 * @param {string} out
 * @returns {Promise<void>}
 */
async function bundle({ source }, out) {
  const cli = createRequire(import.meta.url).resolve('@vercel/ncc/dist/ncc/cli.js');
  const options = ['--license', 'licenses.txt', '--target', 'es2023', '--no-cache', '--quiet'];
  const { code, output } = await run([cli, 'build', join(ROOT, source), '--out', out, ...options]);
  if (code !== 0) throw new Error(`ncc could not bundle ${source} (exit ${code}).\n${output.trim()}`);
  const made = await readdir(out);
  const unexpected = made.filter((file) => !FILES.includes(file));
  if (unexpected.length > 0) {
    const names = unexpected.join(', ');
    throw new Error(
      `${source} was bundled into more than one file: ${names}. A dynamic import() does that unless it says webpackMode: "eager".`,
    );
  }
}

/**
 * @param {string[]} args
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function run(args) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', fail);
    child.on('close', (code) => done({ code, output }));
  });
}

/**
 * Bundles every entry into `out`, which is left as it was when one of them fails.
 *
 * @param {string} out
 */
async function build(out) {
  const entries = ENTRIES.filter(
    ({ source, optional }) => optional !== true || existsSync(join(ROOT, source)),
  );
  const missing = entries.find(({ source }) => !existsSync(join(ROOT, source)));
  if (missing !== undefined)
    throw new Error(`${missing.source} does not exist, so there is nothing to bundle.`);

  const staging = await mkdtemp(join(tmpdir(), 'build-'));
  try {
    await Promise.all(entries.map((entry, index) => bundle(entry, join(staging, String(index)))));
    await rm(out, { recursive: true, force: true });
    for (const [index, { folder }] of entries.entries()) {
      const target = join(out, folder);
      await mkdir(target, { recursive: true });
      await cp(join(staging, String(index)), target, { recursive: true });
      await printSize(join(target, 'index.js'), out);
    }
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/**
 * @param {string} path
 * @param {string} out
 */
async function printSize(path, out) {
  const bytes = await readFile(path);
  const figures = `${bytes.length} bytes, ${gzipSync(bytes).length} gzipped`;
  console.log(`${relative(out, path)}: ${figures}`);
}

async function main() {
  const { values } = parseArgs({ options: { out: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help === true) process.stdout.write(USAGE);
  else await build(resolve(values.out ?? join(ROOT, 'dist')));
}

main().catch((error) => {
  console.error(`Build failed: ${error instanceof Error ? error.message : String(error)}`);
  console.error('Run `npm ci` first, and `npm run typecheck` to see errors of the sources.');
  process.exitCode = 1;
});
