/** One sentence says how a run ended, whatever the outcome and the reason. */
import { describe, expect, it } from 'vitest';
import { REASONS, type ReasonCode } from '../../../src/core/reason-codes.ts';
import { OUTCOMES } from '../../../src/core/rollout.ts';
import type { RunRecord } from '../../../src/report/run-record.ts';
import { MAX_SENTENCE_CHARS, sentenceFor } from '../../../src/report/sentence.ts';
import { HOSTILE_TEXTS } from '../../support/hostile-text.ts';
import {
  COMPLETED,
  HEALTH_MISSING,
  HELD,
  lookAt,
  minute,
  PLANNED,
  ROLLBACK_FAILED,
  ROLLED_BACK,
  recordWith,
  STATUS,
} from '../../support/run-records.ts';

const reasons = Object.keys(REASONS) as ReasonCode[];

const REFUSED =
  'the rollback from 2.0.0 to 1.0.0 was not accepted; 2.0.0 may still serve. Tried: POST /models/mdl_radiology/rollback answered 503; POST /models/mdl_radiology/rollouts answered 409.';

function expectSentence(sentence: string): void {
  expect(sentence).toMatch(/^[\p{Lu}\d].*[.…]$/u);
  expect(sentence).not.toMatch(/\b(?:undefined|NaN|null)\b/);
  expect(sentence).not.toMatch(/ {2}|\.\.|: :|\n/);
  expect(sentence.length).toBeLessThanOrEqual(MAX_SENTENCE_CHARS);
}

