/** The gates of one look as a Markdown table: what was seen, the limit, and how much evidence there is. Pure. */
import type { GateVerdict, Odds, Verdict, Window } from '../core/evidence.ts';
import {
  formatCount,
  formatCountBeside,
  formatDuration,
  formatOdds,
  formatRatio,
  formatRatioBeside,
} from '../core/format.ts';
import { formatValue, limitRatioOf, nameOfGate, unitOfGate } from '../core/gate-question.ts';
import type { Gate, Plan } from '../core/plan.ts';
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
 * `metrics` says which gates a series of the plan measures; where there is one, the source of each gate is named.
 * Below it stand the odds of all gates together, the window, where it is the same for all, and a line for each
 * gate that failed on evidence or whose row does not say why it neither passed nor failed. Never throws.
 */
export function gateTable(
  verdicts: readonly GateVerdict[],
  all: Odds | null = null,
  metrics: Plan['metrics'] = {},
): string {
  const withSource = verdicts.some(({ gate }) => Object.hasOwn(metrics, gate.name));
  const windows = new Set(verdicts.flatMap(({ covered }) => (covered === null ? [] : [windowText(covered)])));
  const [window] = windows;
  const withInterval = verdicts.some((each) => each.interval !== null);
  const withOdds = verdicts.some((each) => each.evidence !== null);
  const withBaseline = verdicts.some((each) => each.baselineObserved !== null);
  const table = renderTable(
    {
      columns: [
        textColumn('Gate'),
        textColumn('Verdict'),
        numberColumn('Observed'),
        ...(withInterval ? [textColumn('95% interval')] : []),
        numberColumn('Limit'),
        textColumn('Evidence'),
        ...(withOdds ? [numberColumn('Odds of harm')] : []),
        ...(withBaseline ? [numberColumn('Previous version')] : []),
        ...(withSource ? [textColumn('Source')] : []),
        ...(windows.size > 1 ? [textColumn('Window')] : []),
      ],
      rows: verdicts.map((each) => [
        titleOf(each),
        WORDS[each.verdict],
        each.observed === null ? '' : observed(each),
        ...(withInterval ? [interval(each)] : []),
        unbroken(
          limitOf(each.gate, [each.observed, each.interval?.lower ?? null, each.interval?.upper ?? null]),
        ),
        unbroken(evidence(each)),
        ...(withOdds ? [odds(each)] : []),
        ...(withBaseline ? [baseline(each)] : []),
        ...(withSource ? [metrics[each.gate.name]?.source ?? 'octomil'] : []),
        ...(windows.size > 1 ? [each.covered === null ? '' : windowText(each.covered)] : []),
      ]),
    },
    { maxRows: MAX_ROWS, focus: Math.max(0, verdicts.findIndex(isBroken)), more: 'gates' },
  );
  const unclear = verdicts.filter((each) => !isClear(each));
  const lines = unclear
    .slice(0, MAX_ROWS)
    .map((each) => `- ${forMarkdown(each.sentence, MAX_SENTENCE_CHARS)}`);
  const isMeasured = withOdds || !verdicts.every(isUnmeasured);
  const measured = windows.size === 1 ? `${isMeasured ? 'Measured' : 'Looked at'} from ${window}.` : '';
  const together = [allTogether(all, isMeasured), measured].filter((part) => part !== '').join(' ');
  return [table, together, lines.join('\n')].filter((part) => part !== '').join('\n\n');
}

/** Whether a gate that could prove harm has nothing to prove it with; the others are asked for no harm. */
function isUnmeasured({ gate, verdict }: GateVerdict): boolean {
  return gate.severity !== 'critical' || verdict === 'no_data' || verdict === 'error';
}

function allTogether(odds: Odds | null, isMeasured: boolean): string {
  if (odds === null) return '';
  // Even odds would read as if harm were as likely as not.
  if (!isMeasured) return '**All gates together: nothing was measured, so nothing is known of harm.**';
  const unblamed = odds.logOddsUnblamed - odds.logOdds > Math.LN2;
  const fleet = unblamed ? ` (${formatOdds(odds.logOddsUnblamed)} whoever is to blame)` : '';
  return `**All gates together: ${formatOdds(odds.logOdds)} that it does harm**${fleet}; 10:1 holds, 100:1 rolls back.`;
}

/**
 * Returns what a gate demands, such as `≤ 5%` or `≤ 5% over 900 ms`; no number of `beside` that is another one
 * reads the same. Never throws.
 */
