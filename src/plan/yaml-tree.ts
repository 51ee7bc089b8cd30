/** Reads a plan's YAML or JSON into a plain tree in which every value knows where it stands. Pure. */
import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from 'yaml';
import { deepNestingAt } from './nesting.ts';
import { formatPath, type Path, type Position, pathId } from './position.ts';
import type { PlanProblem } from './problem.ts';
import { quote } from './quote.ts';

/** A value as it was written: scalars are their source text, so that `1.10` stays `1.10`. */
export type Tree = string | boolean | null | readonly Tree[] | TreeMap;

/** A map as it was written; it has no prototype, so every key is data. */
export interface TreeMap {
  readonly [key: string]: Tree;
}

/** Where a value and its key stand, and how the value is called in `got`. */
export interface Mark {
  readonly value: Position;
  readonly key: Position;
  readonly got: string;
  /** Path shown to people where it is not the plan's own: the kebab name of a workflow input. */
  readonly shown: string | null;
}

/** A plan text that could be read, or why it could not. */
export type YamlTree =
  | { readonly ok: true; readonly root: TreeMap; readonly marks: ReadonlyMap<string, Mark> }
  | { readonly ok: false; readonly problems: readonly PlanProblem[] };

/**
 * Returns the tree of a text with the mark of every value, by `pathId`.
 *
 * Never throws. Refused: syntax errors, several documents, directives, tags, anchors, aliases, keys that are
 * no text, repeated keys, values over several lines, an empty text, and anything but a map at the top.
 */
export function readYamlTree(text: string, file: string): YamlTree {
  const reader = new TreeReader(text, file);
  try {
    return reader.read();
  } catch (thrown) {
    // The parser recurses for long chains of keys; everything else would be a bug of ours.
    if (!(thrown instanceof RangeError)) throw thrown;
    return { ok: false, problems: [reader.nestingProblem(0)] };
  }
}

