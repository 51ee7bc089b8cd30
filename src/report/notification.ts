/** The body of a notification: versioned JSON that machines read, with a text that chats show. Pure. */
import { SUCCESSFUL_OUTCOMES } from '../core/rollout.ts';
import type { Json } from './exact-json.ts';
import { numberOrNull, timeOrNull } from './machine-shape.ts';
import { moodOf, type News } from './news.ts';

/** Version of the notification's JSON; it grows when a key is removed or changes its meaning. */
export const NOTIFICATION_SCHEMA_VERSION = 1;

/** Texts by which a receiver knows what it has seen already. */
export interface NotificationKeys {
  /** The same however often one notification is sent. */
  readonly idempotencyKey: string;
  /** The same for every run that finds the same rollout ended in the same way at the same percentage. */
  readonly situationKey: string;
}

/**
 * Returns a notification as one line of JSON, snake_case, `schema_version` 1.
 *
 * `text` is what Slack's incoming webhooks, and others made like them, show. Percentages are 0 to 100, times
 * ISO in UTC; what is not known is null. Never throws.
 */
export function notificationBody(news: News, keys: NotificationKeys): string {
  const body: Json = {
    schema_version: NOTIFICATION_SCHEMA_VERSION,
    idempotency_key: keys.idempotencyKey,
    situation_key: keys.situationKey,
    text: chatText(news),
    step: news.step,
    command: news.command,
    outcome: news.outcome,
    success: SUCCESSFUL_OUTCOMES.includes(news.outcome),
    reason_code: news.reason,
    sentence: news.sentence,
    advice: news.advice,
    model: news.model,
    version: news.version,
    group: news.group,
    previous_version: news.previousVersion,
    restored_version: news.restoredVersion,
    rollout_id: news.rolloutId,
    percentage: numberOrNull(news.percentage),
    stage: news.stage,
    stages_total: news.stagesTotal,
    affected_devices: numberOrNull(news.affectedDevices),
    still_serving: news.stillServing,
    ended_at: timeOrNull(news.endedAt),
    next_look_at: timeOrNull(news.nextLookAt),
    run_url: news.runUrl,
    next: news.next.map(({ text, language, code }) => ({ text, language, code })),
  };
  return JSON.stringify(body);
}

const SIGNS = { good: '✅', neutral: 'ℹ️', bad: '❌' } as const;

/**
 * Returns the news as a few lines for a chat: the sentence, what to do, and the run's address.
 *
 * Escaped as Slack asks (`&`, `<`, `>`); no text of a server becomes a mention or a link. Never throws.
 * Source: docs.slack.dev, "Formatting message text".
 */
export function chatText(news: News): string {
  const lines = [
    `${SIGNS[moodOf(news)]} ${forChat(news.sentence)}`,
    news.advice === null ? null : forChat(news.advice),
    news.runUrl,
  ];
  return lines.filter((line) => line !== null).join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

// A zero-width space is what keeps a name from being called and an address from being fetched for a preview.
function forChat(text: string): string {
  return text
    .replace(/[&<>]/g, (character) => ENTITIES[character] ?? '')
    .replace(/@(?=\S)/g, '@\u200b')
    .replace(/:(?=\/\/)/g, ':\u200b');
}
