/** The post step: verifies how the main step left its rollout, and repeats what was not confirmed. */
import { SUCCESSFUL_OUTCOMES } from '../core/rollout.ts';
import { NOTHING_REMEMBERED } from '../core/rollout-memory.ts';
import { type DurationMs, SECOND_MS } from '../core/units.ts';
import { readWorkflowRun } from '../github/run-identity.ts';
import { readWorkflowEvent } from '../github/workflow-event.ts';
import { OctomilError } from '../octomil/errors.ts';
import { type Aftermath, renderAftermath } from '../report/aftermath.ts';
import type { News } from '../report/news.ts';
import { timeLimit } from '../runtime/abort.ts';
import { toError } from '../runtime/to-error.ts';
import { type Aftercare, type Attempt, attend, findRollout } from './aftercare.ts';
import { createCommentary } from './commentary.ts';
import { connect, type Surroundings } from './connection.ts';
import { dutyAfter } from './duty.ts';
import { type Ended, type Handover, readHandover } from './handover.ts';
import { InputError, parseInputs } from './inputs.ts';
import { maskSecrets } from './mask-secrets.ts';
import { nextStepsAfter } from './next-steps.ts';
import { newsOfPost, type PostFinding } from './post-news.ts';
import type { WritingContext } from './rollout-context.ts';
import type { Shell } from './shell.ts';
import { forStatus } from './show-ending.ts';
import type { Notebook } from './tagged-writes.ts';
import { tellOfPost } from './tell-people.ts';

/** How long the post step tries; a cancelled job has five minutes for all its remaining steps. */
export const POST_DEADLINE_MS: DurationMs = 60 * SECOND_MS;

const MOST_ATTEMPT_MS: DurationMs = 20 * SECOND_MS;
const FIRST_PAUSE_MS: DurationMs = 2 * SECOND_MS;

/**
 * Does what the main step left to do and returns the exit code: 1 only where the rollout is not as it should be.
 *
 * Without a single request after a success and where nothing was written. Never rejects for anything that a
 * job can meet. Invariant: INV-10, the caller starts from exit code 1.
 */
export async function finishJob(
  shell: Shell,
  around: Surroundings,
  deadlineMs: DurationMs = POST_DEADLINE_MS,
): Promise<0 | 1> {
  const secrets = maskSecrets(shell);
  const { exitCode, news } = await takeCare(shell, around, deadlineMs);
  const run = readWorkflowRun(shell.variable);
  const telling = { shell, around, run, secrets, memory: NOTHING_REMEMBERED };
  const commentary = createCommentary(await readWorkflowEvent(shell.variable), telling);
  await tellOfPost(news, commentary, telling);
  return exitCode;
}

/** What the post step came to; `news` is null where it has nothing to tell. */
interface Care {
  readonly exitCode: 0 | 1;
  readonly news: News | null;
}

async function takeCare(shell: Shell, around: Surroundings, deadlineMs: DurationMs): Promise<Care> {
  const left = readHandover(shell.state);
  if (left.kind === 'nothing') return { exitCode: 0, news: null };
  if (left.kind === 'unreadable') return { exitCode: reportUnreadable(shell, left.ended), news: null };
  const duty = dutyAfter(left.handover, left.ended);
  if (duty.kind === 'none') return { exitCode: 0, news: null };
  const care = { handover: left.handover, duty };
  const attempt = await attendUntil(shell, around, { care, deadlineMs });
  const done = { ...care, ended: left.ended };
  const finding = await report(shell, done, attempt);
  await showRollback(shell, around, { done, attempt });
  const place = {
    command: shell.input('command'),
    at: around.clock.now(),
    run: readWorkflowRun(shell.variable),
  };
  return {
    exitCode: attempt.result === 'failed' ? 1 : 0,
    news: finding === null ? null : newsOfPost(finding, place),
  };
}

interface Tried extends Attempt {
  /** Null where no rollout is known. */
  readonly rolloutId: string | null;
}

interface Effort {
  readonly care: Aftercare;
  readonly deadlineMs: DurationMs;
}

async function attendUntil(shell: Shell, around: Surroundings, { care, deadlineMs }: Effort): Promise<Tried> {
  const { clock, signal } = around;
  const endsAt = clock.now() + deadlineMs;
  const overall = timeLimit(deadlineMs);
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
    const leftMs = endsAt - clock.now();
    const limit = AbortSignal.any([signal, overall, timeLimit(Math.min(MOST_ATTEMPT_MS, leftMs))]);
    const attempt = await attendOnce(shell, { ...around, signal: limit }, care);
    const nextAt = clock.now() + pauseMs;
    if (!attempt.again || signal.aborted || overall.aborted || nextAt >= endsAt) return attempt;
    shell.log.info(`not confirmed yet: ${attempt.detail}; trying again`);
    try {
      await clock.sleepUntil(nextAt, AbortSignal.any([signal, overall]));
    } catch {
      return attempt;
    }
  }
}