class TreeReader {
  readonly #text: string;
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #marks = new Map<string, Mark>();
  readonly #problems: PlanProblem[] = [];

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
    this.#lines.addNewLine(0);
    for (const { index } of text.matchAll(/\n/g)) this.#lines.addNewLine(index + 1);
  }

  read(): YamlTree {
    const deep = deepNestingAt(this.#text);
    if (deep !== null) return { ok: false, problems: [this.nestingProblem(deep)] };
    const document = parseDocument(this.#text, {
      prettyErrors: false,
      // Compared here with a Set: the library compares each key with every other one.
      uniqueKeys: false,
      strict: true,
      merge: false,
      schema: 'core',
      version: '1.2',
    });
    const reported = new Set<number>();
    for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
      // What follows in the same line is nearly always a consequence.
      const { line } = this.#position(pos[0]);
      if (!reported.has(line)) this.#report(pos[0], [], syntaxProblem(code, message));
      reported.add(line);
    }
    if (this.#problems.length > 0) return { ok: false, problems: this.#problems };
    const contents: Node | null = document.contents;
    if (document.directives?.yaml.explicit) {
      this.#report(0, [], {
        got: 'a directive',
        expected: 'plain YAML 1.2',
        hint: 'Leave the line with % out.',
      });
    }
    const root = contents === null ? null : this.#readNode(contents, []);
    if (!isTreeMap(root)) this.#report(isEmpty(contents) ? 0 : startOf(contents), [], notAMap(contents));
    return this.#problems.length === 0 && isTreeMap(root)
      ? { ok: true, root, marks: this.#marks }
      : { ok: false, problems: this.#problems };
  }

  nestingProblem(offset: number): PlanProblem {
    const what = { got: 'values nested too deeply', expected: 'a plan of four levels', hint: null };
    return { ...this.#position(offset), path: '', ...what };
  }

  #readNode(node: Node, path: Path): Tree {
    if (isAlias(node)) {
      this.#report(startOf(node), path, {
        got: `the alias ${quote(node.source)}`,
        expected: 'the value itself',
        hint: NO_ALIASES,
      });
      return null;
    }
    if (node.anchor !== undefined) {
      this.#report(startOf(node), path, {
        got: `the anchor ${quote(node.anchor)}`,
        expected: 'the value alone',
        hint: NO_ALIASES,
      });
    }
    if (node.tag !== undefined) {
      this.#report(startOf(node), path, {
        got: `the tag ${quote(node.tag)}`,
        expected: 'the value alone',
        hint: null,
      });
    }
    if (isMap(node)) return this.#readMap(node.items, path);
    if (isSeq(node)) return node.items.map((item, index) => this.#readItem(item, [...path, index]));
    return isScalar(node) ? this.#readScalar(node, path) : null;
  }

  #readItem(item: unknown, path: Path): Tree {
    if (!isNode(item)) return null;
    this.#mark(path, startOf(item), item);
    return this.#readNode(item, path);
  }

  #readMap(pairs: readonly Pair[], path: Path): TreeMap {
    const map: Record<string, Tree> = Object.create(null);
    const seen = new Map<string, number>();
    for (const { key, value } of pairs) {
      const at = isNode(key) ? startOf(key) : 0;
      if (
        !isScalar(key) ||
        typeof key.value !== 'string' ||
        key.anchor !== undefined ||
        key.tag !== undefined
      ) {
        this.#report(at, path, { got: 'a key that is no text', expected: 'plain keys', hint: null });
        continue;
      }
      const name = key.value;
      const first = seen.get(name);
      if (first !== undefined) {
        const { line, column } = this.#position(first);
        const hint = `It stands first in line ${line}, column ${column}.`;
        this.#report(at, [...path, name], { got: 'the key a second time', expected: 'every key once', hint });
        continue;
      }
      seen.set(name, at);
      this.#mark([...path, name], at, isNode(value) ? value : null);
      map[name] = isNode(value) ? this.#readNode(value, [...path, name]) : null;
    }
    return map;
  }

  #readScalar(node: Node & { value: unknown; source?: string }, path: Path): Tree {
    const [start, end] = node.range ?? [0, 0];
    if (/[\r\n]/.test(this.#text.slice(start, end))) {
      this.#report(start, path, { got: 'a value over several lines', expected: 'one line', hint: null });
      return null;
    }
    if (node.value === null || typeof node.value === 'boolean') return node.value;
    return node.source ?? '';
  }

  #mark(path: Path, keyOffset: number, node: Node | null): void {
    const key = this.#position(keyOffset);
    const value = isEmpty(node) ? key : this.#position(startOf(node));
    this.#marks.set(pathId(path), { key, value, got: describe(node), shown: null });
  }

  #report(offset: number, path: Path, what: Pick<PlanProblem, 'got' | 'expected' | 'hint'>): void {
    this.#problems.push({ ...this.#position(offset), path: formatPath(path), ...what });
  }

  #position(offset: number): Position {
    const { line, col } = this.#lines.linePos(Math.min(offset, this.#text.length));
    return { file: this.#file, line: Math.max(1, line), column: Math.max(1, col) };
  }
}

const NO_ALIASES = 'Anchors and aliases are not part of a plan; write the value where it is used.';

function syntaxProblem(code: string, message: string): Pick<PlanProblem, 'got' | 'expected' | 'hint'> {
  if (code === 'MULTIPLE_DOCS') {
    return { got: 'a second document', expected: 'one plan', hint: 'Leave the line with --- out.' };
  }
  if (code === 'TAG_RESOLVE_FAILED') return { got: 'a tag', expected: 'the value alone', hint: null };
  if (code === 'TAB_AS_INDENT') {
    return { got: 'a tab as indentation', expected: 'spaces', hint: 'Replace the tab with two spaces.' };
  }
  return {
    got: `text that is not YAML (${quote(message.split('\n')[0] ?? '')})`,
    expected: 'valid YAML',
    hint: null,
  };
}

function notAMap(node: Node | null): Pick<PlanProblem, 'got' | 'expected' | 'hint'> {
  return {
    got: isEmpty(node) ? 'an empty plan' : describe(node),
    expected: 'a map of keys',
    hint: 'The shortest plan is `preset: standard`.',
  };
}

function isEmpty(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null && node.source === '');
}

function describe(node: Node | null): string {
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return node.items.length === 0 ? 'an empty list' : 'a list';
  if (isAlias(node)) return 'an alias';
  if (!isScalar(node) || isEmpty(node)) return 'nothing';
  return typeof node.value === 'boolean' ? String(node.value) : quote(node.source ?? '');
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

function isTreeMap(tree: Tree): tree is TreeMap {
  return typeof tree === 'object' && tree !== null && !Array.isArray(tree);
}
