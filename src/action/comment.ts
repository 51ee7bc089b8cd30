/** What the comment on a pull request says: on a rollout that goes on, on a run that ended, and on what the post step found. */
import { commentMarker, renderComment, renderPostComment, renderProgress } from '../report/comment.ts';
import { type News, newsOf, withoutSecrets } from '../report/news.ts';
import type { Progress } from '../report/progress-sentence.ts';
import type { RunRecord } from '../report/run-record.ts';
import { askedNames } from './asked-names.ts';
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
export function commentOnRun(record: RunRecord, narrator: Narrator): Comment {
  const clean = withoutSecrets(record, narrator.secrets);
  const news = newsOf(clean);
  return marked(news, renderComment(clean, news), narrator);
}

/** Returns the comment on a rollout that goes on; `record` is what is known of it until now. */
export function commentOnProgress(record: RunRecord, progress: Progress, narrator: Narrator): Comment {
  const clean = withoutSecrets(record, narrator.secrets);
  const news = newsOf(clean);
  return marked(news, renderProgress(clean, news, progress), narrator);
}

/** Returns the comment on what the post step found. */
export function commentOnPost(news: News, narrator: Narrator): Comment {
  const clean = withoutSecrets(news, narrator.secrets);
  return marked(clean, renderPostComment(clean), narrator);
}

/** The marker is the same for every run of a workflow, however far it came. */
function marked(news: News, text: string, { shell, secrets }: Narrator): Comment {
  const { model, group } = withoutSecrets(askedNames(shell), secrets);
  const marker = commentMarker(model ?? news.model, group ?? news.group);
  return { marker, body: `${marker}\n${text}` };
}