async function attendOnce(shell: Shell, around: Surroundings, care: Aftercare): Promise<Tried> {
  try {
    const context = writingContext(shell, around, care.handover);
    const rolloutId = await findRollout(context, care.handover);
    const found = { ...care, handover: { ...care.handover, rolloutId } };
    return { ...(await attend(context, found, notebook(shell))), rolloutId };
  } catch (thrown) {
    const detail = `it could not be verified: ${toError(thrown).message}`;
    return {
      result: 'failed',
      detail,
      again: !isFinal(thrown),
      wrote: false,
      rolloutId: care.handover.rolloutId,
    };
  }
}

/** A rollback that the main step could not tell of; one that goes on is told by who confirms it. */
async function showRollback(
  shell: Shell,
  around: Surroundings,
  { done: { handover, duty, ended }, attempt }: { readonly done: Done; readonly attempt: Tried },
): Promise<void> {
  const { rolloutId, result, detail } = attempt;
  if (duty.wish.kind !== 'roll_back' || rolloutId === null) return;
  if (result === 'untouched' || ended?.outcome === 'rolling_back') return;
  const kind = result === 'confirmed' ? 'rolled_back' : 'rollback_failed';
  const sentence = forStatus(`Checked after the job; ${detail}`);
  try {
    const { memory, signal } = writingContext(shell, around, handover);
    await memory.conclude({ rolloutId, kind, failure: null, sentence }, signal);
  } catch (thrown) {
    // Inputs that cannot be read have been told already.
    shell.log.debug(toError(thrown).message);
  }
}

function isFinal(thrown: unknown): boolean {
  if (thrown instanceof OctomilError) return thrown.status === 401 || thrown.status === 403;
  return thrown instanceof InputError;
}

function writingContext(shell: Shell, around: Surroundings, handover: Handover): WritingContext {
  const inputs = parseInputs(shell.input);
  if (inputs.apiKey === null)
    throw new Error('api-key is empty here; pass a secret that later steps see too');
  const { client, memory } = connect(inputs, inputs.apiKey, { shell, around, workspace: '.' });
  const { modelId, version, group } = handover;
  return {
    api: client.forModel(modelId),
    memory: memory({ modelId, version, groupId: group?.id ?? null }),
    group,
    signal: around.signal,
    run: readWorkflowRun(shell.variable),
    reason: inputs.reason,
    poll: inputs.poll,
    leases: false,
    plan: {
      version,
      digest: handover.planDigest,
      stages: { length: handover.stagesTotal },
    },
  };
}

function notebook({ log }: Shell): Notebook {
  return {
    wrote: (line) => log.info(line),
    note: (line) => log.debug(line),
    intends: () => {},
    settled: () => {},
  };
}

interface Done extends Aftercare {
  readonly ended: Ended | null;
}

/** What the main step has said already, and what is still so, needs no second summary. */
async function report(
  shell: Shell,
  { handover, duty, ended }: Done,
  attempt: Tried,
): Promise<PostFinding | null> {
  const { rolloutId } = attempt;
  const when =
    ended === null ? 'The job was killed before it could say how its rollout ended' : 'Checked after the job';
  const headline = `${when}; ${attempt.detail}`;
  shell.log.info(headline);
  if (ended !== null && attempt.result === 'confirmed' && !attempt.wrote) return null;
  const isVerified = attempt.result !== 'failed';
  const goesOn = attempt.result === 'confirmed' && duty.wish.kind !== 'roll_back';
  const { model, version, group } = handover;
  const plan = { model, version, group: group?.name ?? null };
  const outcome = goesOn ? 'cancelled' : 'rollback_failed';
  const driver = shell.input('command') === 'advance' ? 'tick' : 'run';
  const steps = nextStepsAfter(plan, outcome, { target: handover.previousVersion, driver });
  // What others have decided, and a rollback that goes on, is looked at first.
  const next = isVerified && !goesOn ? steps.slice(-1) : steps;
  await publishAftermath(shell, { ...handover, rolloutId, isVerified, headline, next });
  return { handover, ended, wish: duty.wish, rolloutId, isVerified, headline, next };
}

function reportUnreadable(shell: Shell, ended: Ended | null): 0 | 1 {
  if (ended !== null && SUCCESSFUL_OUTCOMES.includes(ended.outcome)) return 0;
  const said =
    'What the main step handed over cannot be read, so the rollout is not verified. Look at it with `command: status`.';
  shell.annotateError('Rollout not verified', said);
  return 1;
}

async function publishAftermath(shell: Shell, aftermath: Aftermath): Promise<void> {
  const { headline, isVerified, model, rolloutId, next } = aftermath;
  try {
    await shell.writeSummary(renderAftermath(aftermath));
  } catch (thrown) {
    shell.log.info(`the job summary could not be written: ${toError(thrown).message}`);
  }
  for (const { text, code } of next) {
    shell.log.info(text);
    for (const line of code?.split('\n') ?? []) shell.log.info(`  ${line}`);
  }
  const said = `${headline}. ${rolloutId === null ? 'Model' : `Rollout ${rolloutId} of`} ${model}.`;
  if (isVerified) shell.log.warn(said);
  else shell.annotateError('Rollout not verified', said);
}
