/** Hostile texts on the way into the runner's command files and its log: nothing but what is ours comes out. */
import { afterAll, describe, expect, it } from 'vitest';
import { OUTPUT_KEYS, STATE_KEYS } from '../../src/action/io-keys.ts';
import { main } from '../../src/action/main.ts';
import { publish } from '../../src/action/outcome.ts';
import { startEmulator } from '../../src/emulator/server.ts';
import { decisionOutput } from '../../src/report/decision.ts';
import { forOutput } from '../../src/report/sanitise.ts';
import { createVirtualClock } from '../../src/runtime/virtual-clock.ts';
import { createCommandFiles, linesOf, type Written } from '../support/command-files.ts';
import { KEY, START } from '../support/emulated-run.ts';
import { hostileRecord } from '../support/hostile-records.ts';
import { HOSTILE_TEXTS } from '../support/hostile-text.ts';

const corpus = Object.entries(HOSTILE_TEXTS);
const MANY_LINES = /[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}]/u;
// What the toolkit writes for us; everything else that the runner obeys is somebody else's.
const OUR_COMMANDS = ['add-mask', 'debug', 'endgroup', 'error', 'group', 'notice', 'warning'];
/** What the commands of the corpus would say if the runner obeyed them. */
const THEIR_WORDS = /^(?:owned|completed|a|x|rm and.*)$/;

function expectOnlyOurs(written: Written, masked: readonly string[]): void {
  expect(written.outputs.map(([name]) => name).toSorted()).toEqual([...OUTPUT_KEYS].toSorted());
  for (const [name, value] of written.outputs) expect(value, name).not.toMatch(MANY_LINES);
  for (const [name, value] of written.state) {
    expect(STATE_KEYS).toContain(name);
    expect(() => JSON.parse(value), name).not.toThrow();
  }
  expect(written.environment).toBe('');
  expect(Buffer.byteLength(written.summary)).toBeLessThanOrEqual(65_536);
  for (const { name, data } of written.commands) {
    expect(OUR_COMMANDS).toContain(name);
    expect(data).not.toMatch(THEIR_WORDS);
  }
  expect(written.commands.filter(({ name }) => name === 'add-mask').map(({ data }) => data)).toEqual(masked);
  for (const chunk of written.chunks) {
    const [line = '', ...rest] = linesOf(chunk);
    expect(rest, chunk).toEqual(['']);
    expect(chunk).not.toContain('##[');
    if (!line.startsWith('::')) expect(line).not.toContain('::');
  }
}

describe('a run in which every text is', () => {
  const files = createCommandFiles();
  afterAll(() => files.remove());

  it.each(corpus)('%s writes its own outputs, state, summary and log, and no more', async (_name, text) => {
    const record = hostileRecord(text);
    const written = await files.step({}, (shell) => publish(record, shell));
    expectOnlyOurs(written, []);
    expect(Object.fromEntries(written.outputs)).toMatchObject({
      outcome: 'error',
      'reason-code': 'api_refused',
      'rollout-id': forOutput(text),
      version: forOutput(text),
      'previous-version': forOutput(text),
      percentage: '25',
      'stages-total': `${record.plan?.stages.length}`,
      decision: forOutput(decisionOutput(record)),
    });
  });

  it.each(corpus)('%s hands over what it was told to the letter', async (_name, text) => {
    const value = JSON.stringify({ text });
    const written = await files.step({}, async (shell) => {
      shell.saveState('rollout', value);
      shell.saveState('ended', value);
    });
    expect(written.state).toEqual([
      ['rollout', value],
      ['ended', value],
    ]);
  });
});

describe('a server whose model, versions and groups are called', () => {
  const files = createCommandFiles();
  let rolledOut = 0;
  afterAll(() => files.remove());

  it.each(corpus)('%s gets no word into the files of the runner', async (_name, text) => {
    const clock = createVirtualClock(START);
    const emulator = await startEmulator({
      clock,
      model: text,
      candidate: `2${text}`,
      baseline: `1${text}`,
      groups: [{ name: text, count: 60 }],
    });
    const around = { clock, random: () => 0.5, signal: new AbortController().signal };
    const run = (inputs: Readonly<Record<string, string>>) =>
      files.step(
        { 'api-key': KEY, 'api-url': emulator.url, model: 'mdl_radiology', 'github-token': '', ...inputs },
        (shell) => main(shell, around),
      );
    try {
      const plan = 'stages: [5%, 100%]\nsoak: 1h\n';
      const version = `2${text}`;
      const ticks = [
        await run({ command: 'advance', version, plan }),
        await run({ command: 'status' }),
        await run({ command: 'rollback', reason: text || 'none' }),
      ];
      for (const written of ticks) expectOnlyOurs(written, [KEY]);
      if (ticks[0]?.outputs.some(([, value]) => value === 'advanced')) rolledOut += 1;
    } finally {
      await emulator.close();
    }
  });

  it('anything that fits into one line is rolled out all the same', () => {
    expect(rolledOut).toBeGreaterThan(corpus.length / 3);
  });
});