describe('the sentence of a run', () => {
  const said: readonly (readonly [string, RunRecord, string])[] = [
    [
      'completed with counted devices',
      COMPLETED,
      'Completed radiology-v1 2.0.0 at 100% of the fleet: 124 of 124 reachable devices run it.',
    ],
    [
      'completed where devices cannot be counted',
      recordWith({ percentage: 100, reason: 'completed_unconfirmed_devices' }),
      'Completed radiology-v1 2.0.0 at 100% of the fleet: the bake has passed, and the API could not count devices.',
    ],
    [
      'rolled back for a broken gate',
      ROLLED_BACK,
      'Rolled back radiology-v1 2.0.0 to 1.0.0 at 25%: error rate 19.8% (97 of 490 requests, 31 of 31 devices), limit 5%, previous version 0.816%; over 1 000 000:1 that it does harm.',
    ],
    [
      'rolled back by somebody else, whatever the gates said',
      { ...ROLLED_BACK, reason: 'rolled_back_by_server' },
      'Rolled back radiology-v1 2.0.0 to 1.0.0 at 25%: Octomil or a person rolled this rollout back; the action did not.',
    ],
    [
      'still rolling back',
      { ...ROLLED_BACK, outcome: 'rolling_back', reason: 'confirming_rollback' },
      'Rolling back radiology-v1 2.0.0 to 1.0.0 at 25%: error rate 19.8% (97 of 490 requests, 31 of 31 devices), limit 5%, previous version 0.816%; over 1 000 000:1 that it does harm.',
    ],
    [
      'a rollback that failed begins with what is still serving',
      ROLLBACK_FAILED,
      '2.0.0 may still serve up to 25% of the devices; the rollback of radiology-v1 2.0.0 to 1.0.0 failed: 94 of 118 reachable devices run the restored version, 95% needed; roll back by hand with command: rollback.',
    ],
    [
      'a rollback that failed on more devices than fit beside the names',
      {
        ...ROLLBACK_FAILED,
        model: 'thorax-radiology-classifier',
        stillServing: '2.0.0 may still serve up to 25% of the devices (25 000 of 100 000)',
      },
      '2.0.0 may still serve up to 25% of the devices (25 000 of 100 000); the rollback to 1.0.0 failed: 94 of 118 reachable devices run the restored version, 95% needed; roll back by hand with command: rollback.',
    ],
    [
      'a rollback that was refused, without the requests that were tried',
      {
        ...ROLLBACK_FAILED,
        reason: 'rollback_refused',
        detail: REFUSED,
        stillServing: '2.0.0 may still serve up to 25% of the devices (31 of 124)',
      },
      '2.0.0 may still serve up to 25% of the devices (31 of 124); the rollback of radiology-v1 2.0.0 to 1.0.0 failed: the API did not accept it; roll back by hand with command: rollback.',
    ],
    [
      'a rollback that had no target',
      recordWith({ outcome: 'rollback_failed', reason: 'no_rollback_target', previousVersion: null }),
      'It is not known what the devices run; no rollback of radiology-v1 2.0.0 was possible: harm was proven and no previous version is known; roll back by hand with command: rollback and to-version.',
    ],
    [
      'held for want of evidence',
      HELD,
      'Held radiology-v1 2.0.0 at 25%: error rate: no request of this version in the window; paused at 25%.',
    ],
    ['planned', PLANNED, 'Planned radiology-v1 2.0.0: 3 stages (5% → 25% → 100%), 1h45m at least.'],
    ['status', STATUS, 'Status of radiology-v1 2.0.0: 2.0.0 is active at 25%, the newest of 2 rollouts.'],
    [
      'an error says what the API said and what that means',
      HEALTH_MISSING,
      'Stopped radiology-v1 2.0.0 on an error: the API has no health route, so no gate can be judged; GET /models/mdl_radiology/rollouts/rol_a1b2c3/health answered 404.',
    ],
    [
      'an invalid plan with several problems',
      recordWith({
        outcome: 'invalid_plan',
        reason: 'invalid_plan',
        detail: 'rollout.yml:4:10: soak: got 5, expected a unit\nrollout.yml:6:1: unknown key\n',
      }),
      'Refused the plan of radiology-v1 2.0.0, nothing was changed: rollout.yml:4:10: soak: got 5, expected a unit (and 1 more).',
    ],
    [
      'waiting names the next look',
      recordWith({ outcome: 'waiting', reason: 'soaking', nextLookAt: minute(30) }),
      'Waiting with radiology-v1 2.0.0 at 25%: the stage has not soaked for its full time. Next look 2026-11-20T09:30:00Z.',
    ],
    [
      "an operator's rollback",
      recordWith({
        command: 'rollback',
        outcome: 'done',
        reason: 'rolled_back_by_request',
        restoredVersion: '1.0.0',
        group: 'hospitals-eu',
        detail: '31 of 31 reachable devices run the restored version, 95% needed',
      }),
      'Rolled back radiology-v1 2.0.0 for hospitals-eu to 1.0.0: 31 of 31 reachable devices run the restored version, 95% needed.',
    ],
    [
      "an operator's pause says what goes on serving",
      recordWith({
        command: 'pause',
        outcome: 'done',
        reason: 'paused_by_request',
        percentage: 5,
        detail: 'its devices go on serving it; 6 devices run it',
      }),
      'Paused radiology-v1 2.0.0 at 5%: its devices go on serving it; 6 devices run it.',
    ],
    [
      "an operator's resume",
      recordWith({
        command: 'resume',
        outcome: 'done',
        reason: 'resumed_by_request',
        detail: '31 devices run it',
      }),
      'Resumed radiology-v1 2.0.0 at 25%: 31 devices run it.',
    ],
    [
      "an operator's percentage says from where to where",
      recordWith({
        command: 'set',
        outcome: 'done',
        reason: 'percentage_set_by_request',
        detail: 'it was at 5%; 6 devices run it',
      }),
      'Set radiology-v1 2.0.0 to 25%: it was at 5%; 6 devices run it.',
    ],
    [
      'a verb that found everything as it was asked for',
      recordWith({
        command: 'pause',
        outcome: 'done',
        reason: 'nothing_to_change',
        detail: 'it is paused already',
      }),
      'Changed nothing of radiology-v1 2.0.0 at 25%: it is paused already.',
    ],
  ];

  it.each(said)('%s', (_what, record, sentence) => {
    expect(sentenceFor(record)).toBe(sentence);
  });

  it('of a failed rollback is whole and says what to do, however long the names are', () => {
    for (const reason of ['rollback_refused', 'rollback_unconfirmed', 'no_rollback_target'] as const) {
      for (const length of [1, 8, 20, 40, 48, 80]) {
        const text = 'v'.repeat(length);
        const names = {
          model: text,
          version: text,
          group: text,
          previousVersion: text,
          restoredVersion: text,
        };
        const stillServing = `${text} may still serve up to 25% of the devices (31 of 124)`;
        const sentence = sentenceFor({ ...ROLLBACK_FAILED, ...names, stillServing, reason, detail: REFUSED });
        expect(sentence).toMatch(/; roll back by hand with command: rollback\.$/);
        expect(sentence).not.toContain('POST');
      }
    }
  });

  it('names the gate that proved harm, not another one that fails', () => {
    const looks = ROLLED_BACK.looks.map((look) => ({
      ...look,
      verdicts: look.verdicts
        .map((each) => (each.gate.kind === 'adoption' ? { ...each, verdict: 'fail' as const } : each))
        .toReversed(),
    }));
    expect(sentenceFor({ ...ROLLED_BACK, looks })).toContain('error rate 19.8%');
  });

  it('names the look that decided, not a healthy one after it', () => {
    const later = lookAt({ minute: 24, stageIndex: 1, enteredMinute: 15 });
    expect(sentenceFor({ ...ROLLED_BACK, looks: [...ROLLED_BACK.looks, later] })).toContain(
      'error rate 19.8%',
    );
  });

  it.each(OUTCOMES)('of %s is whole and names model and version for every reason', (outcome) => {
    for (const reason of reasons) {
      for (const command of ['run', 'plan', 'status', 'rollback', 'pause', 'set'] as const) {
        const sentence = sentenceFor(recordWith({ command, outcome, reason }));
        expectSentence(sentence);
        expect(sentence).toContain('radiology-v1 2.0.0');
      }
    }
  });

  it.each(OUTCOMES)('of %s is whole when nothing is known, and when numbers are none', (outcome) => {
    const nothing = { model: null, version: null, previousVersion: null, percentage: null, plan: null };
    const impossible = { percentage: Number.NaN, nextLookAt: Number.NaN };
    for (const reason of reasons) {
      expectSentence(sentenceFor(recordWith({ ...nothing, outcome, reason })));
      expectSentence(sentenceFor(recordWith({ ...impossible, outcome, reason })));
    }
  });

  it.each(Object.entries(HOSTILE_TEXTS))('stays one safe line around %s', (_what, text) => {
    const names = { model: text, version: text, group: text, previousVersion: text, stillServing: text };
    for (const outcome of OUTCOMES) {
      const sentence = sentenceFor(recordWith({ ...names, outcome, reason: 'api_refused', detail: text }));
      expect(sentence).not.toMatch(/::|##\[|[\p{Cc}\p{Cf}]/u);
      expect(sentence.length).toBeLessThanOrEqual(MAX_SENTENCE_CHARS);
    }
  });
});
