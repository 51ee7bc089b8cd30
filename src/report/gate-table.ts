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
  pass: '✅&nbsp;pass',
  fail: '❌&nbsp;**fail**',
  inconclusive: '⏳&nbsp;inconclusive',
  no_data: '⬜&nbsp;no&nbsp;data',
  error: '⚠️&nbsp;error',
  not_applicable: '–&nbsp;not&nbsp;applicable',
};

/**
 * Returns the table of the gates judged at one look; empty for none.
 *
 * Below it stands the window, where it is the same for all, and a line for each gate whose
 * row does not say why it neither passed nor failed. Never throws.
 */
export function gateTable(verdicts: readonly GateVerdict[]): string {
  const windows = new Set(verdicts.flatMap(({ covered }) => (covered === null ? [] : [windowText(covered)])));
  const [window] = windows;
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
        ...(windows.size > 1 ? [textColumn('Window')] : []),
      ],
      rows: verdicts.map((each) => [
        gateTitle(each.gate),
        WORDS[each.verdict],
        each.observed === null ? '' : formatRatio(each.observed),
        limitOf(each.gate),
        evidence(each),
        ...(withBaseline ? [baseline(each)] : []),
        ...(windows.size > 1 ? [each.covered === null ? '' : windowText(each.covered)] : []),
      ]),
    },
    { maxRows: MAX_ROWS, focus: 0, more: 'gates' },
  );
  const unclear = verdicts.filter((each) => !isClear(each));
  const lines = unclear
    .slice(0, MAX_ROWS)
    .map((each) => `- ${forMarkdown(each.sentence, MAX_SENTENCE_CHARS)}`);
  const measured = windows.size === 1 ? `Measured from ${window}.` : '';
  return [table, measured, lines.join('\n')].filter((part) => part !== '').join('\n\n');
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

function isClear(each: GateVerdict): boolean {
  return each.verdict === 'pass' || each.verdict === 'fail' || lacksTrials(each);
}

function lacksTrials({ verdict, trials, trialsNeeded }: GateVerdict): boolean {
  return verdict === 'inconclusive' && trials !== null && trialsNeeded !== null && trials < trialsNeeded;
}

function evidence(verdict: GateVerdict): string {
  const { gate, events, trials, trialsNeeded, devices, devicesWithEvents } = verdict;
  if (events === null || trials === null) return '';
  const unit = gate.kind === 'adoption' ? 'reachable devices' : unitOfGate(gate);
  const spread =
    unit === 'requests' && devices !== null && devicesWithEvents !== null
      ? `, on ${formatCount(devicesWithEvents)} of ${formatCount(devices)} devices`
      : '';
  const needed = lacksTrials(verdict) && trialsNeeded !== null ? `, ${formatCount(trialsNeeded)} needed` : '';
  return `${formatCount(events)} of ${formatCount(trials)} ${unit}${spread}${needed}`;
}

function baseline({ baselineObserved, baselineTrials }: GateVerdict): string {
  if (baselineObserved === null) return '';
  const of = baselineTrials === null ? '' : ` of ${formatCount(baselineTrials)}`;
  return `${formatRatio(baselineObserved)}${of}`;
}

function windowText({ from, to }: Window): string {
  return `${formatClock(from)} to ${formatClock(to)} (${formatDuration(to - from)})`;
}
