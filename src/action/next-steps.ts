/** What a person can paste after a run that did not complete. */
import type { Plan } from '../core/plan.ts';
import type { Outcome } from '../core/rollout.ts';
import type { NextStep } from '../report/run-record.ts';
import { workflowText } from '../report/workflow-text.ts';
import type { Conclusion } from './conclusion.ts';

/** The names by which a plan's rollout is found again. */
export type NamedPlan = Pick<Plan, 'model' | 'version' | 'group'>;

/** What advice depends on beside the outcome. */
export interface Prospects {
  /** The version to return to; null where it is not known. */
  readonly target: string | null;
  /** How the rollout is driven: a tick is followed by the next one, a run by nothing. */
  readonly driver: 'run' | 'tick';
}

/** Returns ready-to-paste steps for how a run, or a tick, ended; none when nothing is left to do. */
export function nextStepsFor(
  plan: NamedPlan,
  { outcome, reason, state }: Conclusion,
  driver: Prospects['driver'] = 'run',
): readonly NextStep[] {
  if (reason === 'paused_by_other') return [step('Go on with:', resumeStep(plan))];
  const target = state.phase === 'absent' || state.phase === 'ended' ? null : state.previousVersion;
  return nextStepsAfter(plan, outcome, { target, driver });
}

/** Returns ready-to-paste steps for an outcome. */
export function nextStepsAfter(
  plan: NamedPlan,
  outcome: Outcome,
  { target, driver }: Prospects,
): readonly NextStep[] {
  switch (outcome) {
    case 'rollback_failed':
    case 'rolling_back':
      return [
        step('Roll back by hand:', rollbackStep(plan, target)),
        step('See what is running:', statusStep(plan)),
      ];
    case 'held':
    case 'superseded':
    case 'error':
      return [step('Roll back:', rollbackStep(plan, target)), step('See what is running:', statusStep(plan))];
    case 'timed_out':
    case 'cancelled':
      return [
        { text: GOING_ON[driver], language: null, code: null },
        step('Or roll back:', rollbackStep(plan, target)),
      ];
    default:
      return [];
  }
}

// A schedule creates nothing, so a tick that was to create the rollout is started by hand again.
const GOING_ON = {
  run: 'Go on: run the same workflow again; it adopts the rollout where it stands.',
  tick: 'Go on: the next tick takes the rollout on from where it stands; where none was created yet, start one by hand.',
} as const;

/** Returns the workflow that promotes a plan which is too long for one job. */
export function scheduledWorkflow(plan: Plan): NextStep {
  const code = [
    'on:',
    "  schedule: [{ cron: '7/15 * * * *' }]",
    '  workflow_dispatch: {}',
    'permissions: {}',
    `concurrency: { group: ${workflowText(`octomil-rollout-${plan.model}`)}, queue: max }`,
    'jobs:',
    '  advance:',
    '    runs-on: ubuntu-24.04',
    '    timeout-minutes: 10',
    '    permissions: { contents: read, deployments: write }',
    '    environment: { name: production, deployment: false }',
    '    steps:',
    '      - uses: actions/checkout@v7',
    '        with: { persist-credentials: false }',
    '      - uses: octomil/rollout-action@v1',
    '        with:',
    '          command: advance',
    '          plan: .github/rollout.yml',
    '          environment: production',
    '          api-key: ${{ secrets.OCTOMIL_API_KEY }}',
  ].join('\n');
  return step('Promote it by a schedule, with the plan in the repository; start it once by hand:', code);
}

/** Returns a step with YAML to paste. */
export function step(text: string, code: string): NextStep {
  return { text, language: 'yaml', code };
}

/** The version is named, because a rollout that was deleted is not found without it, and another one might be. */
function rollbackStep(plan: NamedPlan, target: string | null): string {
  return useAction('rollback', plan, [
    `    version: ${workflowText(plan.version)}`,
    ...(plan.group === null ? [] : [`    group: ${workflowText(plan.group)}`]),
    ...(target === null
      ? ['    to-version: # the version to return to']
      : [`    to-version: ${workflowText(target)}`]),
    '    reason: # why',
  ]);
}

/** Returns the step that resumes a rollout that somebody paused. */
export function resumeStep(plan: NamedPlan): string {
  return useAction('resume', plan, [
    ...(plan.group === null ? [] : [`    group: ${workflowText(plan.group)}`]),
    '    reason: # why',
  ]);
}

function statusStep(plan: NamedPlan): string {
  return useAction('status', plan, []);
}

/** Returns a workflow step that runs a command of this action; `lines` are further inputs, indented by four. */
export function useAction(command: string, plan: Pick<Plan, 'model'>, lines: readonly string[]): string {
  return [
    '- uses: octomil/rollout-action@v1',
    '  with:',
    `    command: ${command}`,
    `    model: ${workflowText(plan.model)}`,
    ...lines,
    '    api-key: ${{ secrets.OCTOMIL_API_KEY }}',
  ].join('\n');
}
