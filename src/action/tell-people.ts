/** Everything that people outside the job are told, side by side: a cancelled job has seconds for it. */
import { type News, newsOf, withoutSecrets } from '../report/news.ts';
import type { RunRecord } from '../report/run-record.ts';
import { toError } from '../runtime/to-error.ts';
import { commentOnPost, commentOnRun } from './comment.ts';
import type { Commentary } from './commentary.ts';
import { type Telling, tellFromMain, tellFromPost } from './notify.ts';

/** Tells how a run ended, when that is published already. Never rejects, so that it costs no outcome. */
export async function tellOfRun(record: RunRecord, commentary: Commentary, telling: Telling): Promise<void> {
  const isComment = record.command !== 'status';
  await harmlessly(telling, async () => {
    // Before anything is cut: half a secret would not be found.
    const clean = withoutSecrets(record, telling.secrets);
    await Promise.all([
      harmlessly(telling, () => tellFromMain(newsOf(clean), telling)),
      harmlessly(telling, async () => {
        if (isComment) await commentary.end(commentOnRun(clean, telling));
      }),
    ]);
  });
}

/** Tells what the main step could not, and the news of the post step, null where it has none. Never rejects. */
export async function tellOfPost(news: News | null, commentary: Commentary, telling: Telling): Promise<void> {
  await Promise.all([
    harmlessly(telling, () => tellFromPost(news, telling)),
    harmlessly(telling, async () => {
      if (news !== null) await commentary.end(commentOnPost(news, telling));
    }),
  ]);
}

async function harmlessly({ shell }: Telling, tell: () => Promise<void>): Promise<void> {
  try {
    await tell();
  } catch (thrown) {
    shell.log.warn(`not everybody was told: ${toError(thrown).name}; the rollout does not depend on it`);
  }
}
