/** Reads and parses the project's own TypeScript, for the tests that check its shape. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The repository's root folder. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Text of each file by its path from the root, with forward slashes. */
export type SourceTree = ReadonlyMap<string, string>;

/** One import or re-export of a file. */
export interface Import {
  readonly specifier: string;
  /** Path from the root for a relative specifier, null for a package. */
  readonly file: string | null;
}

/** Returns every file below a folder of the repository whose name ends with `.ts`. */
export function readSources(folder: string): SourceTree {
  const paths = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => posix.join(folder, path.replaceAll('\\', '/')))
    .filter((path) => path.endsWith('.ts'))
    .sort();
  return new Map(paths.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
}

/** Returns the syntax tree of one file. */
export function parseSource(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
}

/** Calls `visit` for a node and everything below it. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** Returns what a file imports or re-exports statically, types included. */
export function importsOf(path: string, text: string): readonly Import[] {
  return parseSource(path, text).statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const specifier = statement.moduleSpecifier;
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return [];
    const relative = specifier.text.startsWith('.');
    const file = relative ? posix.join(posix.dirname(path), specifier.text) : null;
    return [{ specifier: specifier.text, file }];
  });
}

/** Returns where a node stands, as `path:line`. */
export function placeOf(node: ts.Node): string {
  const source = node.getSourceFile();
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}
