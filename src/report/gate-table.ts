/** The gates of one look as a Markdown table: what was seen, the limit, and how much evidence there is. Pure. */
import type { GateVerdict, Verdict, Window } from '../core/evidence.ts';
import { formatCount, formatDuration, formatRatio } from '../core/format.ts';
import { nameOfGate, unitOfGate } from '../core/judge.ts';
import type { Gate } from '../core/plan.ts';
import { numberColumn, renderTable, textColumn } from './markdown-table.ts';
import { forMarkdown } from './sanitise.ts';
import { formatClock } from './time.ts';

const MAX_ROWS = 20;
const MAX_SENTENCE_CHARS = 240;

const WORDS: Readonly<Record<Verdict, string>> = {
  pass: '✅ pass',
  fail: '❌ **fail**',
  inconclusive: '⏳ inconclusive',
  no_data: '⬜ no data',
  error: '⚠️ error',
  not_applicable: '– not applicable',
};

/** Returns the table of the gates judged at one look, the worst in words below it; empty for none. Never throws. */
export function gateTable(verdicts: readonly GateVerdict[]): string {
  const withBaseline = verdicts.some((each) => each.baselineObserved !== null);
  const table = renderTable(
    {
      columns: [
        textColumn('Gate'),
        textColumn('Verdict'),
        numberColumn('Observed'),
        numberColumn('Limit'),
        textColumn('Evidence'),
        ...(withBaseline ? [numberColumn('Previous version')] : []),
        textColumn('Window'),
      ],
      rows: verdicts.map((each) => [
        gateTitle(each.gate),
        WORDS[each.verdict],
        each.observed === null ? '' : formatRatio(each.observed),
        limitOf(each.gate),
        evidence(each),
        ...(withBaseline ? [baseline(each)] : []),
        windowText(each.covered),
      ]),
    },
    { maxRows: MAX_ROWS, focus: 0, more: 'gates' },
  );
  const unclear = verdicts.filter((each) => !['pass', 'fail', 'not_applicable'].includes(each.verdict));
  const lines = unclear
    .slice(0, MAX_ROWS)
    .map((each) => `- ${forMarkdown(each.sentence, MAX_SENTENCE_CHARS)}`);
  return [table, lines.join('\n')].filter((part) => part !== '').join('\n\n');
}

/** Returns what a gate demands, such as `≤ 5%` or `≤ 5% over 900 ms`. Never throws. */
export function limitOf(gate: Gate): string {
  if (gate.kind === 'adoption') return `≥ ${formatRatio(gate.minRatio)}`;
  const most = `≤ ${formatRatio(gate.maxRatio)}`;
  return gate.kind === 'latency' ? `${most} over ${formatCount(gate.maxMs)} ms` : most;
}

/** Returns a gate's name, with its severity where a failure is not acted on at once. Never throws. */
export function gateTitle(gate: Gate): string {
  return gate.severity === 'critical' ? nameOfGate(gate) : `${nameOfGate(gate)} (${gate.severity})`;
}

function evidence({ gate, events, trials, trialsNeeded, verdict, devices, devicesWithEvents }: GateVerdict) {
  if (events === null || trials === null) return '';
  const unit = gate.kind === 'adoption' ? 'reachable devices' : unitOfGate(gate);
  const spread =
    unit === 'requests' && devices !== null && devicesWithEvents !== null
      ? `, on ${formatCount(devicesWithEvents)} of ${formatCount(devices)} devices`
      : '';
  const needed =
    verdict === 'inconclusive' && trialsNeeded !== null && trials < trialsNeeded
      ? `, ${formatCount(trialsNeeded)} needed`
      : '';
  return `${formatCount(events)} of ${formatCount(trials)} ${unit}${spread}${needed}`;
}

function baseline({ baselineObserved, baselineTrials }: GateVerdict): string {
  if (baselineObserved === null) return '';
  const of = baselineTrials === null ? '' : ` of ${formatCount(baselineTrials)}`;
  return `${formatRatio(baselineObserved)}${of}`;
}

function windowText(window: Window | null): string {
  if (window === null) return '';
  return `${formatClock(window.from)} + ${formatDuration(window.to - window.from)}`;
}
