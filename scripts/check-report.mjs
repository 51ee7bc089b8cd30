/** Computes every decision of JSON reports again, and checks that they go on from each other; see --help. */
import { readFile } from 'node:fs/promises';

const USAGE = `Usage: node scripts/check-report.mjs REPORT.json [REPORT.json ...]

Computes every decision of the given reports again and compares it bit for bit. Of several reports it checks as
well that they are of one rollout and one plan, none twice, and that each run begins with what the one before it
left, or says who changed it: give the reports of all ticks of a rollout, in any order. A tick that only waited
leaves nothing behind, so that its report may be missing unseen; one that wrote may not.

Ends with 0 when everything comes out again, with 1 and the differences when not, and with 2 when a file cannot be
read. Check with the version of the action that wrote the reports.
`;

/** The product's own code, loaded only when there is something to check. */
async function load() {
  await import('./typescript/register.mjs');
  const { recomputeReport } = await import('../src/report/recompute.ts');
  const { continuityOf } = await import('../src/report/continuity.ts');
  const { decodeExact } = await import('../src/report/exact-json.ts');
  const { digestOf } = await import('../src/plan/digest.ts');
  const { oneLine } = await import('../src/report/sanitise.ts');
  return { recomputeReport, continuityOf, decodeExact, digestOf, oneLine };
}

/** @typedef {Awaited<ReturnType<typeof load>>} Product */

/**
 * Returns the first difference within one report, or the report.
 *
 * @param {string} path
 * @param {Product} product
 * @returns {Promise<ReturnType<Product['recomputeReport']>>}
 */
async function recomputed(path, { recomputeReport, decodeExact, digestOf }) {
  const result = recomputeReport(JSON.parse(await readFile(path, 'utf8')));
  if (result.kind === 'different' || result.report.plan === null) return result;
  const plan = /** @type {Parameters<typeof digestOf>[0]} */ (decodeExact(result.report.plan));
  const computed = digestOf(plan);
  const { digest: reported } = result.report.plan;
  return reported === computed ? result : { kind: 'different', where: 'plan.digest', reported, computed };
}

/**
 * @param {readonly string[]} paths
 * @param {Product} product
 */
async function checkEach(paths, product) {
  const { oneLine } = product;
  const reports = [];
  for (const path of paths) {
    const result = await recomputed(path, product).catch((error) => {
      throw new Error(`${path}: ${String(error)}; give the paths of JSON reports`);
    });
    if (result.kind === 'same') {
      const { outcome, looks_taken: taken } = result.report;
      const left = taken === result.looks ? '' : ` of ${taken}`;
      const said = `${outcome}, ${result.looks}${left} looks, every decision comes out again`;
      process.stdout.write(`${oneLine(path)}: ${said}\n`);
      reports.push({ name: path, report: result.report });
    } else {
      const { where, reported, computed } = result;
      const said = `the report says ${oneLine(reported)}, computed is ${oneLine(computed)}`;
      process.stderr.write(`${oneLine(path)}: ${oneLine(where)}: ${said}\n`);
    }
  }
  return reports;
}

/**
 * @param {Awaited<ReturnType<typeof checkEach>>} reports
 * @param {Product} product
 */
function checkTogether(reports, { continuityOf, oneLine }) {
  const { problems, remarks, chain } = continuityOf(reports);
  for (const remark of remarks) process.stdout.write(`note: ${oneLine(remark)}\n`);
  for (const { name, where, why } of problems) {
    process.stderr.write(`${oneLine(name)}: ${oneLine(where)}: ${oneLine(why)}\n`);
  }
  if (problems.length > 0) return 1;
  const looks = reports.reduce((sum, { report }) => sum + report.looks.length, 0);
  const going = chain.length > 1 ? `, ${chain.length} of them go on from each other` : '';
  const many = reports.length === 1 ? '1 report' : `${reports.length} reports`;
  process.stdout.write(`${many}, ${looks} looks: no difference${going}\n`);
  return 0;
}

/** @param {readonly string[]} paths */
async function main(paths) {
  if (paths.length === 0 || paths.includes('--help')) {
    (paths.length === 0 ? process.stderr : process.stdout).write(USAGE);
    return paths.length === 0 ? 2 : 0;
  }
  const product = await load();
  try {
    const reports = await checkEach(paths, product);
    return reports.length < paths.length ? 1 : checkTogether(reports, product);
  } catch (error) {
    process.stderr.write(`${product.oneLine(/** @type {Error} */ (error).message)}\n`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
