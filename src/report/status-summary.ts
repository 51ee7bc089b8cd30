/** What is running, as a Markdown summary: rollouts, devices, and where one can go back to. Pure. */
import { formatCount, formatPercent, formatRatio } from '../core/format.ts';
import { numberColumn, renderTable, textColumn } from './markdown-table.ts';
import type { RolloutLine, RunRecord } from './run-record.ts';
import { forCode, forMarkdown } from './sanitise.ts';
import { formatTime } from './time.ts';

const MAX_ROWS = 30;
const MAX_TARGETS = 10;

/** Returns the sections of a status: the rollouts, the devices, and the versions to go back to. Never throws. */
export function statusSections(record: RunRecord): readonly string[] {
  return [rolloutTable(record), targets(record)];
}

function rolloutTable({ rollouts }: RunRecord): string {
  if (rollouts.length === 0) return 'No rollout of this model was found.';
  const isGrouped = rollouts.some(({ group }) => group !== null);
  const table = renderTable(
    {
      columns: [
        textColumn('Version'),
        textColumn('Status'),
        numberColumn('Fleet'),
        numberColumn('Reachable devices on it'),
        ...(isGrouped ? [textColumn('Group')] : []),
        textColumn('Created'),
        textColumn('Rollout'),
      ],
      rows: rollouts.map((rollout) => [
        forCode(rollout.version, 60),
        forMarkdown(rollout.statusText, 60),
        formatPercent(rollout.percentage),
        devices(rollout),
        ...(isGrouped ? [rollout.group === null ? '–' : forMarkdown(rollout.group, 60)] : []),
        rollout.createdAt === null ? '' : formatTime(rollout.createdAt),
        forCode(rollout.id, 60),
      ]),
    },
    { maxRows: MAX_ROWS, focus: 0, more: 'rollouts' },
  );
  return `### Rollouts\n\n${table}`;
}

function devices({ devicesOnVersion, devicesReachable }: RolloutLine): string {
  if (devicesOnVersion === null) return 'not counted';
  const on = formatCount(devicesOnVersion);
  if (devicesReachable === null) return on;
  const share = devicesReachable > 0 ? ` (${formatRatio(devicesOnVersion / devicesReachable)})` : '';
  return `${on} of ${formatCount(devicesReachable)}${share}`;
}

function targets({ rollbackTargets }: RunRecord): string {
  if (rollbackTargets.length === 0) return '**Can be rolled back to:** no other version was completed.';
  const shown = rollbackTargets.slice(0, MAX_TARGETS).map((version) => forCode(version, 60));
  const hidden = rollbackTargets.length - shown.length;
  return `**Can be rolled back to:** ${shown.join(', ')}${hidden > 0 ? ` and ${hidden} older` : ''} (newest first).`;
}
