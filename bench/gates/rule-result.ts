/** What a rule did in all runs of a cell. Pure. */
import type { Cell, Minutes, RuleName } from './cell.ts';
import type { Outcome } from './outcome.ts';
import { quantile, wilsonInterval } from './wilson.ts';

/** What a rule did in all runs of a cell. */
export interface RuleResult {
  readonly rule: RuleName;
  readonly runs: number;
  /** Rollouts rolled back; before the fault began in a cell with one, they are false. */
  readonly rolledBack: number;
  readonly held: number;
  /** Rolled back though nothing was wrong with the candidate yet. */
  readonly falsely: { readonly count: number; readonly lower: number; readonly upper: number };
  /** Rolled back after the fault began; null in a healthy cell. */
  readonly caught: number | null;
  /** From the fault's begin in a rollout to its rollback. */
  readonly detection: { readonly median: Minutes; readonly p95: Minutes } | null;
  /** Mean number of bad events that a healthy candidate would not have had; null in a healthy cell. */
  readonly excess: number | null;
  /** Of the completed rollouts; null without any. */
  readonly completion: { readonly median: Minutes; readonly p95: Minutes } | null;
}

/** A cell and what its rules did. */
export interface CellResult {
  readonly section: string;
  readonly name: string;
  readonly results: readonly RuleResult[];
}

/** Returns what a rule did, from the outcomes of all runs. */
export function ruleResult(cell: Cell, rule: RuleName, outcomes: readonly Outcome[]): RuleResult {
  const rolledBack = outcomes.filter(({ ended }) => ended === 'rolled-back');
  const after = rolledBack.filter(({ faultAt }) => faultAt !== null);
  const falsely = rolledBack.length - after.length;
  const runs = outcomes.length;
  return {
    rule,
    runs,
    rolledBack: rolledBack.length,
    held: outcomes.filter(({ ended }) => ended === 'held').length,
    falsely: { count: falsely, ...wilsonInterval(falsely, runs) },
    caught: cell.fault === null ? null : after.length,
    detection: middleAndEnd(after.map(({ at, faultAt }) => at - (faultAt ?? 0))),
    excess:
      cell.fault === null ? null : toHundredths(outcomes.reduce((sum, { excess }) => sum + excess, 0) / runs),
    completion: middleAndEnd(outcomes.filter(({ ended }) => ended === 'completed').map(({ at }) => at)),
  };
}

function middleAndEnd(minutes: readonly Minutes[]): RuleResult['completion'] {
  const sorted = minutes.toSorted((a, b) => a - b);
  const median = quantile(sorted, 0.5);
  const p95 = quantile(sorted, 0.95);
  return median === null || p95 === null ? null : { median, p95 };
}

// Versions of Node differ in the last digits of exp and log.
function toHundredths(value: number): number {
  return Math.round(100 * value) / 100;
}
