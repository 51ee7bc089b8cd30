/** A notification as the Adaptive Card that Microsoft Teams' Workflows post to a channel. Pure. */
import { formatPercent } from '../core/format.ts';
import type { Json } from './exact-json.ts';
import { moodOf, type News } from './news.ts';

const COLOURS = { good: 'Good', neutral: 'Default', bad: 'Attention' } as const;

/**
 * Returns the body for the trigger "When a Teams webhook request is received": one message with one card.
 *
 * Everything stands in text runs, which know no markup, so that no text of a server becomes a link or a mention.
 * Never throws. Source: learn.microsoft.com, "Create and send messages" of Teams webhooks; adaptivecards.io,
 * `RichTextBlock` (1.2).
 */
export function teamsBody(news: News): string {
  const card: Json = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      block({ text: news.sentence, weight: 'Bolder', color: COLOURS[moodOf(news)] }),
      ...(news.advice === null ? [] : [block({ text: news.advice })]),
      block({ text: factsOf(news), isSubtle: true }),
    ],
    actions:
      news.runUrl === null ? [] : [{ type: 'Action.OpenUrl', title: 'Open the run', url: news.runUrl }],
  };
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return JSON.stringify({ type: 'message', attachments: [{ contentType, contentUrl: null, content: card }] });
}

function block(run: { readonly [key: string]: Json }): Json {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', ...run }] };
}

function factsOf(news: News): string {
  const facts = [
    `${news.outcome} (${news.reason})`,
    news.rolloutId === null ? null : `rollout ${news.rolloutId}`,
    news.percentage === null ? null : formatPercent(news.percentage),
    news.stage === null
      ? null
      : `stage ${news.stage}${news.stagesTotal === null ? '' : ` of ${news.stagesTotal}`}`,
    news.previousVersion === null ? null : `previous version ${news.previousVersion}`,
  ];
  return facts.filter((fact) => fact !== null).join(' · ');
}
