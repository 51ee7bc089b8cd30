/** The stages of a run over time as a diagram: what was, what is, and what is planned. Pure. */
import { formatDuration, formatPercent } from '../core/format.ts';
import { leastPlanMs } from '../core/plan-time.ts';
import { DAY_MS, type DurationMs, type EpochMs, SECOND_MS } from '../core/units.ts';
import { decidingLook } from './deciding.ts';
import { diagram, forDiagram, ganttTime } from './mermaid.ts';
import type { RunRecord, StageRecord } from './run-record.ts';

const MAX_BARS = 30;
const CHAR_WIDTH = 7;
const LEAST_LABEL_WIDTH = 110;
// A bar that is over is grey on white and on black, and no band of the theme stands behind the bars.
const OVER = '#8c959f';
const NO_BAND = 'transparent';
const LAST_TIME: EpochMs = 8_640_000_000_000_000;

interface Bar {
  readonly label: string;
  readonly kind: 'done' | 'active' | 'crit' | 'planned';
  readonly from: EpochMs;
  readonly to: EpochMs;
}

const KINDS: Readonly<Record<StageRecord['result'], Bar['kind']>> = {
  passed: 'done',
  current: 'active',
  failed: 'crit',
  held: 'crit',
  not_reached: 'planned',
};

/** Returns the timeline with its heading, or an empty text where fewer than one stage has a known time. Never throws. */
export function timeline(record: RunRecord): string {
  const bars = record.command === 'plan' ? plannedBars(record) : barsOf(record);
  const drawable = bars.filter(({ from, to }) => isTime(from) && isTime(to));
  if (drawable.length === 0) return '';
  const shown = drawable.length <= MAX_BARS ? drawable : drawable.slice(-MAX_BARS);
  const from = Math.min(...shown.map((bar) => bar.from));
  const to = Math.max(...shown.map((bar) => bar.to));
  const note = shown.length === drawable.length ? '' : ` The last ${MAX_BARS} of ${drawable.length}.`;
  const planned = shown.some(({ kind }) => kind === 'planned');
  const soonest = planned && record.command !== 'plan' ? ' What lies ahead is the earliest time.' : '';
  return [
    record.command === 'plan' ? '### Timeline, if it starts now (UTC)' : '### Timeline (UTC)',
    diagram([
      ...styleOf(shown),
      'gantt',
      '  dateFormat YYYY-MM-DDTHH:mm:ss',
      `  axisFormat ${to - from > DAY_MS ? '%d %b %H:%M' : '%H:%M'}`,
      `  tickInterval ${tickInterval(to - from)}`,
      ...shown.flatMap(barLines),
    ]),
    `${note}${soonest}`.trim(),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function barsOf(record: RunRecord): readonly Bar[] {
  const bars: Bar[] = [];
  for (const [index, stage] of record.stages.entries()) {
    if (stage.enteredAt === null) continue;
    const to = endOf(record, stage, index);
    bars.push({ label: labelOf(stage, index), kind: KINDS[stage.result], from: stage.enteredAt, to });
  }
  return [...bars, ...rollbackBar(record), ...aheadOf(record, bars.at(-1)?.to ?? null)];
}

/** A stage that goes on lasts at least to the end of its soak; one that broke ends where that was decided. */
function endOf(record: RunRecord, stage: StageRecord, index: number): EpochMs {
  const { result, enteredAt, leftAt } = stage;
  if (result === 'failed') return decidingLook(record)?.at ?? leftAt ?? record.endedAt;
  if (result === 'current' && isGoingOn(record)) {
    return Math.max(record.endedAt, (enteredAt ?? 0) + (record.plan?.stages[index]?.soakMs ?? 0));
  }
  return leftAt ?? record.endedAt;
}

function isGoingOn({ outcome }: RunRecord): boolean {
  return outcome === 'waiting' || outcome === 'advanced';
}

function rollbackBar(record: RunRecord): readonly Bar[] {
  const { outcome, endedAt } = record;
  const from = record.looks.find(({ command }) => command.kind === 'roll_back')?.at;
  if (from === undefined) return [];
  return [{ label: 'rollback', kind: outcome === 'rolled_back' ? 'done' : 'crit', from, to: endedAt }];
}

function aheadOf(record: RunRecord, after: EpochMs | null): readonly Bar[] {
  if (after === null || !isGoingOn(record)) return [];
  return sequence(record, after, ({ result }) => result === 'not_reached');
}

function plannedBars(record: RunRecord): readonly Bar[] {
  const { plan, endedAt } = record;
  if (plan === null || leastPlanMs(plan) === 0) return [];
  return sequence(record, Math.max(endedAt, plan.notBefore ?? 0), () => true);
}

function sequence(
  record: RunRecord,
  start: EpochMs,
  isWanted: (stage: StageRecord) => boolean,
): readonly Bar[] {
  let from = start;
  return record.stages.flatMap((stage, index): readonly Bar[] => {
    if (!isWanted(stage)) return [];
    const begin = from;
    from += record.plan?.stages[index]?.soakMs ?? 0;
    return [{ label: labelOf(stage, index), kind: 'planned', from: begin, to: from }];
  });
}

function labelOf({ name, percentage }: StageRecord, index: number): string {
  const share = formatPercent(percentage);
  const own = forDiagram(name, 24);
  const number = `stage ${index + 1} at ${share}`;
  return own === '' || own === share ? number : `${number} ${own}`;
}

/** A label at the left is never crossed by a line of the axis, as it is beside a short bar. */
function styleOf(bars: readonly Bar[]): readonly string[] {
  const width = Math.max(LEAST_LABEL_WIDTH, ...bars.map(({ label }) => CHAR_WIDTH * [...label].length + 30));
  return [
    '---',
    'config:',
    '  gantt:',
    `    leftPadding: ${width}`,
    '    fontSize: 13',
    '    sectionFontSize: 13',
    '    barHeight: 24',
    '    barGap: 6',
    '  themeVariables:',
    ...['sectionBkgColor', 'altSectionBkgColor', 'sectionBkgColor2'].map(
      (band) => `    ${band}: "${NO_BAND}"`,
    ),
    `    doneTaskBkgColor: "${OVER}"`,
    `    doneTaskBorderColor: "${OVER}"`,
    '---',
  ];
}

function barLines({ label, kind, from, to }: Bar): readonly string[] {
  const tag = kind === 'planned' ? '' : `${kind}, `;
  const end = Math.max(to, from + SECOND_MS);
  return [
    `  section ${label}`,
    `  ${formatDuration(end - from)} :${tag}${ganttTime(from)}, ${ganttTime(end)}`,
  ];
}

const TICKS: readonly (readonly [DurationMs, string])[] = [
  [6 * 60_000, '1minute'],
  [30 * 60_000, '5minute'],
  [90 * 60_000, '15minute'],
  [4 * 3_600_000, '30minute'],
  [8 * 3_600_000, '1hour'],
  [16 * 3_600_000, '2hour'],
  [36 * 3_600_000, '4hour'],
  [3 * DAY_MS, '12hour'],
  [7 * DAY_MS, '1day'],
];

function tickInterval(lengthMs: DurationMs): string {
  return TICKS.find(([most]) => lengthMs <= most)?.[1] ?? '1week';
}

function isTime(at: EpochMs): boolean {
  return Number.isFinite(at) && at >= 0 && at < LAST_TIME;
}
