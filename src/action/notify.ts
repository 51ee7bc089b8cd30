/** Tells people outside the job how it ended: once for each ending, and never at the outcome's cost. */
import { createHash, createHmac } from 'node:crypto';
import { z } from 'zod';
import type { RolloutMemory } from '../core/ports.ts';
import { type DurationMs, SECOND_MS } from '../core/units.ts';
import type { WorkflowRun } from '../github/run-identity.ts';
import { type Delivery, deliver, type Parcel } from '../notify/webhook.ts';
import { type News, withoutSecrets } from '../report/news.ts';
import { type NotificationKeys, notificationBody } from '../report/notification.ts';
import { teamsBody } from '../report/teams-card.ts';
import { toError } from '../runtime/to-error.ts';
import type { Surroundings } from './connection.ts';
import { type NotificationInputs, notificationsOf } from './notification-inputs.ts';
import type { Shell } from './shell.ts';
import { shortlyAfterCancel } from './short-of-time.ts';
import { type ToldBefore, toldBefore } from './told-before.ts';

/** Longest time that telling takes where nothing presses. */
const MOST_MS: DurationMs = 30 * SECOND_MS;

/** What telling needs of the job. */
export interface Telling {
  readonly shell: Shell;
  readonly around: Surroundings;
  readonly run: WorkflowRun;
  /** Texts that no notification may contain, longest first. */
  readonly secrets: readonly string[];
  /** What remembers the rollout that is told of. */
  readonly memory: RolloutMemory;
}

const PENDING = z.strictObject({ body: z.string().min(2), idempotencyKey: z.string().min(1) });

/**
 * Sends the news of the main step where its outcome is one to tell, and no earlier tick has told it. Never rejects.
 *
 * The notification is handed over to the post step before it is sent and taken back when it was accepted or
 * refused for good, so that a killed process leaves it to be sent with the same idempotency key.
 */
export async function tellFromMain(news: News, telling: Telling): Promise<void> {
  const { shell } = telling;
  await warned(shell, async () => {
    const notifications = notificationsOf(shell.input);
    if (notifications === null) return;
    const before = toldBeforeOf(news, notifications, telling);
    if (!notifications.outcomes.includes(news.outcome)) return before.goesOn();
    const parcel = parcelOf(news, notifications, telling);
    keep(shell, JSON.stringify(parcel));
    if (await before.isTold()) {
      keep(shell, '');
      shell.log.info(`the webhook at ${notifications.webhook.url.host} was told this by an earlier tick`);
      return;
    }
    const delivery = await send(parcel, notifications, telling);
    if (delivery.delivered || !delivery.again) keep(shell, '');
    if (delivery.delivered) return before.keep();
    if (delivery.again) shell.log.info(`${saidOf(delivery.why, notifications)}; the post step tries again`);
    else shell.log.warn(`${saidOf(delivery.why, notifications)}; the rollout does not depend on it`);
  });
}

/**
 * Sends what the main step could not, and then the news of the post step itself, null where it has none. Never
 * rejects.
 */
export async function tellFromPost(news: News | null, telling: Telling): Promise<void> {
  const { shell } = telling;
  await warned(shell, async () => {
    const notifications = notificationsOf(shell.input);
    if (notifications === null) return;
    const isTold = news !== null && notifications.outcomes.includes(news.outcome);
    const parcels = [pendingIn(shell), isTold ? parcelOf(news, notifications, telling) : null];
    for (const parcel of parcels) {
      const delivery = parcel === null ? null : await send(parcel, notifications, telling);
      if (delivery === null || delivery.delivered) continue;
      shell.log.warn(`${saidOf(delivery.why, notifications)}; the rollout does not depend on it`);
      return;
    }
  });
}

function saidOf(why: string, { webhook }: NotificationInputs): string {
  return `the webhook at ${webhook.url.host} was not told: ${why}`;
}

function parcelOf(news: News, { format }: NotificationInputs, { run, secrets, shell }: Telling): Parcel {
  const clean = withoutSecrets(news, secrets);
  const situation = situationOf(clean);
  const names = ['GITHUB_REPOSITORY', 'GITHUB_JOB', 'GITHUB_ACTION'].map(shell.variable);
  const place = [run.label, ...names, clean.step, clean.command];
  const keys: NotificationKeys = {
    idempotencyKey: digestOf([...place, ...situation]),
    situationKey: digestOf(situation),
  };
  const body = format === 'teams' ? teamsBody(clean) : notificationBody(clean, keys);
  return { body, idempotencyKey: keys.idempotencyKey };
}

function situationOf(news: News): readonly (string | number | null)[] {
  const { model, version, group, rolloutId, outcome, reason, percentage } = news;
  return [model, version, group, rolloutId, outcome, reason, percentage];
}

/**
 * The address is part of the key, so that another receiver is told, and nobody who lacks it can have it kept quiet.
 * Without a rollout nothing but the sentence tells one thing that is in the way from another.
 */
function toldBeforeOf(
  news: News,
  { webhook }: NotificationInputs,
  { around, secrets, memory }: Telling,
): ToldBefore {
  const clean = withoutSecrets(news, secrets);
  const key = createHmac('sha256', `${webhook.url.href} ${webhook.secret ?? ''}`)
    .update(digestOf([...situationOf(clean), clean.rolloutId === null ? clean.sentence : null]))
    .digest('hex')
    .slice(0, 16);
  return toldBefore(clean, { memory, signal: around.signal, key });
}

function digestOf(parts: readonly (string | number | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

async function send(parcel: Parcel, { webhook }: NotificationInputs, { around }: Telling): Promise<Delivery> {
  const { clock, random } = around;
  const { signal, end } = shortlyAfterCancel(around.signal, MOST_MS);
  try {
    return await deliver(webhook, parcel, { clock, random, signal });
  } finally {
    end();
  }
}

function keep(shell: Shell, text: string): void {
  try {
    shell.saveState('notification', text);
  } catch (thrown) {
    shell.log.debug(`the notification cannot be handed over to the post step: ${toError(thrown).message}`);
  }
}

function pendingIn(shell: Shell): Parcel | null {
  const text = shell.state('notification');
  if (text === '') return null;
  try {
    return PENDING.parse(JSON.parse(text));
  } catch {
    shell.log.debug('what the main step wanted to tell cannot be read');
    return null;
  }
}

async function warned(shell: Shell, tell: () => Promise<void>): Promise<void> {
  try {
    await tell();
  } catch (thrown) {
    shell.log.warn(`the webhook was not told: ${toError(thrown).name}; the rollout does not depend on it`);
  }
}
