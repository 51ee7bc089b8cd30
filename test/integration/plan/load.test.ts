import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadPlan, MAX_PLAN_BYTES, PlanFileError } from '../../../src/action/load-plan.ts';

let outside: string;
let workspace: string;

beforeEach(() => {
  outside = mkdtempSync(path.join(tmpdir(), 'plan-'));
  workspace = path.join(outside, 'workspace');
  mkdirSync(path.join(workspace, '.github'), { recursive: true });
});

afterEach(() => rmSync(outside, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array) =>
  writeFileSync(path.join(workspace, name), content);

function refusal(input: string): PlanFileError {
  try {
    loadPlan(input, workspace);
  } catch (thrown) {
    if (thrown instanceof PlanFileError) return thrown;
    throw thrown;
  }
  throw new Error(`loaded ${input}`);
}

describe('the plan input', () => {
  it('is a file of the workspace when it is one line with the ending of one', () => {
    for (const name of ['rollout.yml', 'a plan.YAML', '.github/other.json', './rollout.yml']) {
      write(name, `# ${name}`);
      expect(loadPlan(` ${name}\n`, workspace)).toEqual({
        source: { name, text: `# ${name}` },
        inline: false,
      });
    }
  });

  it('is .github/rollout.yml when it is empty and there is one', () => {
    expect(loadPlan(' \n', workspace)).toEqual({ source: null, inline: false });
    write('.github/rollout.yml', 'preset: canary');
    expect(loadPlan('', workspace)).toEqual({
      source: { name: '.github/rollout.yml', text: 'preset: canary' },
      inline: false,
    });
  });

  it.each(['preset: canary', 'model: m\nversion: a.yml', '{ "preset": "canary" }'])(
    'is YAML otherwise: %j',
    (text) => {
      expect(loadPlan(text, workspace)).toEqual({ source: { name: 'plan', text }, inline: true });
    },
  );

  it('keeps the lines and columns of inline YAML', () => {
    expect(loadPlan('\n\n  preset: canary\n', workspace).source?.text).toBe('\n\n  preset: canary\n');
  });

  it('may go through a link that stays in the workspace', () => {
    write('real.yml', 'preset: canary');
    symlinkSync('real.yml', path.join(workspace, 'link.yml'));
    expect(loadPlan('link.yml', workspace).source?.text).toBe('preset: canary');
  });

  it('may be exactly as large as is allowed', () => {
    write('full.yml', '#'.repeat(MAX_PLAN_BYTES));
    expect(loadPlan('full.yml', workspace).source?.text).toHaveLength(MAX_PLAN_BYTES);
  });
});

describe('a plan file is refused', () => {
  const prepare: Readonly<Record<string, () => void>> = {
    'secret.yml': () => {
      writeFileSync(path.join(outside, 'secret.yml'), 'secret');
      symlinkSync(path.join(outside, 'secret.yml'), path.join(workspace, 'secret.yml'));
    },
    'linked/secret.yml': () => {
      writeFileSync(path.join(outside, 'secret.yml'), 'secret');
      symlinkSync(outside, path.join(workspace, 'linked'));
    },
    'dangling.yml': () => symlinkSync('nowhere.yml', path.join(workspace, 'dangling.yml')),
    'round.yml': () => symlinkSync('round.yml', path.join(workspace, 'round.yml')),
    'folder.yml': () => mkdirSync(path.join(workspace, 'folder.yml')),
    'pipe.yml': () => execFileSync('mkfifo', [path.join(workspace, 'pipe.yml')]),
    'large.yml': () => write('large.yml', '#'.repeat(MAX_PLAN_BYTES + 1)),
    'utf16.yml': () => write('utf16.yml', new Uint8Array([0xff, 0xfe, 0x61, 0x00])),
    'latin1.yml': () => write('latin1.yml', new Uint8Array([0x23, 0xe9])),
  };

  it.each([
    [
      '/etc/rollout.yml',
      'absolute_path',
      'plan: got "/etc/rollout.yml", expected a path relative to the workspace.',
    ],
    [
      'C:\\rollout.yml',
      'absolute_path',
      'plan: got "C:\\rollout.yml", expected a path relative to the workspace.',
    ],
    [
      '\\\\host\\rollout.yml',
      'absolute_path',
      expect.stringContaining('expected a path relative to the workspace'),
    ],
    ['../secret.yml', 'leaves_workspace', 'plan: got "../secret.yml", expected a file inside the workspace.'],
    [
      'a/../../secret.yml',
      'leaves_workspace',
      expect.stringContaining('expected a file inside the workspace'),
    ],
    [
      'a\\..\\..\\secret.yml',
      'leaves_workspace',
      expect.stringContaining('expected a file inside the workspace'),
    ],
    ['secret.yml', 'leaves_workspace', 'plan: got "secret.yml", expected a file inside the workspace.'],
    [
      'linked/secret.yml',
      'leaves_workspace',
      'plan: got "linked/secret.yml", expected a file inside the workspace.',
    ],
    [
      'missing.yml',
      'not_found',
      'plan: got "missing.yml", which is not in the workspace, expected a file of it. Is the repository checked out before this step?',
    ],
    ['dangling.yml', 'not_found', expect.stringContaining('"dangling.yml", which is not in the workspace')],
    [
      'round.yml',
      'unreadable',
      'plan: got "round.yml", which cannot be read (ELOOP), expected a readable file.',
    ],
    ['folder.yml', 'not_a_file', 'plan: got "folder.yml", which is no file, expected a regular file.'],
    ['pipe.yml', 'not_a_file', 'plan: got "pipe.yml", which is no file, expected a regular file.'],
    ['large.yml', 'too_large', 'plan: got more than 256 KiB in "large.yml", expected a smaller plan.'],
    [
      'utf16.yml',
      'not_utf8',
      'plan: got "utf16.yml", which is not UTF-8, expected a UTF-8 text file. Save it as UTF-8.',
    ],
    ['latin1.yml', 'not_utf8', expect.stringContaining('"latin1.yml", which is not UTF-8')],
    ['a\0b.yml', 'unreadable', expect.stringContaining('plan: got "a\\u{0}b.yml", which cannot be read')],
  ])('%j: %s', (input, reason, message) => {
    prepare[input]?.();
    const error = refusal(input);
    expect({ reason: error.reason, message: error.message }).toEqual({ reason, message });
  });

  it('when inline text is larger than a file may be', () => {
    expect(refusal(`# ${'é'.repeat(MAX_PLAN_BYTES / 2)}\n`)).toMatchObject({
      reason: 'too_large',
      message: 'plan: got more than 256 KiB in the inline plan, expected a smaller plan.',
    });
  });
});
