import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseInputs } from '../../src/action/inputs.ts';
import { INPUT_KEYS, type InputKey, OUTPUT_KEYS } from '../../src/action/io-keys.ts';
import { main } from '../../src/action/main.ts';
import { createVirtualClock } from '../../src/runtime/virtual-clock.ts';
import { inputDefaults, readActionManifest } from '../support/manifest.ts';
import { createRecordingShell } from '../support/recording-shell.ts';

const manifest = readActionManifest();

describe('action.yml', () => {
  it('declares exactly the inputs that the code reads, in the same order', () => {
    expect(Object.keys(manifest.inputs)).toEqual([...INPUT_KEYS]);
  });

  it('declares no input that is never read', () => {
    const read = new Set<InputKey>();
    const defaults = inputDefaults();
    parseInputs((key) => {
      read.add(key);
      return key === 'api-key' ? 'edg_test_0123456789' : (defaults[key] ?? '');
    });
    expect([...read].sort()).toEqual([...INPUT_KEYS].sort());
  });

  it('declares exactly the outputs that the code knows, in the same order', () => {
    expect(Object.keys(manifest.outputs)).toEqual([...OUTPUT_KEYS]);
  });

  it('declares no output that a run does not set, not even a run that fails at once', async () => {
    const temp = await mkdtemp(join(tmpdir(), 'rollout-contract-'));
    try {
      const shell = createRecordingShell({}, inputDefaults(), { RUNNER_TEMP: temp });
      const around = {
        clock: createVirtualClock(0),
        random: () => 0.5,
        signal: new AbortController().signal,
      };
      expect(await main(shell, around)).toBe(1);
      expect(Object.keys(shell.outputs).sort()).toEqual([...OUTPUT_KEYS].sort());
    } finally {
      await rm(temp, { recursive: true, force: true });
    }
  });

  it('gives every input a description and a quoted default, and requires none', () => {
    for (const [name, input] of Object.entries(manifest.inputs)) {
      expect(input.description, name).toMatch(/\.$/);
      expect(typeof input.default, name).toBe('string');
    }
  });

  it('starts a file that is committed, on the Node that runners have', () => {
    expect(manifest.runs.using).toBe('node24');
    expect(existsSync(join(import.meta.dirname, '../..', manifest.runs.main))).toBe(true);
  });

  it('cleans up behind every job, however it ends, with a file that is committed', () => {
    expect(manifest.runs['post-if']).toBe('always()');
    expect(existsSync(join(import.meta.dirname, '../..', manifest.runs.post))).toBe(true);
  });
});
