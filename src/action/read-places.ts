/** The gates of a stage at one look, asked of every place at once, until all have answered or harm is proven. */
import type { Reading } from '../core/evidence.ts';
import { formatDuration } from '../core/format.ts';
import type { Gate, Stage } from '../core/plan.ts';
import type { Watching } from '../core/rollout.ts';
import { type DurationMs, SECOND_MS } from '../core/units.ts';
import { eitherSignal } from '../runtime/abort.ts';
import { toError } from '../runtime/to-error.ts';
import { readGates, type StageLook, unanswered } from './read-gates.ts';
import type { RolloutContext } from './rollout-context.ts';

/**
 * How long a look waits for the slowest of several places: more than one question takes with its repetition
 * (20 s), and no more than the steady time between looks, so that a place that hangs delays no other look.
 */
export const LOOK_DEADLINE_MS: DurationMs = 30 * SECOND_MS;

/** A watched stage, and what the answers so far would decide. */
export interface PlacesLook extends StageLook {
  /** Resolves with whether these readings prove harm already; places without an answer are errors in them. */
  provesHarm(readings: readonly Reading[]): Promise<boolean>;
}

/**
 * Returns one reading for each gate of the stage, in order.
 *
 * All places are asked side by side under one deadline. As soon as the answers prove harm the others are waited
 * for no longer: their readings are of kind `error`, as after the deadline. One place alone has its own
 * deadlines. Rejects only when the job is aborted. Invariant: INV-3, a slow place delays no proven harm.
 */
export async function readPlaces(
  context: RolloutContext,
  state: Watching,
  look: PlacesLook,
): Promise<readonly Reading[]> {
  const { stage } = look;
  const names = [...new Set(stage.gates.map((gate) => placeOf(context, gate)))];
  if (names.length < 2) return readGates(context, state, look);
  const over = new AbortController();
  const signal = eitherSignal(context.signal, over.signal) ?? context.signal;
  const answered = new Map<Gate, Reading>();
  const assembled = (why: string): readonly Reading[] =>
    stage.gates.map((gate) => answered.get(gate) ?? unanswered(state, look, { gate, why }));
  const reads = names.map(async (name) => {
    const own: Stage = { ...stage, gates: stage.gates.filter((gate) => placeOf(context, gate) === name) };
    const readings = await readSafely({ ...context, signal }, state, { stage: own, at: look.at });
    for (const reading of readings) answered.set(reading.gate, reading);
    return answered.size < stage.gates.length && (await look.provesHarm(assembled('not answered yet')));
  });
  try {
    const harm = await firstEnd(context.signal, reads);
    return assembled(harm ? NOT_AWAITED : `not answered within ${formatDuration(LOOK_DEADLINE_MS)}`);
  } finally {
    over.abort(new Error('the look is over'));
  }
}

const NOT_AWAITED = 'not answered yet when another gate had proven harm';

function placeOf({ health }: RolloutContext, gate: Gate): string {
  return health.placeOf?.(gate) ?? health.name;
}

async function readSafely(
  context: RolloutContext,
  state: Watching,
  look: StageLook,
): Promise<readonly Reading[]> {
  try {
    return await readGates(context, state, look);
  } catch (thrown) {
    const why = toError(thrown).message;
    return look.stage.gates.map((gate) => unanswered(state, look, { gate, why }));
  }
}

/** Resolves with true at the first read that proves harm, and with false when all are done or the time is over. */
function firstEnd(signal: AbortSignal, reads: readonly Promise<boolean>[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    // Not unref'd: a place that hangs without a handle of its own must not let the process drain.
    const timer = setTimeout(() => end(() => resolve(false)), LOOK_DEADLINE_MS);
    const onAbort = (): void => end(() => reject(signal.reason));
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    for (const read of reads) read.then((harm) => harm && end(() => resolve(true)), reject);
    Promise.all(reads).then(
      () => end(() => resolve(false)),
      (thrown) => end(() => reject(thrown)),
    );
  });
}
