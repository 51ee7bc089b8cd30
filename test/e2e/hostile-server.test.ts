/** The committed bundle against a server whose every word is hostile: the runner obeys nothing of it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../scripts/runner/workflow-commands.mjs';
import { type StageResult, type StepResult, startAction } from '../../scripts/stand-in-runner.mjs';
import { OUTPUT_KEYS, STATE_KEYS } from '../../src/action/io-keys.ts';
import { HOSTILE_TEXTS } from '../support/hostile-text.ts';
import { API_KEY, ROOT } from '../support/rehearsal.ts';
import { ROUTE_UNKNOWN, wireRollout } from '../support/scripted-octomil.ts';
import { type Script, startScriptedServer } from '../support/scripted-server.ts';

const texts = Object.values(HOSTILE_TEXTS);
// A status lists this many rollouts.
const AT_ONCE = 10;
const batches = Array.from({ length: Math.ceil(texts.length / AT_ONCE) }, (_none, index) => ({
  first: index * AT_ONCE + 1,
  hostile: texts.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
}));
const MODEL = { id: 'mdl_1', name: 'm', framework: 'onnx' };

/** A server that knows one model, whose rollouts are each in a state of that name, and in a group where `isName` says so. */
function talkative(hostile: readonly string[], isName: (text: string) => boolean): Script {
  const rollouts = hostile.map((text, index) =>
    wireRollout({
      rollout_id: `rol_${index}`,
      model_id: 'mdl_1',
      status: text,
      ...(isName(text) ? { group: text } : {}),
    }),
  );
  const model = { ...MODEL, name: hostile[0], description: hostile.join(' ') };
  return {
    'GET /models': { body: { models: [model], total: 1 } },
    'GET /models/mdl_1': { body: model },
    'GET /models/mdl_1/rollouts': { body: { rollouts } },
    'GET /models/mdl_1/versions': { body: { versions: [{ version: '1.0.0', status: hostile[0] }] } },
  };
}

/** A server that refuses everything with many words. */
function refusing(hostile: readonly string[]): Script {
  const detail = hostile.join('\n');
  const headers = { 'x-request-id': 'req_1' };
  return { 'GET /models/mdl_1': { status: 403, headers, body: { error: detail, message: detail, detail } } };
}

async function step(script: Script, inputs: Readonly<Record<string, string>>): Promise<StepResult> {
  const server = await startScriptedServer({ 'GET /devices': ROUTE_UNKNOWN, ...script });
  const directory = await mkdtemp(join(tmpdir(), 'rollout-hostile-'));
  try {
    return await startAction({
      root: ROOT,
      workspace: join(directory, 'workspace'),
      temp: join(directory, 'temp'),
      inputs: { 'api-key': API_KEY, 'api-url': server.url.href, model: 'mdl_1', timeout: '1m', ...inputs },
      secrets: [API_KEY],
      debug: true,
    }).result;
  } finally {
    await server.close();
    await rm(directory, { recursive: true, force: true });
  }
}

function expectNothingObeyed({ rawLines, log }: StageResult): void {
  const commands = rawLines.flatMap((line) => parseCommand(line, null) ?? []);
  const ours = ['add-mask', 'debug', 'endgroup', 'error', 'group', 'notice', 'warning'];
  for (const { name, data } of commands) {
    expect(ours).toContain(name);
    expect(data).not.toMatch(/^(?:owned|completed|a|x)$/);
  }
  for (const line of rawLines) {
    expect(line).not.toContain('##[');
    // The toolkit's own commands begin at the very start of a line.
    if (/^\s*::/.test(line))
      expect(line).toMatch(/^::(?:add-mask|debug|endgroup|error|group|notice|warning)/);
  }
  const masked = commands.filter(({ name }) => name === 'add-mask').map(({ data }) => data);
  expect(masked.filter((value) => value !== API_KEY)).toEqual([]);
  expect(log.join('\n')).not.toContain('Unable to process file command');
}

describe('a server whose words are all hostile', () => {
  it.concurrent.each(batches)('is only reported, from its text $first on', async ({ hostile }) => {
    const status = { command: 'status', 'github-token': '' };
    const isPrintable = (text: string): boolean => /^\P{C}{1,99}$/u.test(text) && text.trim() !== '';
    const answers = [
      await step(talkative(hostile, isPrintable), status),
      await step(refusing(hostile), status),
      await step(
        talkative(hostile, () => true),
        status,
      ),
    ];
    for (const answer of answers) {
      expectNothingObeyed(answer);
      if (answer.post !== undefined) expectNothingObeyed(answer.post);
      expect(Object.keys(answer.rawOutputs).toSorted()).toEqual([...OUTPUT_KEYS].toSorted());
      for (const name of Object.keys(answer.state)) expect(STATE_KEYS).toContain(name);
      for (const value of Object.values(answer.rawOutputs)) expect(value).not.toMatch(/[\n\r]/);
    }
    const [told, refused] = answers.map(({ rawOutputs }) => rawOutputs);
    expect(told).toMatchObject({ outcome: 'done', 'rollout-id': 'rol_0', version: '2.0.0' });
    expect(refused).toMatchObject({ outcome: 'error', 'rollout-id': '', version: '' });
    expect(answers[1]?.annotations.filter(({ type }) => type === 'error')).toHaveLength(1);
  });
});
