/** The rules for reading the code: docstrings, names, and tests that are neither mocked nor left out. Pure. */
import ts from 'typescript';
import { parseSource, placeOf, type SourceTree, walk } from './source-tree.ts';

const NAMES_THAT_NAME_NOTHING = /(^|\/)(utils?|helpers?|common|misc|managers?)(\/|\.|-)/;
const LEFT_OUT = ['skip', 'only', 'todo', 'fails'];
const MOCKS = ['mock', 'doMock', 'hoisted', 'stubGlobal'];

/** Returns one sentence for each file without a head or an exported symbol without a docstring. */
export function findMissingDocstrings(tree: SourceTree): readonly string[] {
  return [...tree].flatMap(([path, text]) => {
    const source = parseSource(path, text);
    const head = text.startsWith('/**') ? [] : [`${path}:1: the file has no sentence at its head`];
    return [...head, ...source.statements.filter(isUndocumentedExport).map(describeExport)];
  });
}

/** Returns one sentence for each file whose name says nothing about what is in it. */
export function findEmptyNames(tree: SourceTree): readonly string[] {
  return [...tree.keys()]
    .filter((path) => NAMES_THAT_NAME_NOTHING.test(path))
    .map((path) => `${path}: name it after what it does`);
}

/** Returns one sentence for each module mock and each test that is skipped, focused or unwritten. */
export function findUnfairTests(tree: SourceTree): readonly string[] {
  return [...tree].flatMap(([path, text]) => {
    const found: string[] = [];
    walk(parseSource(path, text), (node) => {
      if (!ts.isPropertyAccessExpression(node)) return;
      const owner = node.expression.getText().split('.')[0] ?? '';
      const banned = owner === 'vi' ? MOCKS : ['it', 'test', 'describe'].includes(owner) ? LEFT_OUT : [];
      if (banned.includes(node.name.text)) found.push(`${placeOf(node)}: ${node.getText()}`);
    });
    return found;
  });
}

function isUndocumentedExport(statement: ts.Statement): boolean {
  const exported = ts.canHaveModifiers(statement)
    ? (ts.getModifiers(statement) ?? []).some((each) => each.kind === ts.SyntaxKind.ExportKeyword)
    : false;
  if (!exported || isNamedAfterItsList(statement)) return false;
  const source = statement.getSourceFile();
  const comments = ts.getLeadingCommentRanges(source.text, statement.getFullStart()) ?? [];
  const docstrings = comments.filter(({ pos }) => source.text.startsWith('/**', pos));
  // The first comment of a file is its head; a statement needs one of its own behind it.
  return docstrings.length <= (statement.getFullStart() === 0 ? 1 : 0);
}

/** `type Outcome = (typeof OUTCOMES)[number]`: the list beside it says what there is to say. */
function isNamedAfterItsList(statement: ts.Statement): boolean {
  return (
    ts.isTypeAliasDeclaration(statement) && /^\(typeof [A-Z_]+\)\[number\]$/.test(statement.type.getText())
  );
}

function describeExport(statement: ts.Statement): string {
  const declared = ts.isVariableStatement(statement) ? statement.declarationList.declarations[0] : statement;
  const name = declared !== undefined && 'name' in declared ? (declared.name as ts.Node).getText() : 'export';
  return `${placeOf(statement)}: ${name} has no docstring`;
}
