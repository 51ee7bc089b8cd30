/** Every failed run leaves exactly one annotation, with the numbers that decided. */
import { describe, expect, it } from 'vitest';
import { adviceFor } from '../../../src/core/reason-codes.ts';
import { OUTCOMES, SUCCESSFUL_OUTCOMES } from '../../../src/core/rollout.ts';
import { errorAnnotation } from '../../../src/report/annotation.ts';
import { hostileRecord } from '../../support/hostile-records.ts';
import { HOSTILE_TEXTS } from '../../support/hostile-text.ts';
import { HELD, ROLLBACK_FAILED, ROLLED_BACK, recordWith } from '../../support/run-records.ts';

describe('the annotation', () => {
  it.each(SUCCESSFUL_OUTCOMES)('is not there when the run ends as %s', (outcome) => {
    expect(errorAnnotation(recordWith({ outcome }))).toBeNull();
  });

  it.each(OUTCOMES.filter((outcome) => !SUCCESSFUL_OUTCOMES.includes(outcome)))(
    'of %s has a title, the sentence and the advice',
    (outcome) => {
      const annotation = errorAnnotation(recordWith({ outcome, reason: 'job_time_over' }));
      expect(annotation?.title).toMatch(/^[A-Z][a-z' ]+$/);
      expect(annotation?.message).toContain('radiology-v1 2.0.0');
      expect(annotation?.message.endsWith(adviceFor('job_time_over'))).toBe(true);
    },
  );

  it('names the broken gate with its numbers, also when the rollback failed', () => {
    const numbers = /error rate 19\.8% .*97 of 490 requests, 31 of 31 devices/;
    expect(errorAnnotation(ROLLED_BACK)?.message).toMatch(numbers);
    expect(errorAnnotation(ROLLBACK_FAILED)?.message).toMatch(numbers);
  });

  it('says each fact once', () => {
    expect(errorAnnotation(HELD)?.message.split('no request of this version')).toHaveLength(2);
    expect(errorAnnotation(ROLLED_BACK)?.message.split('97 of 490')).toHaveLength(2);
  });

  it('names every problem of a plan, not only the first', () => {
    const detail = 'rollout.yml:4:10: soak: got 5\nrollout.yml:6:1: gatez: unknown key';
    const message = errorAnnotation(
      recordWith({ outcome: 'invalid_plan', reason: 'invalid_plan', detail }),
    )?.message;
    expect(message).toContain('gatez: unknown key');
  });

  it.each(Object.entries(HOSTILE_TEXTS))('is no command and not too long with %s', (_what, text) => {
    const { title, message } = errorAnnotation(hostileRecord(text)) ?? { title: '', message: '' };
    expect(title).toBe('Rollout stopped by an error');
    expect(message.length).toBeLessThanOrEqual(4_096);
    expect(message).not.toMatch(/::|##\[|[\p{Cf}\r]/u);
  });
});
