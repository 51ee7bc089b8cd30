import { describe, expect, it } from 'vitest';
import { harmBegins, type Onset } from '../../../src/simulation/harm.ts';

const ENTERED = [
  { percentage: 0, at: 1_000 },
  { percentage: 5, at: 2_000 },
  { percentage: 30, at: 3_000 },
];

const rows: readonly { title: string; onset: Onset; entered?: typeof ENTERED; gives: number | null }[] = [
  { title: 'a harm of its own from the start', onset: { kind: 'always' }, gives: 1_000 },
  { title: 'nothing for a rollout that never started', onset: { kind: 'always' }, entered: [], gives: null },
  {
    title: 'the percentage that first reached the limit',
    onset: { kind: 'percentage', percentage: 25, delayMs: 0 },
    gives: 3_000,
  },
  {
    title: 'the time after that percentage',
    onset: { kind: 'percentage', percentage: 5, delayMs: 700 },
    gives: 2_700,
  },
  {
    title: 'nothing below the limit',
    onset: { kind: 'percentage', percentage: 31, delayMs: 0 },
    gives: null,
  },
  {
    title: 'the second percentage that reaches devices, not the shadow stage',
    onset: { kind: 'step', step: 2, delayMs: 50 },
    gives: 3_050,
  },
  { title: 'nothing before that step', onset: { kind: 'step', step: 3, delayMs: 0 }, gives: null },
];

describe('harmBegins', () => {
  it.each(rows)('is $title', ({ onset, entered = ENTERED, gives }) => {
    expect(harmBegins(onset, entered)).toBe(gives);
  });
});
