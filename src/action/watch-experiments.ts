/** Which experiments run on the model: asked beside the looks, seldom, and never in their way. */
import type { RunningExperiment } from '../core/experiments.ts';
import { formatRatio } from '../core/format.ts';
import type { Logger } from '../core/ports.ts';
import { type DurationMs, type EpochMs, MINUTE_MS } from '../core/units.ts';
import type { OctomilClient } from '../octomil/client.ts';
import { toError } from '../runtime/to-error.ts';

/** Looks come every few seconds; an experiment is seen this much later at most. */
const ASK_AGAIN_MS: DurationMs = MINUTE_MS;
/** A route that fails costs a look its deadline, so it is left alone for a while. */
const AFTER_FAILURE_MS: DurationMs = 10 * MINUTE_MS;

/** Resolves with the experiments that run now; null where the API does not tell. Rejects only when aborted. */
export type ExperimentWatch = () => Promise<readonly RunningExperiment[] | null>;

/** What a watch needs of the API. */
export interface ExperimentSource {
  readonly client: Pick<OctomilClient, 'runningExperiments' | 'now'>;
  readonly modelId: string;
  readonly signal: AbortSignal;
}

/**
 * Returns a watch that asks at most once a minute, ten minutes after a failure, and never again where the API has
 * no such route or the key no such scope.
 */
export function watchExperiments({ client, modelId, signal }: ExperimentSource): ExperimentWatch {
  let known: readonly RunningExperiment[] | null = null;
  let nextAt: EpochMs = Number.NEGATIVE_INFINITY;
  return async () => {
    if (client.now() < nextAt) return known;
    nextAt = client.now() + ASK_AGAIN_MS;
    try {
      known = await client.runningExperiments(modelId);
      if (known === null) nextAt = Number.POSITIVE_INFINITY;
    } catch {
      signal.throwIfAborted();
      nextAt = client.now() + AFTER_FAILURE_MS;
    }
    return known;
  };
}

/** Returns the sentence that a person reads about a running experiment. */
export function experimentSentence({ id, name, share }: RunningExperiment): string {
  const takes = share === null ? 'takes its traffic' : `takes ${formatRatio(share)} of the traffic`;
  return `experiment ${name ?? id} runs on the model and ${takes} first: the rollout's percentages are of the rest`;
}

/** Where what was seen is told. */
export interface ExperimentAudience {
  readonly log: Pick<Logger, 'notice'>;
  note(line: string): void;
}

/** Returns a function that is told what each look saw and speaks when an experiment starts, changes or ends. */
export function createExperimentTeller({ log, note }: ExperimentAudience) {
  let told: ReadonlyMap<string, string> = new Map();
  return (running: readonly RunningExperiment[] | null | undefined): void => {
    if (running == null) return;
    const now = new Map(running.map((one) => [one.id, experimentSentence(one)]));
    const over = [...told.keys()].filter((id) => !now.has(id));
    const lines = [
      ...[...now].filter(([id, sentence]) => told.get(id) !== sentence).map(([, sentence]) => sentence),
      ...over.map((id) => `experiment ${id} is over: the rollout's percentages are of all devices again`),
    ];
    for (const line of lines) {
      log.notice(line);
      note(line);
    }
    told = now;
  };
}

/** Resolves with what a plan's reader should know of experiments; a failure is such a thing too. */
export async function experimentNotes(source: ExperimentSource): Promise<readonly string[]> {
  try {
    const running = await source.client.runningExperiments(source.modelId);
    return (running ?? []).map(experimentSentence);
  } catch (thrown) {
    source.signal.throwIfAborted();
    return [`it is not known whether an experiment runs on the model: ${toError(thrown).message}`];
  }
}