export function limitOf(gate: Gate, beside: readonly (number | null)[] = []): string {
  switch (gate.kind) {
    case 'adoption':
    case 'quality':
      return `≥ ${formatRatioBeside(gate.minRatio, beside)}`;
    case 'assignment':
      return 'the share of the stage';
    case 'relative_latency':
      return `≤ previous + ${formatRatio(gate.margin)}`;
    case 'latency':
      return `≤ ${formatRatioBeside(gate.maxRatio, beside)} over ${formatCount(gate.maxMs)} ms`;
    case 'rate':
      return `≤ ${formatRatioBeside(gate.maxRatio, beside)}`;
    case 'value':
      return `${gate.direction === 'at_most' ? '≤' : '≥'} ${formatValue(gate, gate.limit, beside[0] ?? null)}`;
  }
}

/** Returns a gate's name, with its severity where a failure is not acted on at once. Never throws. */
export function gateTitle(gate: Gate): string {
  return gate.severity === 'critical' ? nameOfGate(gate) : `${nameOfGate(gate)} (${gate.severity})`;
}

function titleOf({ gate, segment }: GateVerdict): string {
  const title = gateTitle(gate);
  return segment === undefined ? title : `${title} on ${forMarkdown(`${segment.by} ${segment.value}`, 80)}`;
}

/** The row that must be seen, however many there are. */
function isBroken({ verdict, gate }: GateVerdict): boolean {
  return verdict === 'fail' && gate.severity === 'critical';
}

function isClear(each: GateVerdict): boolean {
  const isHarm = each.verdict === 'fail' && each.evidence !== null;
  return each.verdict === 'pass' || (each.verdict === 'fail' && !isHarm) || lacksTrials(each);
}

function lacksTrials({ verdict, trials, trialsNeeded }: GateVerdict): boolean {
  return verdict === 'inconclusive' && trials !== null && trialsNeeded !== null && trials < trialsNeeded;
}

function evidence(verdict: GateVerdict): string {
  const { gate, events, trials, trialsNeeded, devices, devicesWithEvents } = verdict;
  if (events === null || trials === null) return '';
  if (gate.kind === 'quality') return `${formatCount(trials)} answers`;
  const unit = gate.kind === 'adoption' ? 'reachable devices' : unitOfGate(gate);
  const spread =
    unitOfGate(gate) !== 'devices' && devices !== null && devicesWithEvents !== null
      ? `, on ${formatCount(devicesWithEvents)} of ${formatCount(devices)} devices`
      : '';
  const needed = lacksTrials(verdict) && trialsNeeded !== null ? `, ${formatCount(trialsNeeded)} needed` : '';
  return `${formatCount(events)} of ${formatCount(trials)} ${unit}${spread}${needed}`;
}

// A bare value of a latency is a time; every other observation is a share.
function observed(verdict: GateVerdict): string {
  const { gate, observed: value, trials, slowerThanMs, baselineObserved } = verdict;
  if (value === null) return '';
  if (gate.kind === 'value') return formatValue(gate, value, gate.limit);
  const isTime = trials === null && (gate.kind === 'latency' || gate.kind === 'relative_latency');
  if (!isTime) return formatRatioBeside(value, [limitRatioOf(gate), baselineObserved]);
  return `${formatCountBeside(value, [gate.kind === 'latency' ? gate.maxMs : slowerThanMs])} ms`;
}

function interval({ gate, interval: bounds }: GateVerdict): string {
  if (bounds === null) return '';
  const limit = limitRatioOf(gate);
  return `${formatRatioBeside(bounds.lower, [limit])} to&nbsp;${formatRatioBeside(bounds.upper, [limit])}`;
}

function odds({ evidence: of }: GateVerdict): string {
  const known = [of?.limit, of?.baseline].filter((log) => typeof log === 'number');
  return known.length === 0 ? '' : formatOdds(Math.max(...known)).replaceAll(' ', '&nbsp;');
}

/** A cell that breaks within a number is read as two, and one that breaks before a unit as none. */
function unbroken(cell: string): string {
  return cell.replace(/(?<=\d) (?=\d{3}(?!\d)|ms\b)|(?<=[≤≥]) /g, '&nbsp;');
}

function baseline({ observed: now, baselineObserved, baselineTrials, ratio }: GateVerdict): string {
  if (baselineObserved === null) return '';
  const of = baselineTrials === null ? '' : ` of ${formatCount(baselineTrials)}`;
  return unbroken(`${formatRatioBeside(baselineObserved, [now])}${of}${times(ratio)}`);
}

/** How many times worse the candidate may be; nothing where too little happened to say. */
function times(ratio: GateVerdict['ratio']): string {
  if (ratio === null || !Number.isFinite(ratio.upper)) return '';
  return `, this one ${factor(ratio.lower)} to ${factor(ratio.upper)}&nbsp;times that`;
}

function factor(value: number): string {
  return value >= 10 ? formatCount(Math.round(value)) : formatCount(value);
}

function windowText({ from, to }: Window): string {
  return `${formatClock(from)} to ${formatClock(to)} (${formatDuration(to - from)})`;
}
