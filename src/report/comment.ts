/** The comment on a pull request: the summary in short, behind a hidden marker. Pure. */
import { isSaid } from './annotation.ts';
import { moodOf, type News } from './news.ts';
import { nextSteps, stepText } from './next-steps.ts';
import { planSections } from './plan-summary.ts';
import { type Progress, progressSentence } from './progress-sentence.ts';
import type { RunRecord } from './run-record.ts';
import { forCode, forMarkdown, forProse, oneLine } from './sanitise.ts';
import { stageTable } from './stage-table.ts';
import { formatTime } from './time.ts';

/** GitHub takes this many characters of a comment. Source: docs.github.com /rest/issues/comments, 422 of a longer one. */
export const MAX_COMMENT_CHARS = 65_536;

const MAX_NAME_CHARS = 120;
// Percent-encoding makes up to nine characters of one; the line end is one more.
const MAX_MARKER_CHARS = 2 * 9 * MAX_NAME_CHARS + 30;
const ALERTS = { good: 'TIP', neutral: 'NOTE', bad: 'CAUTION' } as const;

/** Returns the hidden line by which the comment of a model and group is found again. Never throws. */
export function commentMarker(model: string | null, group: string | null): string {
  // Percent-encoding leaves no character that could end an HTML comment.
  const name = (text: string | null): string => encodeURIComponent(oneLine(text ?? '', MAX_NAME_CHARS));
  return `<!-- octomil-rollout:${name(model)}:${name(group)} -->`;
}

/**
 * Returns what a comment on a run says below its marker: sentence, stages, what to do next, and a link to the run.
 *
 * Everything that comes from a server or a plan is escaped: no mention, link or HTML comes out of it. A part that
 * would make it too long is left out. Never throws.
 */
export function renderComment(record: RunRecord, news: News): string {
  const stages =
    record.command === 'plan' ? planSections(record).slice(0, 4).join('\n\n') : stageTable(record);
  const notes = record.notes.slice(0, 3).map((note) => `- ${forProse(note)}`);
  return assemble(news, [stillServing(news), stages, notes.join('\n'), nextSteps(record)]);
}

/**
 * Returns the comment on a rollout that goes on: sentence, stages, and a link to the run.
 *
 * Escaped and cut as that on its end. Never throws.
 */
export function renderProgress(record: RunRecord, news: News, progress: Progress): string {
  const notes = record.notes.slice(0, 3).map((note) => `- ${forProse(note)}`);
  const ahead = `As of ${formatTime(progress.at)}. The rollout is looked at all the while; this comment is renewed at the next stage and at the end.`;
  const sentence = progressSentence(record, progress);
  return assemble({ ...news, sentence }, [stageTable(record), notes.join('\n'), ahead], 'run, with its log');
}

/** Returns the same for what the post step found behind a run that could not say how it ended. Never throws. */
export function renderPostComment(news: News): string {
  const { model, version, rolloutId } = news;
  const facts = [model, version, rolloutId].filter((fact) => fact !== null).map((fact) => forCode(fact, 80));
  const steps = news.next.map(stepText);
  const ahead = steps.length === 0 ? '' : ['### What to do next', ...steps].join('\n\n');
  return assemble(news, [facts.join(' · '), ahead]);
}

function assemble(
  news: News,
  parts: readonly string[],
  link: string = 'run, with the whole summary',
): string {
  const alert = `> [!${ALERTS[moodOf(news)]}]\n> **${forMarkdown(news.sentence)}**`;
  const footer = footerOf(news, link);
  let body = alert;
  for (const part of parts) {
    const length = body.length + part.length + footer.length + 5;
    const isFitting = length <= MAX_COMMENT_CHARS - MAX_MARKER_CHARS;
    if (part !== '' && isFitting) body += `\n\n${part}`;
  }
  return `${body}\n\n${footer}\n`;
}

function stillServing({ stillServing: serving, sentence }: News): string {
  return serving === null || isSaid(serving, sentence) ? '' : `Right now ${forMarkdown(serving)}.`;
}

function footerOf({ reason, runUrl }: News, link: string): string {
  const isSafe = runUrl !== null && /^https?:\/\/[\w.:/-]+$/.test(runUrl);
  return isSafe ? `\`${reason}\` · [${link}](${runUrl})` : `\`${reason}\``;
}
