/** The blocks of a document that are marked as recipes, so that tests run what readers paste. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './source-tree.ts';

/** Returns the text of the YAML block behind `<!-- recipe: name -->`. Errors: where there is none. */
export function recipeIn(path: string, name: string): string {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const found = new RegExp(`<!-- recipe: ${name} -->\\n\`\`\`yaml\\n([\\s\\S]*?)\`\`\``).exec(text);
  if (found?.[1] === undefined) throw new Error(`${path} has no recipe "${name}"`);
  return found[1];
}
