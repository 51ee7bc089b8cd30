/** The job summary says what decided, stays small, and cannot be forged. UPDATE_DOCUMENTS=1 writes the examples anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../../src/core/rollout.ts';
import type { RunRecord } from '../../../src/report/run-record.ts';
import { sentenceFor } from '../../../src/report/sentence.ts';
import { MAX_SUMMARY_BYTES, renderSummary } from '../../../src/report/summary.ts';
import { hostileRecord } from '../../support/hostile-records.ts';
import { HOSTILE_TEXTS } from '../../support/hostile-text.ts';
import {
  COMPLETED,
  HEALTH_MISSING,
  HELD,
  lookAt,
  minute,
  PLANNED,
  planFrom,
  ROLLBACK_FAILED,
  ROLLED_BACK,
  recordWith,
  STATUS,
} from '../../support/run-records.ts';

const EXAMPLES = join(import.meta.dirname, '../../fixtures/summaries');

const examples: readonly (readonly [string, RunRecord])[] = [
  ['completed', COMPLETED],
  ['rolled-back', ROLLED_BACK],
  ['held', HELD],
  ['rollback-failed', ROLLBACK_FAILED],
  ['plan', PLANNED],
  ['status', STATUS],
  ['health-source-missing', HEALTH_MISSING],
];

function sizeOf(markdown: string): number {
  return Buffer.byteLength(markdown, 'utf8');
}

/** Everything outside fenced blocks, which show text exactly as it is. */
function prose(markdown: string): readonly string[] {
  let fence: string | null = null;
  return markdown.split('\n').filter((line) => {
    const [run] = /^`{3,}/.exec(line) ?? [];
    if (fence === null && run !== undefined) fence = run;
    else if (fence !== null && line === fence) fence = null;
    else return fence === null;
    return false;
  });
}

describe('the summary', () => {
  it.each(examples)('of the example %s is the one that is shown to readers', (name, record) => {
    const file = join(EXAMPLES, `${name}.md`);
    const summary = renderSummary(record);
    if (process.env['UPDATE_DOCUMENTS'] === '1') writeFileSync(file, summary);
    expect(summary).toBe(readFileSync(file, 'utf8'));
  });

  it.each(OUTCOMES)('of %s begins with its sentence', (outcome) => {
    const record = recordWith({ outcome, reason: 'job_time_over' });
    const [alert, sentence] = renderSummary(record).split('\n');
    expect(alert).toMatch(/^> \[!(?:TIP|NOTE|WARNING|CAUTION)\]$/);
    expect(sentence).toBe(`> **${sentenceFor(record)}**`);
  });

  it('says once what serves, and once how to go on', () => {
    const text = 'Go on: run the same workflow again; it adopts the rollout where it stands.';
    const summary = renderSummary(
      recordWith({
        outcome: 'cancelled',
        reason: 'signalled',
        detail: 'paused: 2.0.0 serves 25%, and no further device gets it',
        stillServing: '2.0.0 serves 25% of the devices',
        next: [{ text, language: null, code: null }],
      }),
    );
    expect(summary.match(/serves 25%/g)).toHaveLength(1);
    expect(summary.match(/the same workflow again/g)).toHaveLength(1);
    expect(summary).toContain(`- ${text}`);
  });

  it.each([
    { outcome: 'cancelled', reason: 'signalled', shows: 'stopped' },
    { outcome: 'waiting', reason: 'soaking', shows: 'current' },
  ] as const)('shows the stage of a run that is $outcome as $shows', ({ outcome, reason, shows }) => {
    const stages = COMPLETED.stages.map((stage) => ({ ...stage, result: 'current' as const }));
    const words = renderSummary(recordWith({ outcome, reason, stages })).match(
      /&nbsp;\**(?:stopped|current)/g,
    );
    expect(words?.map((word) => word.replace(/&nbsp;|\*/g, ''))).toEqual(stages.map(() => shows));
  });

  it('tells when a single look was taken, and no time that it took', () => {
    const summary = renderSummary(recordWith({ looksTaken: 1, startedAt: minute(5), endedAt: minute(5) }));
    expect(summary).toContain(' · 1 look, 2026-11-20T09:05:00Z\n');
  });

  it('tells what to do before it explains a failed rollback', () => {
    const summary = renderSummary(ROLLBACK_FAILED);
    expect(summary.indexOf('### What to do next')).toBeLessThan(summary.indexOf('### Gates'));
  });

  it('says why a gate has no numbers', () => {
    expect(renderSummary(HELD)).toContain('- error rate: no request of this version in the window');
  });

  it('shows a detail of several lines exactly as it is', () => {
    const detail = 'rollout.yml:4:10: soak: got 5\nrollout.yml:6:1: gatez: unknown key';
    const summary = renderSummary(recordWith({ outcome: 'invalid_plan', reason: 'invalid_plan', detail }));
    expect(summary).toContain(`\`\`\`text\n${detail}\n\`\`\``);
  });

  it('stays below 64 KiB with 5 000 looks and says how many it leaves out', () => {
    const one = lookAt({ minute: 1, stageIndex: 1, enteredMinute: 0 });
    const looks = Array.from({ length: 5_000 }, (_, index) => ({
      ...one,
      number: index + 1,
      at: minute(index),
    }));
    const summary = renderSummary({ ...ROLLED_BACK, looks, looksTaken: looks.length, decidedBy: 4_000 });
    expect(sizeOf(summary)).toBeLessThan(64 * 1_024);
    expect(summary).toContain('The last 20 of 5 000 looks; all of them are in the events file');
    const thinned = renderSummary({ ...ROLLED_BACK, looks, decidedBy: null, looksTaken: 20_000 });
    expect(thinned).toContain('The last 20 of 20 000 looks; 5 000 of them are in the events file');
  });

  it('stays below 64 KiB with 100 stages and shows those around the one that decided', () => {
    const percentages = Array.from({ length: 100 }, (_, index) => `${index + 1}%`).join(', ');
    const plan = planFrom(`{ model: m, version: 1.0.0, stages: [${percentages}], soak: 1m }`);
    const stages = plan.stages.map(({ name, percentage }, index) => ({
      name,
      percentage,
      enteredAt: null,
      leftAt: null,
      result: index < 60 ? ('passed' as const) : ('not_reached' as const),
      devicesOnVersion: null,
      devicesExpected: null,
    }));
    const summary = renderSummary(recordWith({ plan, stages, outcome: 'held', reason: 'deadline_passed' }));
    expect(sizeOf(summary)).toBeLessThan(64 * 1_024);
    expect(summary).toContain('| 60 | 60% |');
    expect(summary).toContain('_70 more stages not shown._');
    expect(sizeOf(renderSummary(recordWith({ command: 'plan', plan, stages })))).toBeLessThan(64 * 1_024);
  });

  it('gives up its last sections, never its first, when everything in it is long', () => {
    const long = '🚀'.repeat(20_000);
    const next = Array.from({ length: 50 }, () => ({ text: long, language: null, code: long }));
    const record = { ...hostileRecord(long), next, notes: Array.from({ length: 500 }, () => long) };
    for (const command of ['run', 'plan', 'status', 'rollback'] as const) {
      const summary = renderSummary({ ...record, command });
      expect(sizeOf(summary)).toBeLessThanOrEqual(MAX_SUMMARY_BYTES);
      expect(summary).toMatch(/^> \[!/);
    }
  });

  it.each(Object.entries(HOSTILE_TEXTS))('cannot be forged by %s', (_what, text) => {
    for (const command of ['run', 'plan', 'status', 'rollback'] as const) {
      const lines = prose(renderSummary({ ...hostileRecord(text), command }));
      for (const line of lines) {
        const outsideCode = line.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, 'code');
        expect(outsideCode.replace(/<\/?(?:details|summary)>/g, '')).not.toMatch(/<(?!br)/);
        expect(outsideCode).not.toMatch(/@\w|(?<!&)#\d|:\/\/|::/);
        expect(line).not.toMatch(/##\[|[\p{Cc}\p{Cf}]/u);
      }
      const alerts = lines.filter((line) => /^\s*> \[!/.test(line));
      expect(alerts).toHaveLength(1);
      expectEvenTables(lines);
    }
  });
});

function expectEvenTables(lines: readonly string[]): void {
  let columns: number | null = null;
  for (const line of lines) {
    if (!line.startsWith('|')) columns = null;
    else {
      const cells = line.split('|').length;
      columns ??= cells;
      expect(cells, line).toBe(columns);
    }
  }
}
