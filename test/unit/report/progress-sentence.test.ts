/** How far a rollout is that goes on, in one sentence. */
import { describe, expect, it } from 'vitest';
import { type Progress, progressSentence } from '../../../src/report/progress-sentence.ts';
import { MAX_SENTENCE_CHARS } from '../../../src/report/sentence.ts';
import { hostileRecord } from '../../support/hostile-records.ts';
import { HOSTILE_TEXTS } from '../../support/hostile-text.ts';
import { HELD } from '../../support/run-records.ts';

const AT = Date.UTC(2026, 10, 20, 13, 5);
const RECORD = { ...HELD, percentage: 25 };
const LAST = RECORD.stages.length - 1;

const say = (progress: Partial<Progress>, record = RECORD): string =>
  progressSentence(record, {
    at: AT,
    stageIndex: 1,
    dueAt: Date.UTC(2026, 10, 20, 14, 5),
    isPaused: false,
    ...progress,
  });

describe('progressSentence', () => {
  it.each<{ title: string; progress: Partial<Progress>; gives: RegExp }>([
    {
      title: 'the stage, its share of the fleet and when the next one may come',
      progress: {},
      gives: /^Rolling out radiology-v1 2\.0\.0: stage 2 of \d at 25%, next stage about 14:05 UTC\.$/,
    },
    {
      title: 'the end behind the last stage',
      progress: { stageIndex: LAST },
      gives: /, complete about 14:05 UTC\.$/,
    },
    {
      title: 'no time too early: minutes are rounded up',
      progress: { dueAt: Date.UTC(2026, 10, 20, 14, 5, 1) },
      gives: /about 14:06 UTC/,
    },
    {
      title: 'the date where it is another day',
      progress: { dueAt: Date.UTC(2026, 10, 20, 23, 59, 30) },
      gives: /about 2026-11-21 00:00 UTC/,
    },
    {
      title: 'no time while somebody has paused it',
      progress: { isPaused: true },
      gives: /25%, paused by somebody\.$/,
    },
    { title: 'that a time is not known', progress: { dueAt: Number.NaN }, gives: /about an unknown time\.$/ },
  ])('says $title', ({ progress, gives }) => {
    expect(say(progress)).toMatch(gives);
  });

  it.each(Object.entries(HOSTILE_TEXTS))('is one short line without a command with %s', (_title, text) => {
    const sentence = say({}, { ...hostileRecord(text), percentage: 25 });
    expect(sentence.length).toBeLessThanOrEqual(MAX_SENTENCE_CHARS);
    expect(sentence).not.toMatch(/[\n\r]|::|##\[/);
  });
});
