/** The organisation's policy beside the plan, and what nobody watches in between, for reviewing a plan. Pure. */
import { formatDuration, formatPercent, formatRatio } from '../core/format.ts';
import { type OrgPolicy, policyEffects, policyExtraMs } from '../core/org-policy.ts';
import type { Gate, Plan } from '../core/plan.ts';
import type { PollInterval } from '../core/ports.ts';
import { type DurationMs, MINUTE_MS, SECOND_MS } from '../core/units.ts';
import { limitOf } from './gate-table.ts';
import { renderTable, textColumn } from './markdown-table.ts';
import type { RunRecord } from './run-record.ts';

const MAX_ROWS = 10;
const MAX_SHOWN = 4;
const NOT_TOLD = 'not told';
// The slowest of the automatic intervals, and the jitter that every interval has.
const SLOWEST_AUTO_MS: DurationMs = 30 * SECOND_MS;
const WITH_JITTER = 1.1;
// The interval of the workflow that this product prints; GitHub may delay and drop scheduled starts.
const SCHEDULE_MS: DurationMs = 15 * MINUTE_MS;

/** Returns the table of the policy beside the plan and the worst unwatched gap; empty where nobody was asked. Never throws. */
export function policySection({ plan, policy, poll }: RunRecord): string {
  if (plan === null || poll === null) return '';
  const table = renderTable(
    {
      columns: [textColumn('Rule'), textColumn('Organisation'), textColumn('This plan')],
      rows: [...(policy === null ? [] : rowsOf(plan, policy)), gapRow(poll, policy)],
    },
    { maxRows: MAX_ROWS, focus: 0, more: 'rules' },
  );
  return `### Organisation's policy\n\n${table}`;
}

/** Returns the longest time between two looks of `run`. */
export function longestGapMs(poll: PollInterval): DurationMs {
  return Math.ceil(WITH_JITTER * (poll.kind === 'fixed' ? poll.everyMs : SLOWEST_AUTO_MS));
}

function rowsOf(plan: Plan, policy: OrgPolicy): readonly (readonly string[])[] {
  const { minAdvanceMs, maxStep } = policy;
  return [
    ['auto-rollback', onOff(policy.autoRollback), `\`on_fail: ${plan.onFail}\``],
    ['error threshold', shareOf(policy.errorThreshold), limitsOf(plan, 'error_rate')],
    ['crash threshold', shareOf(policy.crashThreshold), limitsOf(plan, 'crash_rate')],
    [
      'least time between advances',
      minAdvanceMs === null ? NOT_TOLD : formatDuration(minAdvanceMs),
      soaksOf(plan, policy),
    ],
    ['largest step', maxStep === null ? NOT_TOLD : formatPercent(maxStep), stepsOf(plan, policy)],
    ['approval', required(policy.approvalRequired), needsPerson(policy.approvalRequired)],
    ['evaluation', required(policy.evaluationRequired), needsPerson(policy.evaluationRequired)],
  ];
}

function soaksOf(plan: Plan, policy: OrgPolicy): string {
  const soaks = plan.stages.slice(0, -1).map(({ soakMs }) => soakMs);
  if (soaks.length === 0) return 'one stage';
  const [least, most] = [Math.min(...soaks), Math.max(...soaks)].map((ms) => formatDuration(ms));
  const shown = least === most ? `soaks of ${least}` : `soaks of ${least} to ${most}`;
  if (policy.minAdvanceMs === null) return `${shown}; a refusal is waited out`;
  const extraMs = policyExtraMs(plan, policy);
  return extraMs === 0 ? shown : `${shown}; **${formatDuration(extraMs)} longer** by the policy`;
}

function stepsOf(plan: Plan, policy: OrgPolicy): string {
  const effects = policyEffects(plan, policy);
  const split = effects.filter(({ steps }) => steps.length > 1);
  const shown = split.slice(0, MAX_SHOWN).map(({ stage, steps }) => {
    const path = steps.length > MAX_SHOWN ? [...steps.slice(0, 2), null, ...steps.slice(-1)] : steps;
    return [stage.percentage, ...path].map((each) => (each === null ? '…' : formatPercent(each))).join(' → ');
  });
  const more = split.length > MAX_SHOWN ? [`and ${split.length - MAX_SHOWN} more`] : [];
  if (split.length > 0) return `split: ${[...shown, ...more].join('; ')}`;
  const steps = effects.map(({ stage, steps: [to = stage.percentage] }) => to - stage.percentage);
  if (steps.length === 0) return 'one stage';
  const largest = formatPercent(Math.max(...steps));
  return policy.maxStep === null
    ? `steps of up to ${largest}; a refusal is reported`
    : `steps of up to ${largest}`;
}

function limitsOf({ stages }: Plan, name: Gate['name']): string {
  const gates = stages.flatMap((stage) => stage.gates).filter((gate) => gate.name === name);
  const limits = [...new Set(gates.map((gate) => limitOf(gate)))];
  if (limits.length === 0) return 'no gate';
  return limits.length === 1 ? (limits[0] ?? '') : 'differs by stage';
}

function gapRow(poll: PollInterval, policy: OrgPolicy | null): readonly string[] {
  const run = `\`run\`: ${formatDuration(longestGapMs(poll))}, and after its job until the next run`;
  const [usual, worst] = [SCHEDULE_MS, 2 * SCHEDULE_MS].map((ms) => formatDuration(ms));
  const schedule = `a schedule every ${usual}: ${worst} where GitHub drops one start`;
  return ['**Longest unwatched gap**', meanwhile(policy?.autoRollback ?? null), `${run}; ${schedule}`];
}

function meanwhile(autoRollback: boolean | null): string {
  if (autoRollback === null) return 'only auto-rollback acts then, and it is not known whether that is on';
  return autoRollback
    ? 'only auto-rollback acts then, which is on'
    : 'only auto-rollback would act then, and it is **off**';
}

function onOff(value: boolean | null): string {
  if (value === null) return NOT_TOLD;
  return value ? 'on' : '**off**';
}

function required(value: boolean | null): string {
  if (value === null) return NOT_TOLD;
  return value ? '**required**' : 'not required';
}

function needsPerson(value: boolean | null): string {
  if (value === null) return 'a refusal is reported';
  return value ? 'a new rollout is refused before the first write' : '';
}

function shareOf(ratio: number | null): string {
  return ratio === null ? NOT_TOLD : formatRatio(ratio);
}
