/** The command `npm run bench:gates`. */
import { writeFile } from 'node:fs/promises';
import { CELLS } from './cells.ts';
import { parseOptions, USAGE } from './command-line.ts';
import { checkPromises } from './promises.ts';
import { runInParallel } from './run-in-parallel.ts';
import { renderTables } from './tables.ts';

/** Where the command writes and how it starts a thread. */
export interface BenchShell {
  readonly workerUrl: URL;
  out(text: string): void;
  err(text: string): void;
}

/** Runs the bench and returns the exit code: 1 when a promise is broken, 2 when the options make no sense. */
export async function main(args: readonly string[], shell: BenchShell): Promise<number> {
  let options: ReturnType<typeof parseOptions>;
  try {
    options = parseOptions(args);
  } catch (error) {
    shell.err(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  if (options.help) {
    shell.out(USAGE);
    return 0;
  }
  const { seed, scale, workers, json } = options;
  const wanted = options.filter.toLowerCase();
  const cells = CELLS.filter(({ section, name }) => `${section}: ${name}`.toLowerCase().includes(wanted)).map(
    (cell) => ({
      ...cell,
      runs: Math.max(1, Math.round(cell.runs * scale)),
      sideRuns: Math.max(1, Math.round(cell.sideRuns * scale)),
    }),
  );
  if (cells.length === 0) {
    shell.err(`No cell's section or name contains "${options.filter}"; leave --cells out to see them all.\n`);
    return 2;
  }
  const results = await runInParallel(cells, { seed, workers, workerUrl: shell.workerUrl });
  const { broken, untested } = checkPromises(cells, results);
  shell.out(`${renderTables(results)}\n\nSeed ${seed}, ${cells.length} cells.\n`);
  if (json !== null) {
    const report = { schema_version: 1, seed, scale, cells: results, broken, untested };
    await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  }
  for (const sentence of untested) shell.err(`Not tested. ${sentence}\n`);
  for (const sentence of broken) shell.err(`Broken promise. ${sentence}\n`);
  return broken.length === 0 ? 0 : 1;
}
