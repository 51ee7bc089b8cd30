/** Everything that people outside the job are told, side by side: a cancelled job has seconds for it. */
import { type News, newsOf } from '../report/news.ts';
import type { RunRecord } from '../report/run-record.ts';
import { toError } from '../runtime/to-error.ts';
import { commentOnPost, commentOnRun } from './comment.ts';
import type { Commentary } from './commentary.ts';
import { type Telling, tellFromMain, tellFromPost } from './notify.ts';

/** Tells how a run ended, when that is published already. Never rejects, so that it costs no outcome. */
export async function tellOfRun(record: RunRecord, commentary: Commentary, telling: Telling): Promise<void> {
  await harmlessly(telling, async () => {
    const isComment = record.command !== 'status';
    await Promise.all([
      tellFromMain(newsOf(record), telling),
      isComment ? commentary.end(commentOnRun(record, telling)) : null,
    ]);
  });
}

/** Tells what the main step could not, and the news of the post step, null where it has none. Never rejects. */
export async function tellOfPost(news: News | null, commentary: Commentary, telling: Telling): Promise<void> {
  await harmlessly(telling, async () => {
    await Promise.all([
      tellFromPost(news, telling),
      news === null ? null : commentary.end(commentOnPost(news, telling)),
    ]);
  });
}

async function harmlessly({ shell }: Telling, tell: () => Promise<void>): Promise<void> {
  try {
    await tell();
  } catch (thrown) {
    shell.log.warn(`nobody was told: ${toError(thrown).name}; the rollout does not depend on it`);
  }
}
