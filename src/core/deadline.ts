/** When a stage or a plan has waited long enough, and what happens then. Pure. */
import { formatDuration } from './format.ts';
import type { Command, Decision } from './look.ts';
import { because, pauseAs, type Watch } from './watch.ts';

/** Returns by how much the stage or the plan is overdue, in words; null while there is time. */
export function overdueDetail({ plan, state, stage, look }: Watch): string | null {
  const waitedMs = look.at - state.stageEnteredAt - Math.max(stage.soakMs, stage.warmupMs);
  if (waitedMs > stage.maxWaitMs) return `waited ${formatDuration(waitedMs)} beyond the soak`;
  if (look.at <= state.createdAt + plan.deadlineMs) return null;
  return `the plan's deadline of ${formatDuration(plan.deadlineMs)} is over`;
}

/** Returns what the plan wants at a deadline: a pause, or a rollback where a version to return to is known. */
export function deadlinePassed(
  { plan, state }: Pick<Watch, 'plan' | 'state'>,
  detail: string | null,
): Decision {
  if (plan.onDeadline === 'rollback' && state.previousVersion !== null) {
    const toVersion = state.previousVersion;
    const command: Command = { kind: 'roll_back', cause: 'deadline_passed_rolled_back', toVersion };
    return because(command, 'deadline_passed_rolled_back', detail);
  }
  return because(pauseAs('deadline', 'held'), 'deadline_passed', detail);
}
