/** What a person can paste after a run that did not complete. */
import type { Plan } from '../core/plan.ts';
import type { NextStep } from '../report/run-record.ts';
import type { Conclusion } from './conclusion.ts';

/** Returns ready-to-paste steps for how a run ended; none when nothing is left to do. */
export function nextStepsFor(plan: Plan, { outcome, state }: Conclusion): readonly NextStep[] {
  const target = state.phase === 'absent' || state.phase === 'ended' ? null : state.previousVersion;
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
        {
          text: 'Go on: run the same workflow again; it adopts the rollout where it stands.',
          language: null,
          code: null,
        },
        step('Or roll back:', rollbackStep(plan, target)),
      ];
    default:
      return [];
  }
}

function step(text: string, code: string): NextStep {
  return { text, language: 'yaml', code };
}

function rollbackStep(plan: Plan, target: string | null): string {
  return useAction('rollback', plan, [
    ...(plan.group === null ? [] : [`    group: ${quote(plan.group)}`]),
    ...(target === null
      ? ['    to-version: # the version to return to']
      : [`    to-version: ${quote(target)}`]),
    '    reason: # why',
  ]);
}

function statusStep(plan: Plan): string {
  return useAction('status', plan, []);
}

function useAction(command: string, plan: Plan, lines: readonly string[]): string {
  return [
    '- uses: octomil/rollout-action@v1',
    '  with:',
    `    command: ${command}`,
    `    model: ${quote(plan.model)}`,
    ...lines,
    '    api-key: ${{ secrets.OCTOMIL_API_KEY }}',
  ].join('\n');
}

// YAML's double quotes are JSON's, so any text survives.
function quote(text: string): string {
  return JSON.stringify(text);
}
