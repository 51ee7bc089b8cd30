/** Computes every decision of one or more JSON reports again, with the product's own code; see --help. */
import { readFile } from 'node:fs/promises';

const USAGE = `Usage: node scripts/check-report.mjs REPORT.json [REPORT.json ...]

Computes every decision of the given reports again and compares it bit for bit; give the reports of all ticks
of a rollout to check the whole rollout. Ends with 0 when everything comes out again, with 1 at the first
difference, and with 2 when a file cannot be read. Check with the version of the action that wrote the reports.
`;

/** The product's own code, loaded only when there is something to check. */
async function load() {
  await import('./typescript/register.mjs');
  const { recomputeReport } = await import('../src/report/recompute.ts');
  const { oneLine } = await import('../src/report/sanitise.ts');
  return { recomputeReport, oneLine };
}

/**
 * @param {string} path
 * @param {Awaited<ReturnType<typeof load>>} product
 */
async function check(path, { recomputeReport, oneLine }) {
  const result = recomputeReport(JSON.parse(await readFile(path, 'utf8')));
  if (result.kind === 'same') {
    const { outcome, looks_taken: taken } = result.report;
    const left = taken === result.looks ? '' : ` of ${taken}`;
    process.stdout.write(
      `${path}: ${outcome}, ${result.looks}${left} looks, every decision comes out again\n`,
    );
    return result.looks;
  }
  const { where, reported, computed } = result;
  process.stderr.write(
    `${path}: ${oneLine(where)}: the report says ${oneLine(reported)}, computed is ${oneLine(computed)}\n`,
  );
  return null;
}

/** @param {readonly string[]} paths */
async function main(paths) {
  if (paths.length === 0 || paths.includes('--help')) {
    (paths.length === 0 ? process.stderr : process.stdout).write(USAGE);
    return paths.length === 0 ? 2 : 0;
  }
  const product = await load();
  let looks = 0;
  for (const path of paths) {
    try {
      const checked = await check(path, product);
      if (checked === null) return 1;
      looks += checked;
    } catch (error) {
      process.stderr.write(`${path}: ${product.oneLine(String(error))}; give the path of a JSON report\n`);
      return 2;
    }
  }
  process.stdout.write(`${paths.length} reports, ${looks} looks: no difference\n`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
