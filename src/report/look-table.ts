/** The last looks of a run, folded away below the summary. Pure. */
import { formatCount, formatPercent } from '../core/format.ts';
import { gateWord, isWorthALine } from './log-line.ts';
import { numberColumn, renderTable, textColumn } from './markdown-table.ts';
import type { LookRecord, RunRecord } from './run-record.ts';
import { forMarkdown } from './sanitise.ts';
import { formatTime } from './time.ts';

const MAX_LOOKS = 20;
const MAX_CELL_CHARS = 300;

/** Returns the last looks as a folded table, the newest first, or an empty text when there was none. Never throws. */
export function lookTable({ looks, looksTaken }: RunRecord): string {
  if (looks.length === 0) return '';
  const shown = looks.slice(-MAX_LOOKS).reverse();
  const table = renderTable(
    {
      columns: [
        textColumn('Time'),
        textColumn('Stage'),
        numberColumn('Fleet'),
        numberColumn('Devices'),
        textColumn('Gates'),
        textColumn('Decision'),
      ],
      rows: shown.map((look) => [
        formatTime(look.at),
        look.stageIndex === null ? words(look.phase) : `${look.stageIndex + 1}`,
        look.percentage === null ? '' : formatPercent(look.percentage),
        devices(look),
        forMarkdown(look.verdicts.filter(isWorthALine).map(gateWord).join('; '), MAX_CELL_CHARS),
        `${words(look.command.kind)}: \`${look.reason}\``,
      ]),
    },
    { maxRows: MAX_LOOKS, focus: 0, more: 'looks' },
  );
  const inFile = looks.length === looksTaken ? 'all of them' : `${formatCount(looks.length)} of them`;
  const title =
    looks.length > shown.length
      ? `The last ${shown.length} of ${formatCount(looksTaken)} looks; ${inFile} are in the events file`
      : `All looks (${looks.length})`;
  return `<details><summary>${title}</summary>\n\n${table}\n\n</details>`;
}

function devices({ devicesOnVersion, devicesReachable }: LookRecord): string {
  if (devicesOnVersion === null) return '';
  const on = formatCount(devicesOnVersion);
  return devicesReachable === null ? on : `${on} of ${formatCount(devicesReachable)}`;
}

function words(code: string): string {
  return code.replaceAll('_', ' ');
}
