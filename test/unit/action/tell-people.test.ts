/** What people are told, and that nobody is kept waiting for it, whatever becomes of the others. */
import { expect, it } from 'vitest';
import { createCommentary } from '../../../src/action/commentary.ts';
import type { Telling } from '../../../src/action/notify.ts';
import { tellOfRun } from '../../../src/action/tell-people.ts';
import { NOTHING_REMEMBERED } from '../../../src/core/rollout-memory.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { startReceiver } from '../../support/chat-stand-ins.ts';
import { createRecordingShell } from '../../support/recording-shell.ts';
import { HELD } from '../../support/run-records.ts';

const SECRET = 'whsec_0123456789abcdef';

/** Tells a webhook of a run; `secrets` are the job's. */
async function toldOf(record: typeof HELD, secrets: readonly string[]): Promise<readonly string[]> {
  const receiver = await startReceiver();
  const inputs = { 'webhook-url': receiver.url, 'webhook-on': 'held', 'webhook-format': 'json' };
  const shell = createRecordingShell(inputs, { comment: 'never' });
  const around = { clock: systemClock(), random: () => 0.5, signal: new AbortController().signal };
  const run = { label: 'local', url: null, isScheduled: false } as unknown as Telling['run'];
  const telling: Telling = { shell, around, run, secrets, memory: NOTHING_REMEMBERED };
  const event = { name: 'push', pullRequest: null } as unknown as Parameters<typeof createCommentary>[0];
  try {
    await tellOfRun(record, createCommentary(event, telling), telling);
    return receiver.received.map(({ text }) => text);
  } finally {
    await receiver.close();
  }
}

it('contains no part of a secret, also where a text is cut in the middle of one', async () => {
  const record = { ...HELD, model: `${'m'.repeat(40)}${SECRET}`, detail: `${'d'.repeat(160)}${SECRET}` };
  const [text = ''] = await toldOf(record, [SECRET]);
  expect(text).toContain('mmmm');
  expect(text).not.toContain(SECRET.slice(0, 5));
});

it('reaches the webhook before the job goes on, also where the comment cannot be written', async () => {
  const unrenderable = { ...HELD, stages: null as unknown as typeof HELD.stages };
  expect(await toldOf(unrenderable, [])).toHaveLength(1);
});
