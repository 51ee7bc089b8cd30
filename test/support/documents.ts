/** Renders the generated parts of the documents from what the product declares. Pure. */
import type { Manifest } from '../../scripts/stand-in-runner.mjs';
import { REASONS } from '../../src/core/reason-codes.ts';
import { OUTCOMES, SUCCESSFUL_OUTCOMES } from '../../src/core/rollout.ts';
import { code, markdownTable } from './markdown-table.ts';

/** Returns the README's table of inputs, in the order of action.yml. */
export function renderInputs(manifest: Manifest): string {
  const rows = Object.entries(manifest.inputs).map(([name, input]) => [
    code(name),
    input.default === '' ? '–' : code(input.default),
    input.description,
  ]);
  return markdownTable(['Input', 'Default', ''], rows);
}

/** Returns the README's table of outputs, in the order of action.yml. */
export function renderOutputs(manifest: Manifest): string {
  const rows = Object.entries(manifest.outputs).map(([name, output]) => [code(name), output.description]);
  return markdownTable(['Output', ''], rows);
}

/** Returns the whole of docs/reason-codes.md. */
export function renderReasonCodes(): string {
  const outcomes = OUTCOMES.map((outcome) => [
    code(outcome),
    SUCCESSFUL_OUTCOMES.includes(outcome) ? '0' : '1',
  ]);
  const reasons = Object.entries(REASONS).map(([name, { meaning, advice }]) => [code(name), meaning, advice]);
  return `# Outcomes and reason codes

Every run ends with one outcome (output \`outcome\`) and one reason code (output \`reason-code\`). Both are public: none is renamed or given another meaning within a major version.

This page is generated from the sources: \`npm run docs\`.

## Outcomes

The exit code is 1 from the first statement on, and becomes 0 only when one of the outcomes with 0 was verified.

${markdownTable(['Outcome', 'Exit code'], outcomes)}

## Reason codes

${markdownTable(['Reason code', 'What it means', 'What to do'], reasons)}
`;
}

/**
 * Returns a text with everything between \`<!-- name:start -->\` and \`<!-- name:end -->\` replaced.
 *
 * Errors: throws when one of the two markers is missing or they stand the wrong way round.
 */
export function replaceBetweenMarkers(text: string, name: string, content: string): string {
  const start = `<!-- ${name}:start -->`;
  const from = text.indexOf(start);
  const to = text.indexOf(`<!-- ${name}:end -->`);
  if (from < 0 || to < from)
    throw new Error(`expected ${start} and <!-- ${name}:end --> in this order; add both.`);
  return `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`;
}
