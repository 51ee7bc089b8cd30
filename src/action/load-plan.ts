/** Finds the text of a plan: in the workflow itself, or in a file of the workspace. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { PlanSource } from '../plan/parse.ts';
import { quote } from '../plan/quote.ts';
import {
  locateInWorkspace,
  readLocated,
  WorkspaceFileError,
  type WorkspaceFileReason,
} from '../runtime/workspace-file.ts';

/** The file that is read when the `plan` input is empty and the workspace has it. */
export const DEFAULT_PLAN_FILE = '.github/rollout.yml';

/** The largest plan that is read; a plan of a hundred stages written in full is a tenth of it. */
export const MAX_PLAN_BYTES = 256 * 1024;

const INLINE_NAME = 'plan';

/** A plan that could not be read; its message says what was got, what was expected and where. */
export class PlanFileError extends Error {
  override readonly name = 'PlanFileError';
  readonly reason: WorkspaceFileReason;

  constructor(reason: WorkspaceFileReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** The text of a plan, or null for none, and whether it stood in the workflow itself. */
export interface LoadedPlan {
  readonly source: PlanSource;
  readonly inline: boolean;
}

/**
 * Returns the plan that the `plan` input means: one line that ends in .yml, .yaml or .json is a file of the
 * workspace, an empty input the file `.github/rollout.yml` where there is one, and anything else is YAML.
 *
 * Errors: throws a PlanFileError for a path that is absolute or leaves the workspace (also through a link),
 * for a file that is missing, no regular file, larger than 256 KiB, unreadable or not UTF-8, and for inline
 * text that is too large. Invariant: INV-12, no file outside the workspace is read.
 */
export function loadPlan(input: string, workspace: string): LoadedPlan {
  const text = input.trim();
  if (text === '') {
    const hasDefault = existsSync(path.join(workspace, DEFAULT_PLAN_FILE));
    return { source: hasDefault ? readPlanFile(DEFAULT_PLAN_FILE, workspace) : null, inline: false };
  }
  if (!/[\r\n]/.test(text) && /\.(ya?ml|json)$/i.test(text)) {
    return { source: readPlanFile(text, workspace), inline: false };
  }
  if (Buffer.byteLength(input) > MAX_PLAN_BYTES) {
    throw new PlanFileError('too_large', `plan: ${tooLarge('the inline plan')}`);
  }
  return { source: { name: INLINE_NAME, text: input }, inline: true };
}

function readPlanFile(name: string, workspace: string): PlanSource {
  try {
    return { name, text: readLocated(name, locateInWorkspace(workspace, name), MAX_PLAN_BYTES).text };
  } catch (cause) {
    if (!(cause instanceof WorkspaceFileError)) throw cause;
    throw new PlanFileError(cause.reason, `plan: ${sentenceOf(cause, quote(name))}`, { cause });
  }
}

function sentenceOf({ reason, code }: WorkspaceFileError, shown: string): string {
  switch (reason) {
    case 'absolute_path':
      return `got ${shown}, expected a path relative to the workspace.`;
    case 'leaves_workspace':
      return `got ${shown}, expected a file inside the workspace.`;
    case 'not_found':
      return `got ${shown}, which is not in the workspace, expected a file of it. Is the repository checked out before this step?`;
    case 'not_a_file':
      return `got ${shown}, which is no file, expected a regular file.`;
    case 'too_large':
      return tooLarge(shown);
    case 'not_utf8':
      return `got ${shown}, which is not UTF-8, expected a UTF-8 text file. Save it as UTF-8.`;
    case 'changed':
      return `got ${shown}, which was written to while it was read, expected a file at rest.`;
    case 'unreadable':
      return `got ${shown}, which cannot be read (${code}), expected a readable file.`;
  }
}

function tooLarge(shown: string): string {
  return `got more than ${MAX_PLAN_BYTES / 1024} KiB in ${shown}, expected a smaller plan.`;
}
