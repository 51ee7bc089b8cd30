/** The diagrams of a summary show what decided, and nothing that somebody else wrote is syntax in them. */
import { describe, expect, it } from 'vitest';
import { renderAftermath } from '../../../src/report/aftermath.ts';
import { gateCharts } from '../../../src/report/gate-chart.ts';
import { forDiagram } from '../../../src/report/mermaid.ts';
import type { LookRecord, RunRecord } from '../../../src/report/run-record.ts';
import { timeline } from '../../../src/report/timeline.ts';
import { diagramsOf } from '../../support/drawn-diagrams.ts';
import { hostileRecord } from '../../support/hostile-records.ts';
import { HOSTILE_TEXTS } from '../../support/hostile-text.ts';
import {
  COMPLETED,
  HELD,
  lookAt,
  minute,
  PLANNED,
  ROLLED_BACK,
  recordWith,
} from '../../support/run-records.ts';

const corpus = Object.entries(HOSTILE_TEXTS);

/** The numbers of the lines of a chart, in order. */
function linesOf(chart: string): readonly (readonly number[])[] {
  return [...chart.matchAll(/^ {2}line \[(?<numbers>[^\]]*)\]$/gm)].map(({ groups }) =>
    (groups?.['numbers'] ?? '').split(', ').map(Number),
  );
}

function looksOf(count: number): readonly LookRecord[] {
  return Array.from({ length: count }, (_each, index) =>
    lookAt({ minute: 16 + index, stageIndex: 1, enteredMinute: 15 }),
  );
}

