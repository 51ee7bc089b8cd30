/** A plan as a Markdown summary, for reviewing it: stages, gates, time, and what the API can do. Pure. */
import { formatCount, formatDuration, formatPercent, formatRatio } from '../core/format.ts';
import { questionOf, unitOfGate } from '../core/gate-question.ts';
import { devicesAt, type Gate, lastStage, type Plan, type Stage } from '../core/plan.ts';
import { leastPlanMs, mostPlanMs } from '../core/plan-time.ts';
import { cleanTrialsToProve } from '../core/statistics/clean-trials.ts';
import { gateTitle, limitOf } from './gate-table.ts';
import { numberColumn, renderTable, textColumn } from './markdown-table.ts';
import { policySection } from './policy-table.ts';
import type { Capability, RunRecord } from './run-record.ts';
import { forCode, forMarkdown, forProse } from './sanitise.ts';
import { seriesSection } from './series-table.ts';
import { stageTitle } from './stage-table.ts';
import { formatTime } from './time.ts';
import { timeline } from './timeline.ts';

const MAX_ROWS = 30;

/** Returns the sections of a plan: stages, gates, reactions, the organisation's policy and capabilities; none without a plan. Never throws. */
export function planSections(record: RunRecord): readonly string[] {
  const { plan } = record;
  if (plan === null) return [capabilityTable(record.capabilities)];
  return [
    `### Stages\n\n${stagesOf(record, plan)}`,
    timeLine(plan),
    timeline(record),
    `### Gates\n\n${gatesOf(plan)}`,
    reactions(record, plan),
    seriesSection(record.probes, record.endedAt),
    policySection(record),
    capabilityTable(record.capabilities),
  ];
}

function stagesOf(record: RunRecord, plan: Plan): string {
  const shared = sharedGates(plan);
  const conditions = plan.stages.map((stage) => conditionsOf(stage, shared));
  const isConditional = conditions.some((condition) => condition !== '');
  return renderTable(
    {
      columns: [
        textColumn('Stage'),
        numberColumn('Fleet'),
        numberColumn('Devices'),
        textColumn('Time'),
        textColumn('Then waits at most'),
        ...(isConditional ? [textColumn('Also')] : []),
      ],
      rows: plan.stages.map((stage, index) => {
        const share = formatPercent(stage.percentage);
        return [
          stageTitle(stage.name, index, share),
          share,
          devicesOf(record, stage, index),
          `${formatDuration(stage.soakMs)} ${stage === lastStage(plan) ? 'bake' : 'soak'}`,
          formatDuration(stage.maxWaitMs),
          ...(isConditional ? [conditions[index] ?? ''] : []),
        ];
      }),
    },
    { maxRows: MAX_ROWS, focus: 0, more: 'stages' },
  );
}

function devicesOf(record: RunRecord, stage: Stage, index: number): string {
  const expected = record.stages[index]?.devicesExpected ?? null;
  if (expected !== null) return `~${formatCount(expected)}`;
  if (record.fleetDevices === null) return 'not known';
  return `~${formatCount(devicesAt(record.fleetDevices, stage.percentage))}`;
}

function conditionsOf(stage: Stage, shared: ReadonlySet<string>): string {
  const own = stage.gates.filter((gate) => !shared.has(JSON.stringify(gate)) && gate.kind !== 'assignment');
  const conditions = [
    stage.minDevices > 1 ? `at least ${formatCount(stage.minDevices)} devices run it` : null,
    stage.maxDevices === null ? null : `at most ${formatCount(stage.maxDevices)} devices`,
    stage.passWhen === 'proven' ? 'passes only when proven safe' : null,
    stage.warmupMs > 0 ? `warm-up ${formatDuration(stage.warmupMs)}` : null,
    ...own.map((gate) => `${gateTitle(gate)} ${limitOf(gate)}`),
  ];
  return conditions.filter((condition) => condition !== null).join('; ');
}

/** The gates that every stage has, as JSON: the table of gates shows them once. */
function sharedGates(plan: Plan): ReadonlySet<string> {
  const [first, ...rest] = plan.stages.map((stage) => stage.gates.map((gate) => JSON.stringify(gate)));
  return new Set((first ?? []).filter((gate) => rest.every((gates) => gates.includes(gate))));
}

