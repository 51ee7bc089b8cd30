/** What every comment of the action keeps to itself. */
import { describe, expect, it } from 'vitest';
import { commentOnPost, commentOnProgress, commentOnRun } from '../../../src/action/comment.ts';
import { newsOf } from '../../../src/report/news.ts';
import { createRecordingShell } from '../../support/recording-shell.ts';
import { HELD } from '../../support/run-records.ts';

const SECRET = 'edg_live_0123456789';
const RECORD = {
  ...HELD,
  model: `m-${SECRET}`,
  notes: [`the key ${SECRET} is not valid`],
  stages: HELD.stages.map((stage) => ({ ...stage, name: SECRET })),
};
const NARRATOR = { shell: createRecordingShell({}, {}), secrets: [SECRET] };
const PROGRESS = { at: 0, stageIndex: 0, dueAt: 0, isPaused: false };

describe('a comment', () => {
  it.each([
    { on: 'a run that ended', comment: commentOnRun(RECORD, NARRATOR) },
    { on: 'a rollout that goes on', comment: commentOnProgress(RECORD, PROGRESS, NARRATOR) },
    { on: 'what the post step found', comment: commentOnPost(newsOf(RECORD), NARRATOR) },
  ])('on $on shows no secret and begins with its marker', ({ comment }) => {
    expect(`${comment.marker}${comment.body}`).not.toContain(SECRET);
    expect(comment.body.startsWith(`${comment.marker}\n`)).toBe(true);
  });
});
