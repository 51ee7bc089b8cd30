/** The rule of layers: who may import whom, and what stays out of the pure part. Pure. */
import ts from 'typescript';
import { importsOf, parseSource, placeOf, type SourceTree, walk } from './source-tree.ts';

interface Layer {
  /** Layers that it may import beside itself. */
  readonly layers: readonly string[];
  /** Packages that it may import, as exact names or prefixes that end with a colon; null for any. */
  readonly packages: readonly string[] | null;
  readonly pure: boolean;
}

const ADAPTER: Layer = { layers: ['core', 'runtime'], packages: null, pure: false };

/** Every folder of src/; the files directly in src/ are the layer `entry`. */
const LAYERS: Readonly<Record<string, Layer>> = {
  entry: { layers: ['action', 'runtime'], packages: [], pure: false },
  core: { layers: [], packages: [], pure: true },
  plan: { layers: ['core'], packages: ['zod', 'yaml', 'fastest-levenshtein', 'node:'], pure: true },
  report: { layers: ['core'], packages: ['zod', 'node:crypto'], pure: true },
  simulation: { layers: ['core'], packages: [], pure: true },
  octomil: ADAPTER,
  metrics: ADAPTER,
  github: ADAPTER,
  notify: ADAPTER,
  runtime: { layers: ['core'], packages: null, pure: false },
  action: {
    layers: ['core', 'plan', 'report', 'simulation', 'octomil', 'metrics', 'github', 'notify', 'runtime'],
    packages: null,
    pure: false,
  },
  emulator: { layers: ['simulation', 'core'], packages: ['zod', 'node:'], pure: false },
};
const TOOLKIT_LAYERS = ['action', 'github'];
const EXIT_FILES = /^src\/(exit-red|index|post|emulator\/.*|action\/outcome)\.ts$/;

const IMPURE_NAMES = new Set([
  'process',
  'console',
  'globalThis',
  'fetch',
  'performance',
  'crypto',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
]);

/** Returns one sentence for each breach of the layers, empty when there is none. */
export function findLayerBreaches(tree: SourceTree): readonly string[] {
  const breaches: string[] = [];
  for (const [path, text] of tree) {
    const name = layerOf(path);
    const layer = LAYERS[name];
    if (layer === undefined) {
      breaches.push(`${path}: src/${name}/ is not a layer; put the file into one or extend the rule`);
      continue;
    }
    for (const { specifier, file } of importsOf(path, text)) {
      const breach = file === null ? breachOfPackage(name, specifier) : breachOfFile(name, file, tree);
      if (breach !== null) breaches.push(`${path}: ${breach}`);
    }
    breaches.push(...breachesInCode(path, text, layer));
  }
  return [...breaches, ...findCycles(tree)];
}

function layerOf(path: string): string {
  const parts = path.split('/');
  return parts.length > 2 ? (parts[1] ?? '') : 'entry';
}

function breachOfPackage(name: string, specifier: string): string | null {
  if (specifier === '@actions/core' && !TOOLKIT_LAYERS.includes(name)) {
    return `${name} imports @actions/core, which only ${TOOLKIT_LAYERS.join(' and ')} may`;
  }
  const allowed = LAYERS[name]?.packages ?? null;
  const fits = (entry: string): boolean =>
    entry.endsWith(':') ? specifier.startsWith(entry) : specifier === entry;
  return allowed === null || allowed.some(fits) ? null : `${name} imports the package ${specifier}`;
}

function breachOfFile(name: string, file: string, tree: SourceTree): string | null {
  if (!tree.has(file)) return `imports ${file}, which is not in src/`;
  const target = layerOf(file);
  const allowed = target === name || (LAYERS[name]?.layers.includes(target) ?? false);
  return allowed ? null : `${name} imports ${target} (${file})`;
}

function breachesInCode(path: string, text: string, layer: Layer): string[] {
  const breaches: string[] = [];
  walk(parseSource(path, text), (node) => {
    const found = breachOfNode(path, node, layer);
    if (found !== null) breaches.push(`${placeOf(node)}: ${found}`);
  });
  return breaches;
}

function breachOfNode(path: string, node: ts.Node, layer: Layer): string | null {
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const isEager = node.getText().includes('webpackMode: "eager"');
    return isEager && /^src\/github\//.test(path) ? null : 'a dynamic import() makes a chunk of the bundle';
  }
  const exits = ts.isPropertyAccessExpression(node)
    ? ['exitCode', 'setFailed'].includes(node.name.text)
    : false;
  if (exits && !EXIT_FILES.test(path)) return `${node.getText()} belongs into src/action/outcome.ts`;
  if (ts.isIdentifier(node) && node.text === 'setFailed' && !EXIT_FILES.test(path)) {
    return 'setFailed belongs into src/action/outcome.ts';
  }
  return layer.pure ? impurityOf(node) : null;
}

function impurityOf(node: ts.Node): string | null {
  if (ts.isNewExpression(node) && isNamed(node.expression, 'Date') && (node.arguments ?? []).length === 0) {
    return 'new Date() reads the clock in a pure layer';
  }
  if (ts.isPropertyAccessExpression(node)) {
    const text = node.getText();
    return text === 'Date.now' || text === 'Math.random' ? `${text} in a pure layer` : null;
  }
  return ts.isIdentifier(node) && IMPURE_NAMES.has(node.text) && isReference(node)
    ? `${node.text} in a pure layer`
    : null;
}

function isNamed(node: ts.Node, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name;
}

/** A name that is read, and not the name of a property, a parameter or a declaration. */
function isReference(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  return !('name' in parent && parent.name === node);
}

function findCycles(tree: SourceTree): readonly string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push(`cycle: ${[...trail.slice(start), path].join(' → ')}`);
    if (start >= 0 || done.has(path)) return;
    done.add(path);
    for (const { file } of importsOf(path, tree.get(path) ?? '')) {
      if (file !== null && tree.has(file)) visit(file, [...trail, path]);
    }
  };
  for (const path of tree.keys()) visit(path, []);
  return cycles;
}
