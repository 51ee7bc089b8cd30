/** Keeps the comment on the pull request up to date while a job runs and when it ends, never at the rollout's cost. */
import type { Clock } from '../core/ports.ts';
import { type DurationMs, SECOND_MS } from '../core/units.ts';
import { askedPauseMs, troubleOf } from '../github/github-trouble.ts';
import type { WorkflowEvent } from '../github/workflow-event.ts';
import { timeLimit } from '../runtime/abort.ts';
import { toError } from '../runtime/to-error.ts';
import type { Comment, Narrator } from './comment.ts';
import { commentOf } from './comment-inputs.ts';
import { COMMENT_PERMISSION, createDesk, type Desk, noPlaceFor } from './comment-place.ts';
import type { Telling } from './notify.ts';
import { shortlyAfterCancel } from './short-of-time.ts';

/** The comment of one job. */
export interface Commentary {
  /**
   * Has it say how a rollout goes on, beside the rollout; of several texts that wait only the newest. `text` is asked
   * for at once where there may be a comment at all. Never throws.
   */
  show(text: (narrator: Narrator) => Comment): void;
  /** Gives up what is being written, and what waits: the rollout comes first now. */
  hush(): void;
  /** Has it say how the job ended, and resolves when it does, or does not. Never rejects. */
  end(comment: Comment): Promise<void>;
}

const MIDWAY_MS: DurationMs = 10 * SECOND_MS;
const END_MS: DurationMs = 30 * SECOND_MS;
const MOST_PAUSE_MS: DurationMs = 20 * SECOND_MS;

/**
 * Returns the commentary of a job; nothing is asked of GitHub before there is something to say.
 *
 * While the rollout goes on each text gets one attempt of at most 10 s, and nothing waits for it. What goes wrong is
 * one notice for the whole job, a warning where `comment` is `always`: at once where GitHub refuses, and otherwise
 * only when the end cannot be told either.
 */
export function createCommentary(
  event: WorkflowEvent,
  { shell, around, secrets }: Narrator & Pick<Telling, 'around'>,
): Commentary {
  const narrator = { shell, secrets };
  const inputs = commentOf(shell.input);
  const without = noPlaceFor(event, inputs);
  const desk = inputs === null || without !== null ? null : createDesk(event, inputs.token, shell);
  let stop = new AbortController();
  const complain = createComplaint(narrator, inputs?.wish === 'always');
  let isOver = desk === null;
  let waiting: Comment | null = null;
  let writing: Promise<void> | null = null;
  const hush = (): void => {
    waiting = null;
    stop.abort(new Error('the rollout comes first'));
    stop = new AbortController();
  };
  const writeWaiting = async (at: Desk): Promise<void> => {
    for (let comment = waiting; comment !== null; comment = waiting) {
      waiting = null;
      const signal = AbortSignal.any([stop.signal, around.signal, timeLimit(MIDWAY_MS)]);
      try {
        shell.log.debug(await at.write(comment, signal));
      } catch (thrown) {
        shell.log.debug(`the comment is not renewed now: ${toError(thrown).name}`);
        if (signal.aborted || !troubleOf(thrown, COMMENT_PERMISSION).isFinal) continue;
        isOver = true;
        complain(thrown, false);
      }
      if (isOver) break;
    }
    writing = null;
  };
  return {
    show(text) {
      if (isOver || desk === null) return;
      try {
        waiting = text(narrator);
        writing ??= writeWaiting(desk);
      } catch (thrown) {
        shell.log.debug(`the comment is not renewed now: ${toError(thrown).message}`);
      }
    },
    hush,
    async end(comment) {
      isOver = true;
      hush();
      await writing;
      if (without !== null && without !== '') shell.log.info(`no comment: ${without}`);
      if (desk === null) return;
      const { signal, end } = shortlyAfterCancel(around.signal, END_MS);
      await onceMore(() => desk.write(comment, signal), { clock: around.clock, signal })
        .then((line) => shell.log.info(line))
        .catch((thrown) => complain(thrown, signal.aborted));
      end();
    },
  };
}

/** Says once why there is no comment, or no newer one. */
function createComplaint(
  { shell, secrets }: Narrator,
  isWanted: boolean,
): (thrown: unknown, isLate: boolean) => void {
  let isTold = false;
  return (thrown, isLate) => {
    const { why } = troubleOf(thrown, COMMENT_PERMISSION, secrets);
    const hint = isWanted ? '' : ', or set `comment: never`';
    const said = `the pull request has no comment: ${isLate ? 'GitHub did not answer in time' : why}${hint}`;
    if (isTold) shell.log.debug(said);
    else if (isWanted) shell.log.warn(said);
    else shell.log.notice(said);
    isTold = true;
  };
}

/** Repeats once what GitHub refused for its rate limit: it was not done then, so nothing is written twice. */
async function onceMore(
  act: () => Promise<string>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<string> {
  try {
    return await act();
  } catch (thrown) {
    const askedMs = askedPauseMs(thrown);
    if (askedMs === null || askedMs > MOST_PAUSE_MS) throw thrown;
    await clock.sleepUntil(clock.now() + askedMs, signal);
    return act();
  }
}
