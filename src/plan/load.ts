/** Finds and reads the text of a plan; the only file of this folder that touches the disk. */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import type { PlanSource } from './parse.ts';
import { quote } from './quote.ts';

/** The file that is read when the `plan` input is empty and the workspace has it. */
export const DEFAULT_PLAN_FILE = '.github/rollout.yml';

/** The largest plan that is read; a plan of a hundred stages written in full is a tenth of it. */
export const MAX_PLAN_BYTES = 256 * 1024;

const INLINE_NAME = 'plan';

/** Why a plan could not be read. */
export type PlanFileReason =
  | 'absolute_path'
  | 'leaves_workspace'
  | 'not_found'
  | 'not_a_file'
  | 'too_large'
  | 'not_utf8'
  | 'unreadable';

/** A plan that could not be read; its message says what was got, what was expected and where. */
export class PlanFileError extends Error {
  override readonly name = 'PlanFileError';
  readonly reason: PlanFileReason;

  constructor(reason: PlanFileReason, message: string, options?: ErrorOptions) {
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
  if (Buffer.byteLength(input) > MAX_PLAN_BYTES) throw tooLarge('the inline plan');
  return { source: { name: INLINE_NAME, text: input }, inline: true };
}

function readPlanFile(name: string, workspace: string): PlanSource {
  const shown = quote(name);
  if (path.isAbsolute(name) || path.win32.isAbsolute(name) || /^[a-z]:/i.test(name)) {
    throw new PlanFileError(
      'absolute_path',
      `plan: got ${shown}, expected a path relative to the workspace.`,
    );
  }
  if (name.split(/[\\/]/).includes('..')) throw leaves(shown);
  const file = locateFile(name, workspace);
  return { name, text: decode(readBytes(file, shown), shown) };
}

/** The real path of a file, with every link on the way followed, still inside the workspace. */
function locateFile(name: string, workspace: string): string {
  const shown = quote(name);
  const root = onDisk(shown, () => realpathSync(workspace));
  const file = onDisk(shown, () => realpathSync(path.join(root, name)));
  const inside = path.relative(root, file);
  if (inside === '..' || inside.startsWith(`..${path.sep}`) || path.isAbsolute(inside)) throw leaves(shown);
  // Asked before opening: to open a pipe would wait for somebody to write to it.
  if (!onDisk(shown, () => statSync(file)).isFile()) throw notAFile(shown);
  return file;
}

function readBytes(file: string, shown: string): Buffer {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const descriptor = onDisk(shown, () => openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
  try {
    if (!fstatSync(descriptor).isFile()) throw notAFile(shown);
    // One byte more than allowed shows a file that is too large without reading it all.
    const bytes = Buffer.alloc(MAX_PLAN_BYTES + 1);
    let length = 0;
    for (;;) {
      const read = onDisk(shown, () => readSync(descriptor, bytes, length, bytes.length - length, null));
      length += read;
      if (length > MAX_PLAN_BYTES) throw tooLarge(shown);
      if (read === 0) return bytes.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}

function decode(bytes: Buffer, shown: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const message = `plan: got ${shown}, which is not UTF-8, expected a UTF-8 text file. Save it as UTF-8.`;
    throw new PlanFileError('not_utf8', message, { cause });
  }
}

function onDisk<T>(shown: string, use: () => T): T {
  try {
    return use();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      const advice = 'Is the repository checked out before this step?';
      const message = `plan: got ${shown}, which is not in the workspace, expected a file of it. ${advice}`;
      throw new PlanFileError('not_found', message, { cause });
    }
    const message = `plan: got ${shown}, which cannot be read (${code}), expected a readable file.`;
    throw new PlanFileError('unreadable', message, { cause });
  }
}

function leaves(shown: string): PlanFileError {
  return new PlanFileError('leaves_workspace', `plan: got ${shown}, expected a file inside the workspace.`);
}

function notAFile(shown: string): PlanFileError {
  return new PlanFileError('not_a_file', `plan: got ${shown}, which is no file, expected a regular file.`);
}

function tooLarge(shown: string): PlanFileError {
  const message = `plan: got more than ${MAX_PLAN_BYTES / 1024} KiB in ${shown}, expected a smaller plan.`;
  return new PlanFileError('too_large', message);
}
