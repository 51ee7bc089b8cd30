/** The job summary of a run as Markdown: one sentence first, then what it rests on and what to do. Pure. */
import { formatCount, formatDuration, formatPercent } from '../core/format.ts';
import { type Outcome, SUCCESSFUL_OUTCOMES } from '../core/rollout.ts';
import { isSaid } from './annotation.ts';
import { decidingLook } from './deciding.ts';
import { gateCharts } from './gate-chart.ts';
import { gateTable } from './gate-table.ts';
import { lookTable } from './look-table.ts';
import { nextSteps } from './next-steps.ts';
import { planSections } from './plan-summary.ts';
import type { RunRecord } from './run-record.ts';
import { codeBlock, forCode, forMarkdown, forProse } from './sanitise.ts';
import { sentenceFor } from './sentence.ts';
import { stageTable } from './stage-table.ts';
import { statusSections } from './status-summary.ts';
import { formatTime } from './time.ts';
import { timeline } from './timeline.ts';

/** A summary stays below this; it is also the limit of a check run's text. Source: GitHub REST, "Checks". */
export const MAX_SUMMARY_BYTES = 64 * 1_024 - 1;

const MAX_NOTES = 12;

const ALERTS: Readonly<Record<Outcome, 'TIP' | 'NOTE' | 'WARNING' | 'CAUTION'>> = {
  completed: 'TIP',
  advanced: 'NOTE',
  waiting: 'NOTE',
  planned: 'NOTE',
  simulated: 'NOTE',
  done: 'NOTE',
  noop: 'NOTE',
  held: 'WARNING',
  timed_out: 'WARNING',
  cancelled: 'WARNING',
  superseded: 'WARNING',
  rolled_back: 'CAUTION',
  rolling_back: 'CAUTION',
  rollback_failed: 'CAUTION',
  invalid_input: 'CAUTION',
  invalid_plan: 'CAUTION',
  error: 'CAUTION',
};

/**
 * Returns the job summary of a run: GitHub-flavoured Markdown below 64 KiB with a final newline.
 *
 * Everything that comes from a server or a plan is escaped; long tables say what they leave out, and a
 * summary that would be too long gives up its last sections first. Never throws.
 */
export function renderSummary(record: RunRecord): string {
  const sections = sectionsOf(record).filter((section) => section !== '');
  const kept: string[] = [];
  const note = '_The rest of this summary is left out, because it is too long; it is in the report file._';
  const encoder = new TextEncoder();
  let bytes = encoder.encode(note).length + 4;
  for (const section of sections) {
    bytes += encoder.encode(section).length + 2;
    if (bytes > MAX_SUMMARY_BYTES) return `${[...kept, note].join('\n\n')}\n`;
    kept.push(section);
  }
  return `${kept.join('\n\n')}\n`;
}

function sectionsOf(record: RunRecord): readonly string[] {
  const ending = [nextSteps(record), notes(record)];
  const opening = [alert(record), factLine(record), fullDetail(record)];
  if (record.command === 'status') return [...opening, ...statusSections(record), ...ending];
  if (record.command === 'plan') return [...opening, ...planSections(record), ...ending];
  // Who reads of a failure has to act before understanding why.
  if (!SUCCESSFUL_OUTCOMES.includes(record.outcome)) {
    return [
      ...opening,
      nextSteps(record),
      ...gates(record),
      ...stages(record),
      notes(record),
      lookTable(record),
    ];
  }
  return [...opening, ...gates(record), ...stages(record), ...ending, lookTable(record)];
}

function alert(record: RunRecord): string {
  const lines = [`> [!${ALERTS[record.outcome]}]`, `> **${forMarkdown(sentenceFor(record))}**`];
  const { stillServing } = record;
  if (stillServing === null || isSaid(stillServing, sentenceFor(record))) return lines.join('\n');
  return [...lines, '>', `> Right now ${forMarkdown(stillServing)}.`].join('\n');
}

function factLine(record: RunRecord): string {
  const facts = [
    `\`${record.reason}\``,
    record.rolloutId === null || record.command === 'status'
      ? null
      : `rollout ${forCode(record.rolloutId, 80)}${share(record)}`,
    record.previousVersion === null ? null : `previous version ${forCode(record.previousVersion, 60)}`,
    record.fleetDevices === null
      ? null
      : `${formatCount(record.fleetDevices)} devices in the ${scope(record)}`,
    timing(record),
  ];
  return facts.filter((fact) => fact !== null).join(' · ');
}

// What the API shows of a rollout that is over is not what the fleet runs.
function share({ percentage, outcome }: RunRecord): string {
  return percentage === null || outcome === 'rolled_back' ? '' : ` now at ${formatPercent(percentage)}`;
}

function timing({ looksTaken, startedAt, endedAt }: RunRecord): string {
  if (looksTaken === 0) return formatTime(endedAt);
  if (looksTaken === 1) return `1 look, ${formatTime(endedAt)}`;
  return `${formatCount(looksTaken)} looks in ${formatDuration(endedAt - startedAt)}, until ${formatTime(endedAt)}`;
}

function scope({ group }: RunRecord): string {
  return group === null ? 'fleet' : `group ${forMarkdown(group, 60)}`;
}

function fullDetail(record: RunRecord): string {
  const { detail } = record;
  if (detail === null || record.outcome === 'planned' || isSaid(detail, sentenceFor(record))) return '';
  return detail.includes('\n')
    ? codeBlock(detail, 'text', 12_000)
    : `${forProse(detail, 2_000).replace(/\.$/, '')}.`;
}

function gates(record: RunRecord): readonly string[] {
  const look = decidingLook(record);
  if (look === null || look.verdicts.length === 0) return [];
  const stage = look.stageIndex === null ? '' : `, stage ${look.stageIndex + 1}`;
  const share = look.percentage === null ? '' : ` at ${formatPercent(look.percentage)}`;
  const title = `### Gates at the deciding look (${formatTime(look.at)}${stage}${share})`;
  return [`${title}\n\n${gateTable(look.verdicts, look.odds, record.plan?.metrics)}`, gateCharts(record)];
}

function stages(record: RunRecord): readonly string[] {
  const table = stageTable(record);
  return table === '' ? [] : [`### Stages\n\n${table}`, timeline(record)];
}

function notes({ notes: all }: RunRecord): string {
  if (all.length === 0) return '';
  const shown = all.slice(0, MAX_NOTES).map((note) => `- ${forProse(note)}`);
  const hidden = all.length - shown.length;
  return ['### Notes', '', ...shown, ...(hidden > 0 ? [`- ${hidden} more in the report file.`] : [])].join(
    '\n',
  );
}
