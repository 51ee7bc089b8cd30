/** The comment on a pull request: the summary in short, behind a hidden marker. Pure. */
import { moodOf, type News } from './news.ts';
import { nextSteps } from './next-steps.ts';
import { planSections } from './plan-summary.ts';
import type { RunRecord } from './run-record.ts';
import { cut, forMarkdown, forProse, oneLine } from './sanitise.ts';
import { stageTable } from './stage-table.ts';

/** GitHub takes this many characters of a comment. Source: docs.github.com /rest/issues/comments, 422 of a longer one. */
export const MAX_COMMENT_CHARS = 65_536;

const MAX_NAME_CHARS = 120;
const ALERTS = { good: 'TIP', neutral: 'NOTE', bad: 'CAUTION' } as const;

/** Returns the hidden line by which the comment of a model and group is found again. Never throws. */
export function commentMarker(model: string | null, group: string | null): string {
  // Percent-encoding leaves no character that could end an HTML comment.
  const name = (text: string | null): string => encodeURIComponent(oneLine(text ?? '', MAX_NAME_CHARS));
  return `<!-- octomil-rollout:${name(model)}:${name(group)} -->`;
}

/**
 * Returns the comment: marker, sentence, stages, what to do next, and a link to the run.
 *
 * Everything that comes from a server or a plan is escaped: no mention, link or HTML comes out of it. A part that
 * would make it too long is left out. Never throws.
 */
export function renderComment(record: RunRecord, news: News): string {
  const marker = commentMarker(record.model, record.group);
  const alert = `> [!${ALERTS[moodOf(news)]}]\n> **${forMarkdown(news.sentence)}**`;
  const serving =
    news.stillServing === null || news.sentence.includes(news.stillServing)
      ? ''
      : `Right now ${forMarkdown(news.stillServing)}.`;
  const stages =
    record.command === 'plan' ? planSections(record).slice(0, 3).join('\n\n') : stageTable(record);
  const notes = record.notes.slice(0, 3).map((note) => `- ${forProse(note)}`);
  const parts = [serving, stages, notes.join('\n'), nextSteps(record)].filter((part) => part !== '');
  const footer = footerOf(record);
  let body = `${marker}\n${alert}`;
  for (const part of parts) {
    if (body.length + part.length + footer.length + 4 <= MAX_COMMENT_CHARS) body += `\n\n${part}`;
  }
  return cut(`${body}\n\n${footer}\n`, MAX_COMMENT_CHARS);
}

function footerOf({ reason, runUrl }: RunRecord): string {
  const isSafe = runUrl !== null && /^https?:\/\/[\w.:/-]+$/.test(runUrl);
  return isSafe ? `\`${reason}\` · [run, with the whole summary](${runUrl})` : `\`${reason}\``;
}
