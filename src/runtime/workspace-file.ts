/** Reads a file of the workspace, and nothing beside it. Adapter for `node:fs`. */
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { oneLine } from './untrusted-text.ts';

/** Why a file of the workspace cannot be read. */
export type WorkspaceFileReason =
  | 'absolute_path'
  | 'leaves_workspace'
  | 'not_found'
  | 'not_a_file'
  | 'too_large'
  | 'not_utf8'
  | 'changed'
  | 'unreadable';

/** A file of the workspace that cannot be read; the message says what was got, what is expected and what to do. */
export class WorkspaceFileError extends Error {
  override readonly name = 'WorkspaceFileError';
  readonly reason: WorkspaceFileReason;
  /** The platform's own code, such as `EACCES`; null where it said nothing. */
  readonly code: string | null;

  constructor(reason: WorkspaceFileReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
    this.code = cause === undefined ? null : codeOf(cause);
  }
}

/** A file's text, and what changes when somebody writes to it. */
export interface WorkspaceFile {
  readonly text: string;
  readonly stamp: string;
}

const SHOWN_CHARS = 120;

/**
 * Returns the path of a file with every link on the way followed.
 *
 * Errors: WorkspaceFileError for a path that is absolute, that leaves the workspace (also through a link), or that
 * is no regular file. Invariant: INV-12, no file outside of the workspace is read.
 */
export function locateInWorkspace(workspace: string, name: string): string {
  if (path.isAbsolute(name) || path.win32.isAbsolute(name) || /^[a-z]:/i.test(name)) {
    throw refused('absolute_path', name, 'is no path relative to the workspace');
  }
  if (name.split(/[\\/]/).includes('..')) throw refused('leaves_workspace', name, 'leaves the workspace');
  const root = onDisk(name, () => realpathSync(workspace));
  const file = onDisk(name, () => realpathSync(path.join(root, name)));
  const inside = path.relative(root, file);
  if (inside === '..' || inside.startsWith(`..${path.sep}`) || path.isAbsolute(inside)) {
    throw refused('leaves_workspace', name, 'leaves the workspace');
  }
  // Asked before opening: to open a pipe would wait for somebody to write to it.
  if (!onDisk(name, () => statSync(file)).isFile()) throw refused('not_a_file', name, 'is no regular file');
  return file;
}

/** Returns what changes when a located file is written to: its identity, size and time. */
export function stampOf(name: string, file: string): string {
  const { ino, size, mtimeMs } = onDisk(name, () => statSync(file));
  return `${ino} ${size} ${mtimeMs}`;
}

/**
 * Returns a located file's text.
 *
 * Errors: WorkspaceFileError for more than `maxBytes`, for text that is not UTF-8, and for a file that is
 * written to while it is read.
 */
export function readLocated(name: string, file: string, maxBytes: number): WorkspaceFile {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const descriptor = onDisk(name, () => openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
  try {
    const before = fstatSync(descriptor);
    if (!before.isFile()) throw refused('not_a_file', name, 'is no regular file');
    if (before.size > maxBytes) {
      throw refused(
        'too_large',
        name,
        `has more than ${maxBytes / 1024 / 1024} MiB; keep only the rows of this rollout`,
      );
    }
    const bytes = onDisk(name, () => readUpTo(descriptor, before.size + 1));
    const after = fstatSync(descriptor);
    if (bytes.length !== before.size || after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
      throw refused('changed', name, 'was written to while it was read; write to another file and rename it');
    }
    const stamp = `${before.ino} ${before.size} ${before.mtimeMs}`;
    return { text: decoded(name, bytes), stamp };
  } finally {
    closeSync(descriptor);
  }
}

function readUpTo(descriptor: number, maxBytes: number): Buffer {
  const bytes = Buffer.alloc(maxBytes);
  let length = 0;
  for (;;) {
    const read = readSync(descriptor, bytes, length, bytes.length - length, null);
    length += read;
    if (read === 0 || length === bytes.length) return bytes.subarray(0, length);
  }
}

function decoded(name: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refused('not_utf8', name, 'is not UTF-8; save it as UTF-8');
  }
}

function onDisk<T>(name: string, use: () => T): T {
  try {
    return use();
  } catch (cause) {
    const code = codeOf(cause);
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    const why = isMissing
      ? 'is not in the workspace; does an earlier step of the job write it?'
      : `cannot be read (${code})`;
    throw new WorkspaceFileError(isMissing ? 'not_found' : 'unreadable', sentence(name, why), cause);
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
}

function refused(reason: WorkspaceFileReason, name: string, why: string): WorkspaceFileError {
  return new WorkspaceFileError(reason, sentence(name, why));
}

function sentence(name: string, why: string): string {
  return `the file "${oneLine(name, SHOWN_CHARS)}" ${why}`;
}
