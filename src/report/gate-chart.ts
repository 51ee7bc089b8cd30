/** What decided, over time: a chart of the candidate, the version before it, and the limit. Pure. */
import type { GateVerdict } from '../core/evidence.ts';
import { limitRatioOf, nameOfGate, unitOfGate } from '../core/gate-question.ts';
import type { Gate } from '../core/plan.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../core/units.ts';
import { decidingLook } from './deciding.ts';
import { type GatePoint, pointsOf } from './gate-points.ts';
import { limitOf } from './gate-table.ts';
import { diagram } from './mermaid.ts';
import type { RunRecord } from './run-record.ts';
import { forCode, forMarkdown } from './sanitise.ts';
import { formatTime } from './time.ts';

const MAX_CHARTS = 3;
const SAMPLES = 48;
const WIDTH = 820;
const HEIGHT = 260;
// Blue, amber and red keep their contrast on white and on GitHub's dark grey, and apart for colour-blind eyes.
const COLOURS = { candidate: '#2f81f7', baseline: '#bf8700', limit: '#da3633' };

/**
 * Returns a chart with its heading for each gate that decided, at most three, those after the first folded; empty
 * where nothing was measured twice. Never throws.
 */
export function gateCharts(record: RunRecord): string {
  const [first, ...others] = decidingGates(decidingLook(record)?.verdicts ?? [])
    .flatMap((verdict) => chartOf(record, verdict))
    .slice(0, MAX_CHARTS);
  if (first === undefined) return '';
  if (others.length === 0) return first;
  const title = others.length === 1 ? 'One more chart' : `${others.length} more charts`;
  return [first, `<details><summary>${title}</summary>`, ...others, '</details>'].join('\n\n');
}

// What ended a run comes first: proven harm, then what a source did not tell, then what holds.
const DECIDING: readonly ((verdict: GateVerdict) => boolean)[] = [
  ({ verdict, gate }) => verdict === 'fail' && gate.severity === 'critical',
  ({ verdict, gate }) => verdict === 'error' && gate.severity !== 'warn',
  ({ verdict, gate }) => verdict === 'no_data' && gate.severity !== 'warn',
  ({ verdict, gate }) => (verdict === 'inconclusive' || verdict === 'fail') && gate.severity !== 'warn',
  ({ gate }) => gate.severity === 'critical',
];

function decidingGates(verdicts: readonly GateVerdict[]): readonly GateVerdict[] {
  return DECIDING.map((decides) => verdicts.filter(decides)).find((gates) => gates.length > 0) ?? [];
}

function chartOf(record: RunRecord, verdict: GateVerdict): readonly string[] {
  const { gate, trials, slowerThanMs } = verdict;
  const points = pointsOf(record, verdict);
  if (points.length < 2) return [];
  const isTime = trials === null && (gate.kind === 'latency' || gate.kind === 'relative_latency');
  const isPlain = isTime || gate.kind === 'value';
  const scale = isPlain ? 1 : 100;
  const limit = isTime ? slowerThanMs : limitLineOf(gate);
  const byStage = points[0]?.stage !== '';
  const shown = byStage ? points : sampled(points);
  const candidate = shown.map((point) => point.candidate * scale);
  const baseline = baselineOf(shown)?.map((value) => value * scale) ?? null;
  const limits = limit === null ? null : shown.map(() => limit * scale);
  const top = Math.max(...candidate, ...(baseline ?? []), ...(limits ?? [])) * 1.15 || 1;
  const unit = isPlain ? plainUnit(gate) : `% of ${unitOfGate(gate)}`;
  const lines = [candidate, baseline, limits].filter((line) => line !== null);
  const bottom = Math.min(0, ...lines.flat()) * 1.15;
  const colours = [
    COLOURS.candidate,
    ...(baseline === null ? [] : [COLOURS.baseline]),
    ...(limits === null ? [] : [COLOURS.limit]),
  ];
  const drawn = diagram([
    '---',
    'config:',
    '  xyChart:',
    `    width: ${WIDTH}`,
    `    height: ${HEIGHT}`,
    '  themeVariables:',
    '    xyChart:',
    '      backgroundColor: "transparent"',
    `      plotColorPalette: "${colours.join(', ')}"`,
    '---',
    'xychart-beta',
    `  x-axis ${byStage ? stageAxis(points) : timeAxis(points)}`,
    `  y-axis "${unit}" ${short(bottom)} --> ${short(top)}`,
    ...lines.map((line) => `  line [${line.map(short).join(', ')}]`),
  ]);
  return [[`#### ${capital(titleOf(verdict))}`, legend(record, gate, shown), drawn].join('\n\n')];
}

function titleOf({ gate, segment }: GateVerdict): string {
  const name = nameOfGate(gate);
  return segment === undefined ? name : `${name} on ${forMarkdown(`${segment.by} ${segment.value}`, 80)}`;
}

function legend(record: RunRecord, gate: Gate, points: readonly GatePoint[]): string {
  const known = points.filter(({ baseline }) => baseline !== null).length;
  const name = forCode(record.previousVersion ?? 'the previous version', 40);
  const held = known < points.length ? ' (where it was not measured, its value before)' : '';
  const previous = known === 0 ? null : `🟡 ${name}${held}`;
  const parts = [
    `🔵 ${forCode(record.version ?? 'the candidate', 40)}`,
    previous,
    limitLineOf(gate) === null ? null : `🔴 limit ${limitOf(gate)}`,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

function plainUnit(gate: Gate): string {
  return gate.kind === 'value' && gate.unit === 'number' ? 'number' : 'ms';
}

function limitLineOf(gate: Gate): number | null {
  return gate.kind === 'value' ? gate.limit : limitRatioOf(gate);
}

/** The points at even distances in time, each with the value that was known then: the axis is even as well. */
function sampled(points: readonly GatePoint[]): readonly GatePoint[] {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return [];
  return Array.from({ length: SAMPLES }, (_each, index) => {
    const at = first.at + ((last.at - first.at) * index) / (SAMPLES - 1);
    return { ...(points.findLast((point) => point.at <= at) ?? first), at };
  });
}

/** A line of a chart has no gaps: a value that is missing is the one before it, or else the first one. */
function baselineOf(points: readonly GatePoint[]): readonly number[] | null {
  const first = points.find(({ baseline }) => baseline !== null)?.baseline ?? null;
  if (first === null) return null;
  let known = first;
  return points.map(({ baseline }) => {
    known = baseline ?? known;
    return known;
  });
}

function stageAxis(points: readonly GatePoint[]): string {
  return `[${points.map(({ stage }) => `"${stage}"`).join(', ')}]`;
}

function timeAxis(points: readonly GatePoint[]): string {
  const from = points[0]?.at ?? 0;
  const length = (points.at(-1)?.at ?? from) - from;
  const [unit, size] =
    length > 3 * HOUR_MS
      ? ['hours', HOUR_MS]
      : length > 3 * MINUTE_MS
        ? ['minutes', MINUTE_MS]
        : ['seconds', SECOND_MS];
  return `"${unit} since ${formatTime(from)}" 0 --> ${short(Math.max(length / Number(size), 0.01))}`;
}

// Mermaid reads no exponents.
const PLAIN = new Intl.NumberFormat('en', { maximumSignificantDigits: 4, useGrouping: false });

function short(value: number): string {
  return PLAIN.format(value);
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
