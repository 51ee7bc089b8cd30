import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/plan/digest.ts';
import { expandText } from '../../support/plan-lines.ts';

describe('the digest of a plan', () => {
  const digest = (text: string, devices: number | null = null) => expandText(text, devices).digest;

  it('is the same for two texts that decide the same', () => {
    expect(digest('soak: 1h\nstages: [5%, 100%]')).toBe(
      digest('# why\nstages:\n- { percentage: 5%, soak: 60m }\n- 100%'),
    );
    expect(digest('preset: standard')).toMatch(/^[0-9a-f]{12}$/);
  });

  it.each([
    'stages: [6%, 100%]',
    'stages: [5%, 100%]\nsoak: 61m',
    'stages: [5%, 100%]\ngates: { error_rate: 4% }',
    'stages: [5%, 100%]\ngates: { error_rate: { severity: hold } }',
    'stages: [5%, 100%]\ngates: { error_rate: { baseline: none } }',
    'stages: [5%, 100%]\ngates: { error_rate: { margin: 1% } }',
    'stages: [5%, 100%]\ngates: { latency_p95: { baseline: current } }',
    'stages: [5%, 100%]\ngates: { quality: 90% }',
    'stages: [5%, 100%]\ngates: { assignment: none }',
    'stages: [5%, 100%]\ngates: { assignment: { severity: warn } }',
    'stages: [5%, 100%]\npass_when: proven',
    'stages: [{ percentage: 5%, pass_when: proven }, 100%]',
    'stages: [5%, 100%]\ndesign_effect: 3.5',
    'stages: [5%, 100%]\non_fail: pause',
    'stages: [5%, 100%]\nrollback: { to: 1.0.0 }',
    'stages: [{ percentage: 5%, name: smoke }, 100%]',
  ])('differs when a decision differs: %j', (text) => {
    expect(digest(text)).not.toBe(digest('stages: [5%, 100%]'));
  });

  it.each([
    'gates: { error_rate: { baseline: current, margin: 0% }, memory_rate: none }',
    'gates: { assignment: { severity: hold }, quality: none }',
    'pass_when: not_failed\ndesign_effect: 3.0',
  ])('is the same for a default that is written out: %j', (text) => {
    expect(digest(`stages: [5%, 100%]\n${text}`)).toBe(digest('stages: [5%, 100%]'));
  });

  it('does not depend on the order of keys', () => {
    const { digest: known, ...plan } = expandText('stages: [5%, 100%]');
    const reversed = Object.fromEntries(Object.entries(plan).toReversed()) as typeof plan;
    expect(digestOf(reversed)).toBe(known);
  });

  it('follows the fleet where the fleet changes the stages', () => {
    expect(digest('preset: standard', 124)).not.toBe(digest('preset: standard', 10_000));
    expect(digest('preset: standard', 9_000)).toBe(digest('preset: standard', 10_000));
  });
});
