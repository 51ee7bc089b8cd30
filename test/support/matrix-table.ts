/** The size and the result of a fault matrix, as a table by fault. */
import type { CellResult } from './fault-matrix.ts';

/** Collects cells and prints them. */
export interface MatrixTable {
  add(fault: string, setting: string, cells: readonly CellResult[]): void;
  /** How many cells there are so far. */
  cells(): number;
  text(): string;
}

/** Returns an empty table; `title` says which cells ran and how. */
export function createMatrixTable(title: string): MatrixTable {
  const rows = new Map<string, Map<string, readonly CellResult[]>>();
  return {
    add(fault, setting, cells) {
      const row = rows.get(fault) ?? new Map<string, readonly CellResult[]>();
      rows.set(fault, row.set(setting, cells));
    },
    cells: () => [...rows.values()].flatMap((row) => [...row.values()].flat()).length,
    text() {
      const settings = [...new Set([...rows.values()].flatMap((row) => [...row.keys()]))];
      const all = [...rows.values()].flatMap((row) => [...row.values()].flat());
      const kept = (cells: readonly CellResult[]): string =>
        `${cells.filter(({ broken }) => broken.length === 0).length}/${cells.length}`;
      const lines = [...rows].map(([fault, row]) => [
        fault,
        ...settings.map((name) => kept(row.get(name) ?? [])),
      ]);
      const table = [['fault', ...settings], ...lines].map((line) =>
        line.map((cell, column) => (column === 0 ? cell.padEnd(26) : cell.padStart(32))).join(''),
      );
      return [`${title}: ${kept(all)} cells kept every promise`, ...table].join('\n');
    },
  };
}
