/** The stages of a run as a Markdown table: where the rollout came to, and how far it was to go. Pure. */
import { formatCount, formatDuration, formatPercent } from '../core/format.ts';
import type { Outcome } from '../core/rollout.ts';
import { decidingLook } from './deciding.ts';
import { numberColumn, renderTable, textColumn } from './markdown-table.ts';
import type { RunRecord, StageRecord } from './run-record.ts';
import { forMarkdown } from './sanitise.ts';
import { formatTime } from './time.ts';

const MAX_ROWS = 30;

const RESULTS: Readonly<Record<StageRecord['result'], string>> = {
  passed: '✅&nbsp;passed',
  current: '▶️&nbsp;current',
  failed: '❌&nbsp;**failed**',
  held: '⏸️&nbsp;**held**',
  not_reached: '–&nbsp;not&nbsp;reached',
};

// Nothing raises this stage any more until somebody acts, whatever the fleet still runs.
const STOPPED: readonly Outcome[] = ['cancelled', 'timed_out', 'superseded', 'error'];

/** Returns the table of stages, or an empty text when there is none. Never throws. */
export function stageTable(record: RunRecord): string {
  const focus = record.stages.findLastIndex((stage) => stage.result !== 'not_reached');
  return renderTable(
    {
      columns: [
        textColumn('Stage'),
        numberColumn('Fleet'),
        textColumn('Result'),
        textColumn('Entered'),
        textColumn('Time in it'),
        numberColumn('Devices'),
      ],
      rows: record.stages.map((stage, index) => [
        stageTitle(stage.name, index, formatPercent(stage.percentage)),
        formatPercent(stage.percentage),
        resultText(stage, record),
        stage.enteredAt === null ? '' : formatTime(stage.enteredAt),
        timeInStage(record, stage, index),
        devices(stage),
      ]),
    },
    { maxRows: MAX_ROWS, focus: Math.max(0, focus), more: 'stages' },
  );
}

/** Returns a stage's number, with its name where that says more than its share. Never throws. */
export function stageTitle(name: string, index: number, share: string): string {
  const plain = forMarkdown(name, 60);
  return name === share || plain === '' ? `${index + 1}` : `${index + 1} ${plain}`;
}

function resultText({ result }: StageRecord, { outcome }: RunRecord): string {
  return result === 'current' && STOPPED.includes(outcome) ? '⏹️&nbsp;**stopped**' : RESULTS[result];
}

function timeInStage(record: RunRecord, stage: StageRecord, index: number): string {
  if (stage.enteredAt === null) return '';
  // A rollback takes time of its own, in which the stage is over already.
  const decidedAt = stage.result === 'failed' ? decidingLook(record)?.at : undefined;
  const spent = formatDuration((decidedAt ?? stage.leftAt ?? record.endedAt) - stage.enteredAt);
  const planned = record.plan?.stages[index];
  if (planned === undefined) return spent;
  const isLast = index === record.stages.length - 1;
  return `${spent} of ${formatDuration(planned.soakMs)} ${isLast ? 'bake' : 'soak'}`;
}

function devices({ devicesOnVersion, devicesExpected }: StageRecord): string {
  if (devicesOnVersion === null) return '';
  const on = formatCount(devicesOnVersion);
  return devicesExpected === null ? on : `${on} of ~${formatCount(devicesExpected)}`;
}