describe('the chart of a gate', () => {
  const breached: RunRecord = {
    ...ROLLED_BACK,
    looks: [...looksOf(6), ...ROLLED_BACK.looks.slice(1)],
    decidedBy: 6,
  };

  it('shows the gate that broke: candidate, previous version and limit', () => {
    const chart = gateCharts(breached);
    const [candidate = [], baseline = [], limit = []] = linesOf(chart);
    expect(chart).toMatch(/^#### Error rate\n\n🔵 `2.0.0` · 🟡 `1.0.0` · 🔴 limit ≤ 5%\n/);
    expect(candidate.at(-1)).toBe(19.8);
    expect(baseline.at(-1)).toBe(0.8163);
    expect(new Set(limit)).toEqual(new Set([5]));
    expect(candidate.length).toBe(limit.length);
  });

  it('has as many points after a thousand looks as after a few', () => {
    const many = {
      ...breached,
      looks: [...looksOf(6), ...Array(1_000).fill(breached.looks[5]), ...breached.looks.slice(6)],
      decidedBy: 1_006,
    };
    expect(linesOf(gateCharts(many))[0]?.length).toBe(linesOf(gateCharts(breached))[0]?.length);
  });

  it('has one point for each stage where a single look knows the stages before', () => {
    const look = lookAt({ minute: 80, stageIndex: 2, enteredMinute: 75 });
    const { state, look: seen } = look.inputs;
    const past = [
      { stageIndex: 0, enteredAt: minute(0), leftAt: minute(15) },
      { stageIndex: 1, enteredAt: minute(15), leftAt: minute(75) },
    ];
    const earlier = [1, 2].map((events) => ({
      kind: 'counts' as const,
      candidate: arm(events),
      baseline: arm(3),
      covered: { from: 0, to: 1 },
    }));
    const readings = seen.readings.map((reading) => ({ ...reading, earlier }));
    const inputs = { state: { ...state, past } as typeof state, look: { ...seen, readings } };
    const chart = gateCharts(recordWith({ command: 'advance', looks: [{ ...look, inputs }] }));
    expect(chart).toContain('x-axis ["stage 1 at 5%", "stage 2 at 25%", "stage 3 at 100%"]');
    expect(linesOf(chart)[0]?.slice(0, 2)).toEqual([1, 2]);
    expect(linesOf(chart)[1]).toEqual([3, 3, 3]);
  });

  const phones = { by: 'device_class', value: 'phone|low' };
  const arm = (events: number, trials = 100) => ({ events, trials, devices: null, devicesWithEvents: null });
  const countsOf = (events: number) => ({
    kind: 'counts' as const,
    candidate: arm(events),
    baseline: arm(2),
    covered: { from: 0, to: 1 },
  });

  /** A look at which every gate was read for phones too, and the error rate decided on them where told. */
  function lookWithPhones(at: number, events: number, decides: boolean): LookRecord {
    const look = lookAt({ minute: at, stageIndex: 1, enteredMinute: 15 });
    const segments = {
      kind: 'read' as const,
      readings: [{ segment: phones, evidence: countsOf(events), earlier: [countsOf(1)] }],
    };
    const { state, look: seen } = look.inputs;
    const past = [{ stageIndex: 0, enteredAt: minute(0), leftAt: minute(15) }];
    const readings = seen.readings.map((reading) => ({ ...reading, segments }));
    const inputs = { state: { ...state, past } as typeof state, look: { ...seen, readings } };
    const verdicts = look.verdicts.map((each) =>
      decides && each.gate.name === 'error_rate'
        ? {
            ...each,
            segment: phones,
            verdict: 'fail' as const,
            observed: events / 100,
            baselineObserved: 0.02,
          }
        : each,
    );
    return { ...look, inputs, verdicts };
  }

  it('shows the segment that broke, and at no look the whole fleet', () => {
    const looks = [lookWithPhones(20, 3, false), lookWithPhones(21, 5, false), lookWithPhones(22, 30, true)];
    const chart = gateCharts(recordWith({ outcome: 'rolled_back', looks, decidedBy: 2 }));
    expect(chart.split('\n')[0]).toBe('#### Error rate on device\\_class phone&#124;low');
    expect(new Set(linesOf(chart)[0])).toEqual(new Set([3, 5, 30]));
    expect(new Set(linesOf(chart)[1])).toEqual(new Set([2]));
  });

  it('shows the stages of the segment where a single look knows them', () => {
    const chart = gateCharts(recordWith({ command: 'advance', looks: [lookWithPhones(22, 30, true)] }));
    expect(chart).toContain('x-axis ["stage 1 at 5%", "stage 2 at 25%"]');
    expect(linesOf(chart)[0]).toEqual([1, 30]);
  });

  it('of the whole fleet shows no segment that was more suspect at one look', () => {
    const looks = [20, 21, 22, 23].map((at) => lookWithPhones(at, 30, at === 21));
    const chart = gateCharts(recordWith({ outcome: 'held', looks, decidedBy: 3 }));
    expect(chart.split('\n')[0]).toBe('#### Error rate');
    expect(new Set(linesOf(chart)[0]).size).toBe(1);
    expect(linesOf(chart)[0]?.[0]).toBeCloseTo(0.8054, 4);
  });

  it.each([
    { events: 1, trials: 1e9, digits: '0.0000001' },
    { events: 1, trials: 3e11, digits: '0.0000000003333' },
    { events: 123_456, trials: 1e6, digits: '12.35' },
  ])('writes $events of $trials in digits that a diagram reads', ({ events, trials, digits }) => {
    const looks = looksOf(4).map((look) => ({
      ...look,
      verdicts: look.verdicts.map((each) => ({ ...each, observed: events / trials })),
    }));
    const chart = gateCharts(recordWith({ outcome: 'held', looks, decidedBy: 3 }));
    const numbers = chart.split('\n').filter((line) => /^ {2}(?:line|y-axis|x-axis)/.test(line));
    expect(numbers.find((line) => line.startsWith('  line'))).toContain(`[${digits}, `);
    expect(numbers.join('\n')).not.toMatch(/\de[+-]?\d/);
  });

  it('is left out where nothing was measured', () => {
    expect(gateCharts(HELD)).toBe('');
    expect(gateCharts(PLANNED)).toBe('');
  });
});

describe('the timeline', () => {
  it('shows every stage that was reached, and the rollback', () => {
    expect(timeline(ROLLED_BACK)).toContain(
      [
        '  section stage 1 at 5% smoke',
        '  15m :done, 2026-11-20T09:00:00, 2026-11-20T09:15:00',
        '  section stage 2 at 25%',
        '  7m :crit, 2026-11-20T09:15:00, 2026-11-20T09:22:00',
        '  section rollback',
        '  4m :done, 2026-11-20T09:22:00, 2026-11-20T09:26:00',
      ].join('\n'),
    );
    expect(timeline(COMPLETED)).not.toContain(':crit');
  });

  it('shows the stages ahead of a rollout that goes on', () => {
    const [first, second, third] = COMPLETED.stages;
    if (first === undefined || second === undefined || third === undefined) throw new Error('three stages');
    const stages = [
      first,
      { ...second, result: 'current' as const, leftAt: null },
      { ...third, result: 'not_reached' as const, enteredAt: null, leftAt: null },
    ];
    const shown = timeline(
      recordWith({ outcome: 'waiting', reason: 'soaking', endedAt: minute(30), stages }),
    );
    expect(shown).toContain('stage 2 at 25%\n  1h :active, 2026-11-20T09:15:00, 2026-11-20T10:15:00');
    expect(shown).toContain('stage 3 at 100%\n  30m :2026-11-20T10:15:00, 2026-11-20T10:45:00');
    expect(shown).toContain('What lies ahead is the earliest time.');
  });

  it('leaves room for its longest label', () => {
    const room = (name: string): number => {
      const stages = COMPLETED.stages.map((stage) => ({ ...stage, name }));
      return Number(/^ {4}leftPadding: (?<pixels>\d+)$/m.exec(timeline(recordWith({ stages })))?.[1]);
    };
    expect(room('s')).toBeLessThan(150);
    expect(room('everything in one region')).toBeGreaterThan(room('s') + 100);
    expect(room('everything in one region, and '.repeat(9))).toBeLessThan(350);
  });

  it('is left out where no time is known', () => {
    expect(timeline(recordWith({ outcome: 'error', stages: [] }))).toBe('');
    const broken = COMPLETED.stages.map((stage) => ({ ...stage, enteredAt: Number.NaN }));
    expect(timeline(recordWith({ stages: broken }))).toBe('');
  });
});

describe('a hostile text', () => {
  it.each(corpus)('is words in a diagram: %s', (_what, text) => {
    expect(forDiagram(text)).toMatch(/^[\p{L}\p{M}\p{N} ._()%/+…-]*$/u);
    expect(forDiagram(text).length).toBeLessThanOrEqual(40);
    const [gantt = ''] = diagramsOf(timeline(hostileRecord(text)));
    const [, bars = ''] = gantt.split(/^ {2}tickInterval .*\n/m);
    expect(bars.split(/^ {2}section /m).slice(1)).toHaveLength(3);
    for (const bar of bars.split(/^ {2}section /m).slice(1)) {
      expect(bar).toMatch(
        /^(?:stage \d at [\d.]+%|rollback)[^:;#"<>[\]{}\n]*\n {2}[\dhms]+ :(?:done|active|crit), [\dT:-]+, [\dT:-]+\n?$/,
      );
    }
  });

  it.each(corpus)('is nothing but words in what the post step adds: %s', (_what, text) => {
    const markdown = renderAftermath({
      isVerified: false,
      headline: text,
      model: text,
      version: text,
      rolloutId: text,
      previousVersion: text,
      next: [{ text, language: null, code: null }],
    });
    expect(markdown.split('\n').filter((line) => /^> \[!/.test(line))).toEqual(['> [!CAUTION]']);
    const outside = markdown.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, 'code');
    expect(outside).not.toMatch(/<|@\w|(?<!&)#\d|:\/\/|::|##\[|^#(?!## What to do next$)/m);
  });
});
