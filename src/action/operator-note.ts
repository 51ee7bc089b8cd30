/** The operator's own words in a rollout's history. */
import type { RemoteRollout } from '../core/rollout.ts';
import { toError } from '../runtime/to-error.ts';
import type { OperatorOrder } from './operator-order.ts';

/**
 * Returns the text for the history: what is done, the person's words as they are, and the run that did it.
 *
 * Nobody's words can pass for the memory of a run: the opening of a tag is broken.
 */
export function operatorNote(what: string, { reason, run }: Pick<OperatorOrder, 'reason' | 'run'>): string {
  const source = run.url === null ? '' : ` (${run.url})`;
  return `${what} by request: ${reason}${source}`.replaceAll(/\[(?=octomil-rollout)/gi, '(');
}

/**
 * Writes the operator's words without changing anything: the percentage that the API shows now, with a reason.
 *
 * Resolves with the rollout as the API shows it afterwards. Errors: those of the API.
 */
export async function writeNote(
  order: OperatorOrder,
  rollout: RemoteRollout,
  what: string,
): Promise<RemoteRollout> {
  return order.api.setPercentage(rollout.id, rollout.percentage, operatorNote(what, order));
}

/** As `writeNote`, where the change itself matters more: a refusal becomes a note for the report. */
export async function tryNote(
  order: OperatorOrder,
  rollout: RemoteRollout,
  what: string,
): Promise<{ readonly rollout: RemoteRollout; readonly notes: readonly string[] }> {
  try {
    return { rollout: await writeNote(order, rollout, what), notes: [] };
  } catch (thrown) {
    order.signal.throwIfAborted();
    return { rollout, notes: [`the API keeps no note of the reason: ${toError(thrown).message}`] };
  }
}

/** Returns a note for the report when the rollout's history does not show the operator's words. */
export async function missingNote(order: OperatorOrder): Promise<readonly string[]> {
  try {
    const history = await order.api.readHistory(order.rollout.id);
    const words = operatorNote('', order).trim();
    if (history.some((entry) => entry.reason?.includes(words) === true)) return [];
  } catch {
    order.signal.throwIfAborted();
  }
  return ['the history that the API shows does not tell the reason; this report does'];
}
