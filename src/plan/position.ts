/** Where something stands in a plan: a path of keys, and a line and a column. Pure. */
import { showInline } from './quote.ts';

/** Keys and list indexes from the top of a plan down to one value. */
export type Path = readonly (string | number)[];

/** A place in a text that a person can go to. Lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Returns a path as people write it: `stages[1].soak`; the empty text for the top. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const key = showInline(part);
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

/** Returns a text that is the same for equal paths only, whatever their keys contain. */
export function pathId(path: Path): string {
  return JSON.stringify(path);
}

/** Returns whether one path is the other, or leads to it. */
export function contains(outer: Path, inner: Path): boolean {
  return outer.length <= inner.length && outer.every((part, index) => part === inner[index]);
}

/** The file name of values that come from the workflow's inputs; it has no lines. */
export const INPUT_FILE = 'input';

/** Returns a position as editors and runners link it: `rollout.yml:4:12`, or `input` for the workflow's inputs. */
export function formatPosition({ file, line, column }: Position): string {
  return file === INPUT_FILE ? INPUT_FILE : `${showInline(file)}:${line}:${column}`;
}
