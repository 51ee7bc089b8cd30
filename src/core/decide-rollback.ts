/** What to do while the fleet is being rolled back: ask, confirm, or give up loudly. Pure and total. */
import { formatCount, formatRatio } from './format.ts';
import type { Decision, Look } from './look.ts';
import { pollIntervalMs } from './next-look.ts';
import type { Plan } from './plan.ts';
import type { ReasonCode } from './reason-codes.ts';
import type { RollbackCause, RollingBack } from './rollout.ts';
import { type DurationMs, MINUTE_MS, SECOND_MS } from './units.ts';
import { because } from './watch.ts';

const ASK_AGAIN_AFTER_MS: DurationMs = 10 * SECOND_MS;

/** How long a rollout that restores the version may take to be listed after the candidate is gone. */
const RESTORING_SHOWS_WITHIN_MS: DurationMs = MINUTE_MS;

const UNCONFIRMED: Readonly<Record<RollbackCause, ReasonCode>> = {
  gate_failed: 'gate_failed_unconfirmed_devices',
  deadline_passed_rolled_back: 'deadline_passed_rolled_back_unconfirmed_devices',
  rolled_back_by_request: 'rolled_back_by_request_unconfirmed_devices',
  rolled_back_by_server: 'rolled_back_by_server_unconfirmed_devices',
};

/**
 * Returns the next command of a rollback that has been decided.
 *
 * Never throws. A rollback is asked for again until the API accepts it or `rollback.timeout` is over, and is
 * `rolled_back` only when countable devices run the restored version or, where devices cannot be counted,
 * when the API's status says so; the reason code then ends in `_unconfirmed_devices` (INV-7).
 */
export function decideRollback(plan: Plan, state: RollingBack, look: Look): Decision {
  const overdue = look.at - state.decidedAt > plan.rollback.timeoutMs;
  if (state.acceptedAt === null) return askAgain(state, look, overdue);
  const confirmation = confirm(plan, state, look);
  if (confirmation.kind === 'confirmed') {
    const reason = confirmation.counted ? state.cause : UNCONFIRMED[state.cause];
    return because({ kind: 'finish', outcome: 'rolled_back' }, reason, confirmation.detail);
  }
  if (overdue) {
    return because(
      { kind: 'finish', outcome: 'rollback_failed' },
      'rollback_unconfirmed',
      confirmation.detail,
    );
  }
  const again = askForRestoring(state, look);
  if (again !== null) return again;
  const intervalMs = pollIntervalMs(look.poll, look.at - state.acceptedAt);
  return because({ kind: 'wait', until: look.at + intervalMs }, 'confirming_rollback', confirmation.detail);
}

function askAgain(state: RollingBack, look: Look, overdue: boolean): Decision {
  const done = doneByOthers(state, look);
  if (done !== null) return done;
  const why = state.lastRefusal?.why ?? null;
  if (overdue) return because({ kind: 'finish', outcome: 'rollback_failed' }, 'rollback_refused', why);
  const askAt = (state.lastRefusal?.at ?? Number.NEGATIVE_INFINITY) + ASK_AGAIN_AFTER_MS;
  if (look.at < askAt) return because({ kind: 'wait', until: askAt }, 'rollback_refused', why);
  if (state.toVersion === null) {
    return because({ kind: 'finish', outcome: 'rollback_failed' }, 'no_rollback_target', why);
  }
  return because({ kind: 'roll_back', cause: state.cause, toVersion: state.toVersion }, state.cause, why);
}

/** Somebody may have rolled back, deleted or replaced the rollout since the last try: then there is nothing to ask for. */
function doneByOthers(state: RollingBack, { server }: Look): Decision | null {
  if (server.kind === 'unreadable') return null;
  const status = server.kind === 'gone' ? 'cancelled' : server.rollout.status;
  if (status === 'rolled_back' || status === 'rolling_back') {
    return because({ kind: 'follow_rollback' }, 'rolled_back_by_server', 'the API shows it rolled back');
  }
  if (status !== 'cancelled' && status !== 'failed') return null;
  // A rollback by a rollout may delete the candidate; when its answer was lost, the deletion may be our own.
  if (state.lastRefusal !== null) {
    return because(
      { kind: 'follow_rollback' },
      'confirming_rollback',
      'the rollout is gone after a rollback was asked for',
    );
  }
  const detail = `rollout ${state.rolloutId} is gone before the rollback was accepted`;
  return because({ kind: 'finish', outcome: 'superseded' }, 'rollout_gone', detail);
}

/**
 * The rollout went away after a rollback was asked for, and nothing that restores the version shows up: the
 * deletion was somebody else's, or our own without what had to follow it.
 */
function askForRestoring(state: RollingBack, { at, server, restoring, rivalled }: Look): Decision | null {
  const { lastRefusal, toVersion, cause } = state;
  if (lastRefusal === null || toVersion === null || restoring !== null || !isGone(server)) return null;
  // The route names the model, not the rollout: it would take back what somebody has started since (INV-6).
  if (rivalled === true) return null;
  if (at - lastRefusal.at < RESTORING_SHOWS_WITHIN_MS) return null;
  const detail = `the rollout is gone, and nothing restores ${toVersion}`;
  return because({ kind: 'roll_back', cause, toVersion }, cause, detail);
}

function isGone(server: Look['server']): boolean {
  if (server.kind !== 'rollout') return server.kind === 'gone';
  return server.rollout.status === 'cancelled' || server.rollout.status === 'failed';
}

type Confirmation =
  | { readonly kind: 'confirmed'; readonly counted: boolean; readonly detail: string }
  | { readonly kind: 'open'; readonly detail: string };

function confirm(plan: Plan, state: RollingBack, look: Look): Confirmation {
  const { devices, restoring } = look;
  if (restoring !== null && state.toVersion !== null && restoring.version !== state.toVersion) {
    const detail = `the API shows a rollout of ${restoring.version} where ${state.toVersion} is to be restored`;
    return { kind: 'open', detail };
  }
  // No reachable device counted is no count: a rollout that has just been created has none yet.
  if (devices !== null && devices.onVersion !== null && devices.reachable !== null && devices.reachable > 0) {
    const { onVersion, reachable } = devices;
    const detail = `${formatCount(onVersion)} of ${formatCount(reachable)} reachable devices run the restored version, ${formatRatio(plan.rollback.confirmRatio)} needed`;
    const enough = onVersion >= plan.rollback.confirmRatio * reachable;
    return enough ? { kind: 'confirmed', counted: true, detail } : { kind: 'open', detail };
  }
  return confirmByStatus(look);
}

function confirmByStatus({ server, restoring }: Look): Confirmation {
  if (restoring !== null) {
    const serves =
      restoring.status === 'completed' || (restoring.status === 'active' && restoring.percentage >= 100);
    const detail = `the rollout of ${restoring.version} is ${restoring.statusText}; devices cannot be counted`;
    return serves ? { kind: 'confirmed', counted: false, detail } : { kind: 'open', detail };
  }
  if (server.kind === 'rollout' && server.rollout.status === 'rolled_back') {
    const detail = `the API says ${server.rollout.statusText}; devices cannot be counted`;
    return { kind: 'confirmed', counted: false, detail };
  }
  const seen =
    server.kind === 'rollout' ? `the API says ${server.rollout.statusText}` : 'the rollout is not readable';
  return { kind: 'open', detail: seen };
}
