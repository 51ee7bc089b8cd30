/** Keeps a run from taking the place of what a run that was started after it has rolled out. */
import type { Landscape } from '../core/landscape.ts';
import type { Plan } from '../core/plan.ts';
import type { RolloutApi } from '../core/ports.ts';
import type { Reconciliation } from '../core/reconcile.ts';
import type { RemoteRollout } from '../core/rollout.ts';
import { isNewerRun } from '../core/run-order.ts';
import { lastTag } from '../core/stage-history.ts';
import { Refusal } from './refusal.ts';

/**
 * Refuses to create a rollout, or to replace a rival, where the rival or the version that the fleet runs now came
 * from a newer workflow run, as far as the history tells; and in a re-run, where another version was completed after
 * its own. One request for each of them; none to adopt a rollout.
 *
 * Errors: throws a `Refusal` with `newer_run`; rejects with the API's error when a history cannot be read.
 */
export async function refuseOlderRun(
  { api, plan }: { readonly api: RolloutApi; readonly plan: Plan },
  beginning: Exclude<Reconciliation, { kind: 'refuse' }>,
  { standing, run }: { readonly standing: { readonly landscape: Landscape }; readonly run: string },
): Promise<void> {
  if (beginning.kind === 'adopt') return;
  const { lastCompleted, overtakenBy } = standing.landscape;
  if (overtakenBy !== null && isRepeated(run)) {
    const detail = `${describe(overtakenBy)} came after ${plan.version}, and this is a re-run of run ${idOf(run)}: it would take the fleet back`;
    throw new Refusal({ outcome: 'superseded', reason: 'newer_run', detail });
  }
  const others = [
    ...(beginning.kind === 'replace' ? [beginning.rival] : []),
    ...(lastCompleted ? [lastCompleted] : []),
  ];
  for (const other of others) {
    const tag = lastTag(await api.readHistory(other.id));
    if (tag === null || !isNewerRun(tag.run, run)) continue;
    const detail = `${describe(other)} is of run ${idOf(tag.run)}, and this is run ${idOf(run)}: it would take the fleet back to ${plan.version}`;
    throw new Refusal({ outcome: 'superseded', reason: 'newer_run', detail });
  }
}

function describe({ id, version, statusText, percentage }: RemoteRollout): string {
  return `rollout ${id} of ${version} (${statusText} at ${percentage}%)`;
}

/** The first attempt of a run is what somebody has just asked for; a later one may be a click on an old page. */
function isRepeated(label: string): boolean {
  return Number(label.split('.')[2] ?? 1) > 1;
}

function idOf(label: string): string {
  return label.split('.')[0] ?? label;
}
