/** A look is one line of the log that can be read without anything around it. */
import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/core/look.ts';
import { commandLine, detailLines, lookLine } from '../../../src/report/log-line.ts';
import type { LookRecord } from '../../../src/report/run-record.ts';
import { hostileRecord } from '../../support/hostile-records.ts';
import { HOSTILE_TEXTS } from '../../support/hostile-text.ts';
import { HELD, lookAt, minute, PLAN, ROLLBACK_FAILED, ROLLED_BACK } from '../../support/run-records.ts';

const SOAKING = { minute: 50, stageIndex: 1, enteredMinute: 15 };

function lastOf(looks: readonly LookRecord[]): LookRecord {
  return looks.at(-1) ?? lookAt(SOAKING);
}

describe('the line of a look', () => {
  const lines: readonly (readonly [string, LookRecord, string])[] = [
    [
      'while a stage soaks',
      lookAt(SOAKING),
      'stage 2/3 · 25% · 31 of 31 reachable devices on it · error rate 0.805% (12 of 1 490 requests) pass · crash rate 0% (0 of 31 devices) pass · p95 latency over 900 ms: 2.08% (31 of 1 490 requests) pass · adoption 100% pass · odds of harm 1:3.7 · soaking · next look 09:50:30Z · about 55m left',
    ],
    [
      'when a gate proves harm',
      ROLLED_BACK.looks[1] ?? lookAt(SOAKING),
      'stage 2/3 · 25% · 31 of 31 reachable devices on it · error rate 19.8% (97 of 490 requests) fail · crash rate 0% (0 of 31 devices) pass · p95 latency over 900 ms: 2.45% (12 of 490 requests) pass · adoption 100% pass · odds of harm over 1 000 000:1 · gate failed · roll back to 1.0.0',
    ],
    [
      'when evidence is missing',
      lastOf(HELD.looks),
      'stage 2/3 · 25% · 27 of 31 reachable devices on it · error rate no data · crash rate 0% (0 of 31 devices) pass · p95 latency over 900 ms: 5% (2 of 40 requests) pass · adoption 87.1% fail · odds of harm 1:1.4 · no data (error rate: no request of this version in the window) · pause the rollout',
    ],
    [
      'while a rollback is confirmed',
      lastOf(ROLLBACK_FAILED.looks),
      'rolling back · 0% · rolled_back · 94 of 118 reachable devices restored · confirming rollback (94 of 118 reachable devices run the restored version, 95% needed) · next look 09:53:30Z',
    ],
    [
      'while the rollout cannot be read',
      lookAt(SOAKING, {
        percentage: null,
        statusText: null,
        devicesOnVersion: null,
        verdicts: [],
        odds: null,
        reason: 'server_unreadable',
        detail: 'socket hang up',
      }),
      'stage 2/3 · server unreadable (socket hang up) · next look 09:50:30Z · about 55m left',
    ],
  ];

  it.each(lines)('%s', (_what, look, line) => {
    expect(lookLine(look, PLAN)).toBe(line);
  });

  it('has every gate in its whole sentence beside it for whoever debugs', () => {
    const [first, ...gates] = detailLines(lookAt(SOAKING));
    expect(first).toMatch(/^look 51, \d+ tests, log odds -\d/);
    expect(gates).toHaveLength(PLAN.stages[1]?.gates.length ?? 0);
    expect(gates[0]).toMatch(/^error_rate, asked 2026-11-20T09:15:00Z to 2026-11-20T09:50:00Z: error rate/);
  });

  it.each(Object.entries(HOSTILE_TEXTS))('stays one harmless line with %s', (_what, text) => {
    const { looks, plan } = hostileRecord(text);
    for (const look of looks) {
      const line = lookLine(look, plan ?? PLAN);
      expect(line).toMatch(/^stage 2\/3 · 25% · /);
      expect(line).not.toMatch(/::|##\[|[\p{Cc}\p{Cf}]/u);
    }
  });
});

describe('the line of a command', () => {
  const commands: readonly (readonly [Command, string])[] = [
    [{ kind: 'create', percentage: 5 }, 'create the rollout of 2.0.0 at 5%'],
    [{ kind: 'start' }, 'start the rollout'],
    [{ kind: 'raise', stageIndex: 1, percentage: 25 }, 'raise to 25%'],
    [{ kind: 'pause', mark: 'gate', outcome: 'held' }, 'pause the rollout'],
    [{ kind: 'roll_back', cause: 'gate_failed', toVersion: '1.0.0' }, 'roll back to 1.0.0'],
    [{ kind: 'follow_percentage', percentage: 50 }, 'follow the percentage to 50%'],
    [{ kind: 'follow_rollback' }, 'confirm the rollback'],
    [{ kind: 'wait', until: minute(65) }, 'next look 10:05:00Z'],
    [{ kind: 'finish', outcome: 'rollback_failed' }, 'end as rollback failed'],
  ];

  it.each(commands)('says what is done: %j', (command, line) => {
    expect(commandLine(command, PLAN)).toBe(line);
  });
});
