/** What the series of a plan answered when they were tried, as a Markdown table. Pure. */
import type { Evidence } from '../core/evidence.ts';
import { formatCount, formatDuration } from '../core/format.ts';
import type { SeriesProbe } from '../core/ports.ts';
import type { EpochMs } from '../core/units.ts';
import { renderTable, textColumn } from './markdown-table.ts';
import { forCode, forMarkdown } from './sanitise.ts';
import { formatClock } from './time.ts';

const MAX_ROWS = 30;
const MAX_QUERY_CHARS = 600;

/**
 * Returns the table of the series and, folded below it, what was asked; empty without series.
 *
 * `at` is the time that ages are told for. Never throws.
 */
export function seriesSection(probes: readonly SeriesProbe[], at: EpochMs): string {
  if (probes.length === 0) return '';
  const table = renderTable(
    {
      columns: [
        textColumn('Gate'),
        textColumn('Source'),
        textColumn('Version'),
        textColumn('Answer'),
        textColumn('Window covered'),
        textColumn('Newest sample'),
        textColumn('Warnings'),
      ],
      rows: probes.map((probe) => [
        forMarkdown(probe.gate.replaceAll('_', ' '), 60),
        probe.source,
        forCode(probe.version, 60),
        answerOf(probe),
        coveredBy(probe.evidence),
        probe.newestAt === null ? 'not told' : `${formatDuration(Math.max(0, at - probe.newestAt))} old`,
        forMarkdown(probe.warnings.join('; '), 200),
      ]),
    },
    { maxRows: MAX_ROWS, focus: 0, more: 'series' },
  );
  const asked = probes
    .slice(0, MAX_ROWS)
    .map(({ gate, asked: text }) => `- ${forMarkdown(gate, 60)}: ${forCode(text, MAX_QUERY_CHARS)}`);
  const folded = `<details><summary>What was asked</summary>\n\n${asked.join('\n')}\n\n</details>`;
  return `### Where health comes from\n\n${table}\n\n${folded}`;
}

function answerOf({ evidence, shape }: SeriesProbe): string {
  switch (evidence.kind) {
    case 'counts': {
      const { events, trials, devices } = evidence.candidate;
      const of = devices === null ? '' : `, ${formatCount(devices)} devices`;
      return `✅&nbsp;${formatCount(events)} of ${formatCount(trials)}${of}`;
    }
    case 'value':
      return `✅&nbsp;${String(Number(evidence.value.toPrecision(4)))}`;
    case 'none':
    case 'unavailable':
      return `⬜&nbsp;${forMarkdown(evidence.why, 240)}`;
    case 'error':
      return `❌&nbsp;${forMarkdown(`${evidence.why}; answered ${shape}`, 300)}`;
  }
}

function coveredBy(evidence: Evidence): string {
  if (evidence.kind !== 'counts' && evidence.kind !== 'value') return '';
  const { from, to } = evidence.covered;
  return `${formatClock(from)} to ${formatClock(to)} (${formatDuration(to - from)})`;
}