function gatesOf(plan: Plan): string {
  const shared = sharedGates(plan);
  const assignment = plan.stages.flatMap(({ gates: of }) => of).find(({ kind }) => kind === 'assignment');
  const common = plan.stages[0].gates.filter((gate) => shared.has(JSON.stringify(gate)));
  const gates = assignment === undefined || common.includes(assignment) ? common : [...common, assignment];
  if (gates.length === 0) {
    return plan.ungated
      ? '**None**: time, status and adoption only. Nothing proves harm, so nothing is rolled back.'
      : 'Each stage has its own; see the stages.';
  }
  return renderTable(
    {
      columns: [
        textColumn('Gate'),
        numberColumn('Limit'),
        textColumn('Counts'),
        textColumn('Compared with'),
        textColumn('Needs'),
        textColumn('When it fails'),
      ],
      rows: gates.map((gate) => [
        gateTitle(gate),
        limitOf(gate),
        gate.kind === 'value' ? '' : unitOfGate(gate),
        comparison(gate),
        evidenceToPass(plan, gate),
        whenItFails(plan, gate),
      ]),
    },
    { maxRows: MAX_ROWS, focus: 0, more: 'gates' },
  );
}

function evidenceToPass(plan: Plan, gate: Gate): string {
  const question = questionOf(gate);
  if (gate.kind === 'value') return 'three windows in a row';
  if (question === null) return '';
  const unit = unitOfGate(gate);
  const samples = [...new Set(plan.stages.map((stage) => stage.minSamples))];
  if (samples.length > 1) return 'differs by stage';
  const [least = 'auto'] = samples;
  if (least !== 'auto') return `${formatCount(least)} ${unit}`;
  const proofs = plan.stages.some(({ soakMs }) => soakMs === 0) && unit === 'requests';
  if (!proofs || question.limit === null) return `any ${unit}`;
  return `${formatCount(cleanTrialsToProve(question.limit))} ${unit} where there is no soak`;
}

function comparison(gate: Gate): string {
  const tolerance = questionOf(gate)?.tolerance ?? null;
  if (tolerance === null) return '';
  const margin = gate.kind === 'rate' ? tolerance - 1 : 0;
  return margin === 0 ? 'previous version' : `previous version + ${formatRatio(margin)}`;
}

function whenItFails(plan: Plan, gate: Gate): string {
  if (gate.severity === 'hold') return 'waits';
  if (gate.severity === 'warn') return 'reports only';
  return { rollback: 'rolls back', pause: 'pauses', alert: 'alerts, changes nothing' }[plan.onFail];
}

function timeLine(plan: Plan): string {
  const shortest = `**Takes ${formatDuration(leastPlanMs(plan))}** when every gate passes at once`;
  const longest = `at most ${formatDuration(mostPlanMs(plan))} when it has to wait for evidence.`;
  const start = plan.notBefore === null ? '' : ` It does not start before ${formatTime(plan.notBefore)}.`;
  return `${shortest}, ${longest}${start}`;
}

function reactions(record: RunRecord, plan: Plan): string {
  const target = record.previousVersion ?? plan.rollback.to;
  const to = target === null ? 'no known version yet' : forCode(target, 60);
  return [
    `- A rollback returns to ${to} and counts when ${formatPercent(plan.rollback.confirmRatio * 100)} of the reachable devices run it within ${formatDuration(plan.rollback.timeoutMs)}.`,
    `- When a deadline passes without the evidence: \`on_deadline: ${plan.onDeadline}\`.`,
    `- When another version is being rolled out: \`on_superseded: ${plan.onSuperseded}\`.`,
  ].join('\n');
}

const AVAILABLE: Readonly<Record<Capability['available'], string>> = {
  yes: '✅&nbsp;yes',
  no: '❌&nbsp;no',
  unknown: '⬜&nbsp;unknown',
};

function capabilityTable(capabilities: readonly Capability[]): string {
  if (capabilities.length === 0) return '';
  const table = renderTable(
    {
      columns: [
        textColumn('The API can'),
        textColumn('Available'),
        textColumn('How we know'),
        textColumn('What it means here'),
      ],
      rows: capabilities.map(({ name, available, how, consequence }) => [
        forMarkdown(name, 80),
        AVAILABLE[available],
        forProse(how, 160),
        forProse(consequence, 200),
      ]),
    },
    { maxRows: MAX_ROWS, focus: 0, more: 'capabilities' },
  );
  return `### What the API can do\n\n${table}`;
}
