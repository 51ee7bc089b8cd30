/** The options of the bench. Pure. */
import { parseArgs } from 'node:util';

/** What a run of the bench was asked for. */
export interface BenchOptions {
  readonly seed: number;
  /** Multiplies the runs of every cell. */
  readonly scale: number;
  /** Only cells whose section and name contain this text, in any case. */
  readonly filter: string;
  readonly workers: number;
  /** Path of the JSON file, or null for none. */
  readonly json: string | null;
  readonly help: boolean;
}

/** The text of --help. */
export const USAGE = `Usage: npm run bench:gates [-- --seed N] [--runs FACTOR] [--cells TEXT] [--workers N] [--json FILE]

Rolls out healthy and broken versions on simulated fleets and lets the gate rule and its peers judge the same
rollouts. Prints one Markdown table a section. Exits 1 when the gate rule breaks its promise in a cell.

  --seed N       seed of every draw; results depend on it alone (default 1)
  --runs FACTOR  multiplies the runs of every cell (default 1)
  --cells TEXT   only cells whose section or name contains the text
  --workers N    threads (default 2); changes the time only
  --json FILE    writes the results as JSON too
  --help         prints this
`;

/** Returns the options; throws a RangeError or a TypeError that says what is wrong with them. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { seed: text, runs: text, cells: text, workers: text, json: text, help: { type: 'boolean' } },
  });
  return {
    seed: whole('seed', values.seed ?? '1', 0),
    scale: factor(values.runs ?? '1'),
    filter: values.cells ?? '',
    workers: whole('workers', values.workers ?? '2', 1),
    json: values.json ?? null,
    help: values.help ?? false,
  };
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new RangeError(`--${name} is "${text}"; give a whole number of at least ${least}.`);
}

function factor(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new RangeError(`--runs is "${text}"; give a number above 0, such as 0.1 for a tenth of the runs.`);
}
