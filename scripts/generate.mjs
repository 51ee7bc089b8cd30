/** Writes the generated documents anew: the tests that compare them can also write them. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const FILES = [
  'test/contract/documents.test.ts',
  'test/contract/plan-documents.test.ts',
  'test/contract/report-schema.test.ts',
  'test/contract/emulator-document.test.ts',
  'test/contract/series-sources.test.ts',
];

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'contract', ...FILES], {
  cwd: ROOT,
  env: { ...process.env, UPDATE_DOCUMENTS: '1' },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
