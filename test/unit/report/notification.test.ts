/** What people and machines outside the job are told. */
import { describe, expect, it } from 'vitest';
import { type News, newsOf, withoutSecrets } from '../../../src/report/news.ts';
import { chatText, notificationBody } from '../../../src/report/notification.ts';
import { teamsBody } from '../../../src/report/teams-card.ts';
import { hostileRecord } from '../../support/hostile-records.ts';
import { HOSTILE_TEXTS } from '../../support/hostile-text.ts';
import { COMPLETED, HELD, ROLLED_BACK } from '../../support/run-records.ts';

const KEYS = { idempotencyKey: 'a'.repeat(32), situationKey: 'b'.repeat(32) };

const bodyOf = (news: News): Record<string, unknown> =>
  JSON.parse(notificationBody(news, KEYS)) as Record<string, unknown>;

describe('the body of a notification', () => {
  it('says how the run ended, of what, where and what to do', () => {
    expect(bodyOf(newsOf(ROLLED_BACK))).toMatchObject({
      schema_version: 1,
      idempotency_key: KEYS.idempotencyKey,
      situation_key: KEYS.situationKey,
      step: 'main',
      command: 'run',
      outcome: 'rolled_back',
      success: false,
      model: 'radiology-v1',
      version: '2.0.0',
      previous_version: ROLLED_BACK.previousVersion,
      rollout_id: ROLLED_BACK.rolloutId,
      percentage: ROLLED_BACK.percentage,
      stages_total: 3,
      run_url: ROLLED_BACK.runUrl,
    });
  });

  it('has no half of a character in it, wherever a text is cut', () => {
    for (const text of ['🚀'.repeat(5_000), `x${'🚀'.repeat(5_000)}`, 'half \ud83d of it']) {
      const next = [{ text, language: 'sh' as const, code: text }];
      const body = notificationBody(newsOf({ ...hostileRecord(text), runUrl: null, next }), KEYS);
      expect(body).not.toMatch(/\\ud[89a-f]/i);
    }
  });

  it('keeps its keys, because receivers depend on them', () => {
    expect(Object.keys(bodyOf(newsOf(COMPLETED)))).toEqual([
      'schema_version',
      'idempotency_key',
      'situation_key',
      'text',
      'step',
      'command',
      'outcome',
      'success',
      'reason_code',
      'sentence',
      'advice',
      'model',
      'version',
      'group',
      'previous_version',
      'restored_version',
      'rollout_id',
      'percentage',
      'stage',
      'stages_total',
      'affected_devices',
      'still_serving',
      'ended_at',
      'next_look_at',
      'run_url',
      'next',
    ]);
  });

  it('shows chats the sentence first, then what to do, then the run', () => {
    const [first, ...rest] = chatText(newsOf(HELD)).split('\n');
    expect(first).toBe(`❌ ${newsOf(HELD).sentence.replaceAll('>', '&gt;').replaceAll('<', '&lt;')}`);
    expect(rest).toEqual([newsOf(HELD).advice, HELD.runUrl]);
  });

  it('gives no advice where there is nothing to do', () => {
    expect(newsOf(COMPLETED).advice).toBeNull();
    expect(chatText(newsOf(COMPLETED))).toMatch(/^✅ Completed radiology-v1 2\.0\.0/);
  });

  it('contains no secret, wherever a server repeated it', () => {
    const secret = 'edg_live_0123456789';
    const news = withoutSecrets(newsOf(hostileRecord(`denied for ${secret}`)), [secret]);
    for (const body of [notificationBody(news, KEYS), teamsBody(news)]) {
      expect(body).not.toContain(secret);
      expect(body).toContain('***');
    }
  });
});

describe.each(Object.entries(HOSTILE_TEXTS))('%s', (_title, text) => {
  const news = { ...newsOf(hostileRecord(text)), runUrl: null };

  it('calls nobody and links nowhere in a chat', () => {
    const said = chatText(news);
    expect(said).not.toMatch(/[<>]|@[^\s\u200b]|:\/\//);
    expect(said.split('\n').length).toBeLessThanOrEqual(2);
    expect(said.length).toBeLessThan(2_000);
  });

  it('stands in a card as text that knows no markup', () => {
    const { attachments } = JSON.parse(teamsBody(news)) as {
      attachments: { content: { body: { type: string; inlines: { type: string; text: string }[] }[] } }[];
    };
    const blocks = attachments[0]?.content.body ?? [];
    expect(new Set(blocks.map(({ type }) => type))).toEqual(new Set(['RichTextBlock']));
    const runs = blocks.flatMap(({ inlines }) => inlines);
    expect(new Set(runs.map(({ type }) => type))).toEqual(new Set(['TextRun']));
    expect(runs.filter((run) => run.text.includes('\n'))).toEqual([]);
  });

  it('keeps a body small enough for any receiver', () => {
    expect(Buffer.byteLength(notificationBody(news, KEYS))).toBeLessThan(28 * 1_024);
    expect(Buffer.byteLength(teamsBody(news))).toBeLessThan(28 * 1_024);
  });
});
