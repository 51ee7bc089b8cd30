/** What the server says and what others did since the last look, as steps of a decision. Pure. */
import { deadlinePassed, overdueDetail } from './deadline.ts';
import { formatDuration, formatPercent } from './format.ts';
import type { Command, Decision } from './look.ts';
import { lastStage } from './plan.ts';
import { because, errorBudgetMs, type Watch, waiting } from './watch.ts';

/** Ends the watch when the rollout is gone, is another version's, or was rolled back by somebody else. */
export function endedByOthers({ plan, look }: Watch): Decision | null {
  if (look.server.kind === 'gone') {
    return because(
      { kind: 'finish', outcome: 'superseded' },
      'rollout_gone',
      'the rollout does not exist any more',
    );
  }
  if (look.server.kind === 'unreadable') return null;
  const { status, statusText, version } = look.server.rollout;
  if (version !== plan.version) {
    const detail = `the API shows version ${version} under our rollout's id`;
    return because({ kind: 'finish', outcome: 'superseded' }, 'another_version', detail);
  }
  if (status === 'rolled_back' || status === 'rolling_back') {
    return because({ kind: 'follow_rollback' }, 'rolled_back_by_server', `the API says ${statusText}`);
  }
  if (status === 'cancelled' || status === 'failed') {
    return because({ kind: 'finish', outcome: 'superseded' }, 'rollout_gone', `the API says ${statusText}`);
  }
  return null;
}

/** Waits while the rollout cannot be read, and gives up when the error budget is spent. */
export function unreadableServer({ state, look, intervalMs }: Watch): Decision | null {
  if (look.server.kind !== 'unreadable') return null;
  const ageMs = look.at - state.lastServerAt;
  if (ageMs > errorBudgetMs(intervalMs)) {
    const detail = `not readable for ${formatDuration(ageMs)}: ${look.server.why}`;
    return because({ kind: 'finish', outcome: 'error' }, 'api_unavailable', detail);
  }
  return because({ kind: 'wait', until: look.at + intervalMs }, 'server_unreadable', look.server.why);
}

/** Follows a percentage that somebody raised; stops at one that somebody lowered (INV-6). */
export function changedByOthers({ state, look }: Watch): Decision | null {
  if (look.server.kind !== 'rollout') return null;
  const { percentage } = look.server.rollout;
  const change = `from ${formatPercent(state.percentage)} to ${formatPercent(percentage)}`;
  if (percentage < state.percentage) {
    return because(
      { kind: 'finish', outcome: 'held' },
      'percentage_lowered',
      `somebody lowered it ${change}`,
    );
  }
  if (percentage > state.percentage) {
    return because({ kind: 'follow_percentage', percentage }, 'adopted', `somebody raised it ${change}`);
  }
  return null;
}

/** Leaves advancing to the run that acted last, as long as it expects to act again. */
export function leasedToOther(watch: Watch): Decision | null {
  const { state, look } = watch;
  if (state.lease === null || look.at >= state.lease.until) return null;
  const left = formatDuration(state.lease.until - look.at);
  return waiting(watch, 'lease_held', `run ${state.lease.runId} acted last; its lease ends in ${left}`);
}

/** Starts a pending rollout; waits while it is paused by somebody or in a status that is not documented. */
export function notServing(watch: Watch): Decision | null {
  const { state, look, stage, plan } = watch;
  if (look.server.kind !== 'rollout') return null;
  const { status, statusText, percentage } = look.server.rollout;
  if (status === 'pending') return because({ kind: 'start' }, 'starting');
  if (status === 'paused') return waiting(watch, 'paused_by_other', null);
  const completed = status === 'completed' && percentage >= lastStage(plan).percentage;
  if (status !== 'active' && !completed) {
    const detail = `the API says ${statusText}`;
    return overdueDetail(watch) === null
      ? waiting(watch, 'status_unknown', detail)
      : deadlinePassed(watch, detail);
  }
  if (state.percentage < stage.percentage) {
    const command: Command = { kind: 'raise', stageIndex: state.stageIndex, percentage: stage.percentage };
    return because(command, 'adopted', `below the plan's first stage`);
  }
  return null;
}
