/** What the comment on a pull request says: on a rollout that goes on, on a run that ended, and on what the post step found. */
import { commentMarker, renderComment, renderPostComment, renderProgress } from '../report/comment.ts';
import { type News, newsOf, withoutSecrets } from '../report/news.ts';
import type { Progress } from '../report/progress-sentence.ts';
import type { RunRecord } from '../report/run-record.ts';
import type { Telling } from './notify.ts';

/** A comment to be kept up to date. Both texts are free of secrets. */
export interface Comment {
  /** The line by which the comment is found again; `body` begins with it. */
  readonly marker: string;
  readonly body: string;
}

/** What a comment is written from beside the news: the job, and texts that it may not contain. */
export type Narrator = Pick<Telling, 'shell' | 'secrets'>;

/** Returns the comment on a run that ended. */
export function commentOnRun(record: RunRecord, { secrets }: Narrator): Comment {
  const clean = withoutSecrets(record, secrets);
  const news = withoutSecrets(newsOf(record), secrets);
  return { marker: commentMarker(news.model, news.group), body: renderComment(clean, news) };
}

/** Returns the comment on a rollout that goes on; `record` is what is known of it until now. */
export function commentOnProgress(record: RunRecord, progress: Progress, { secrets }: Narrator): Comment {
  const clean = withoutSecrets(record, secrets);
  const news = withoutSecrets(newsOf(record), secrets);
  return { marker: commentMarker(news.model, news.group), body: renderProgress(clean, news, progress) };
}

/** Returns the comment on what the post step found. */
export function commentOnPost(news: News, { secrets }: Narrator): Comment {
  const clean = withoutSecrets(news, secrets);
  return { marker: commentMarker(clean.model, clean.group), body: renderPostComment(clean) };
}
