/** What a pull request says about a rollout. */
import { describe, expect, it } from 'vitest';
import {
  commentMarker,
  MAX_COMMENT_CHARS,
  renderComment,
  renderProgress,
} from '../../../src/report/comment.ts';
import { newsOf } from '../../../src/report/news.ts';
import type { RunRecord } from '../../../src/report/run-record.ts';
import { hostileRecord } from '../../support/hostile-records.ts';
import { HOSTILE_TEXTS } from '../../support/hostile-text.ts';
import { BEGAN_AT, COMPLETED, HELD, PLANNED, ROLLED_BACK } from '../../support/run-records.ts';

const commentOn = (record: RunRecord): string => renderComment(record, newsOf(record));

const GOING_ON = { at: BEGAN_AT, stageIndex: 1, dueAt: BEGAN_AT + 3_600_000, isPaused: false };

const SURFACES = [
  { on: 'an end', render: commentOn },
  {
    on: 'a rollout that goes on',
    render: (record: RunRecord) => renderProgress(record, newsOf(record), GOING_ON),
  },
] as const;

describe('the marker of a comment', () => {
  it('names the model and the group', () => {
    expect(commentMarker('radiology-v1', null)).toBe('<!-- octomil-rollout:radiology-v1: -->');
    expect(commentMarker('radiology-v1', 'beta')).toBe('<!-- octomil-rollout:radiology-v1:beta -->');
  });

  it('is never the one of another model and group', () => {
    expect(commentMarker('a:b', null)).not.toBe(commentMarker('a', 'b:'));
    expect(commentMarker('a', 'b')).not.toBe(commentMarker('a:b', null));
  });

  it.each(Object.entries(HOSTILE_TEXTS))('ends where it should with %s', (_title, text) => {
    const marker = commentMarker(text, text);
    expect(marker).toMatch(/^<!-- octomil-rollout:[^\s<>]*:[^\s<>]* -->$/);
    expect(marker.indexOf('-->')).toBe(marker.length - 3);
  });
});

describe('a comment', () => {
  it('begins with the sentence, and ends with the way to the run', () => {
    const lines = commentOn(ROLLED_BACK).trimEnd().split('\n');
    expect(lines[0]).toBe('> [!CAUTION]');
    expect(lines[1]).toMatch(/^> \*\*Rolled back radiology-v1 2\.0\.0 to 1\.0\.0/);
    expect(lines.at(-1)).toBe(
      `\`${ROLLED_BACK.reason}\` · [run, with the whole summary](${ROLLED_BACK.runUrl})`,
    );
  });

  it.each([
    { title: 'of a run shows what became of each stage', record: HELD, has: '| Stage | Fleet | Result |' },
    { title: 'of a plan shows its stages', record: PLANNED, has: '### Stages' },
    { title: 'of a plan shows its gates', record: PLANNED, has: '### Gates' },
    { title: 'of a failure says what to do next', record: HELD, has: '### What to do next' },
    { title: 'of a success is a tip', record: COMPLETED, has: '> [!TIP]' },
  ])('$title', ({ record, has }) => {
    expect(commentOn(record)).toContain(has);
  });

  it('stays within what GitHub takes, and keeps the way to the run', () => {
    const step = { text: 'x'.repeat(400), language: 'yaml', code: '`'.repeat(3_900) } as const;
    const notes = Array<string>(3).fill('n'.repeat(30_000));
    const record = { ...HELD, notes, next: Array<typeof step>(6).fill(step) };
    const long = '🚀'.repeat(200);
    const comment = `${commentMarker(long, long)}\n${commentOn(record)}`;
    expect(comment.length).toBeLessThanOrEqual(MAX_COMMENT_CHARS);
    expect(comment).toContain('[run, with the whole summary]');
  });

  it.each(
    SURFACES.flatMap(({ on, render }) =>
      Object.entries(HOSTILE_TEXTS).map(([title, text]) => ({ on, render, title, text })),
    ),
  )('on $on calls nobody and holds no markup of others with $title', ({ render, text }) => {
    const prose = render(hostileRecord(text))
      .split('\n')
      .slice(1)
      .join('\n')
      .replace(/(`{3,})[\s\S]*?\n\1(?=\n|$)/g, '')
      .replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');
    expect(prose).not.toMatch(/@[a-z]/i);
    expect(prose).not.toMatch(/<(?!\/?(?:details|summary|br|sub)>)/);
    expect(prose).not.toMatch(/(?<!\\)\]\(/);
    expect(prose).not.toMatch(/https?:\/\//);
  });
});

describe('a comment on a rollout that goes on', () => {
  const body = renderProgress(HELD, newsOf(HELD), GOING_ON);

  it('is found by the marker of every other comment on it', () => {
    expect(body.split('\n')[0]).toBe('<!-- octomil-rollout:radiology-v1: -->');
  });

  it('says when it was written, because nobody renews it where the job is killed', () => {
    expect(body).toContain('As of 2026-11-20T09:00:00Z.');
  });

  it('shows the stages and the way to the run', () => {
    expect(body).toContain('| Stage | Fleet | Result |');
    expect(body.trimEnd().endsWith(`[run, with its log](${HELD.runUrl})`)).toBe(true);
  });
});
