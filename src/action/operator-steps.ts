/** What an operator can paste after a verb: the other verbs, for the same rollout. */
import type { RemoteRollout } from '../core/rollout.ts';
import type { NextStep } from '../report/run-record.ts';
import { workflowText } from '../report/workflow-text.ts';
import { step, useAction } from './next-steps.ts';
import type { OperatorOrder } from './operator-order.ts';

type About = Pick<OperatorOrder, 'model' | 'group'>;

/** Returns the step that rolls a rollout back to its recorded version. */
export function rollbackStep(about: About, { version }: RemoteRollout, text = 'Roll back:'): NextStep {
  return verbStep(text, 'rollback', about, { version });
}

/** Returns the step that pauses a rollout. */
export function pauseStep(about: About, { version }: RemoteRollout, text = 'Pause it:'): NextStep {
  return verbStep(text, 'pause', about, { version });
}

/** Returns the step that resumes a rollout; `retry` where a gate has paused it. */
export function resumeStep(
  about: About,
  { version }: RemoteRollout,
  { text = 'Go on with:', retry = false }: { readonly text?: string; readonly retry?: boolean } = {},
): NextStep {
  return verbStep(text, 'resume', about, { version, lines: retry ? ['    force: retry'] : [] });
}

/** Returns the step that shows what is running. */
export function statusStep({ model }: About): NextStep {
  return step('See what is running:', useAction('status', { model: model.name ?? model.id }, []));
}

function verbStep(
  text: string,
  command: string,
  { model, group }: About,
  { version, lines = [] }: { readonly version: string; readonly lines?: readonly string[] },
): NextStep {
  const code = useAction(command, { model: model.name ?? model.id }, [
    `    version: ${workflowText(version)}`,
    ...(group === null ? [] : [`    group: ${workflowText(group.name)}`]),
    ...lines,
    '    reason: # why',
  ]);
  return step(text, code);
}
