/** What one cell of the bench is: a fleet, a plan, what goes wrong, and the rules that judge it. Types only. */
import type { Ratio } from '../../src/core/units.ts';

/** Minutes since the rollout began, or a number of them. */
export type Minutes = number;

/** The stages that a rollout passes through. */
export interface BenchPlan {
  /** Shares of the fleet, rising to 1. */
  readonly shares: readonly Ratio[];
  /** How long each stage lasts. */
  readonly soaks: readonly Minutes[];
  /** Time between two looks; 1 or a multiple of 5. */
  readonly poll: Minutes;
  /** Until when harm is counted. */
  readonly horizon: Minutes;
  /** Whether a stage may end after half its soak once it is proven safe. */
  readonly early: boolean;
}

/** What is wrong with the candidate. */
export interface Fault {
  readonly kind: 'errors' | 'crashes' | 'latency';
  /** How many times as many, or as long. */
  readonly factor: number;
  /** When it begins. */
  readonly onset: Minutes;
  /** The share of the fleet from which on it shows. */
  readonly fromShare: Ratio;
}

/** The rules of the bench, by the names that the tables carry. */
export const RULE_NAMES = [
  'argo',
  'flagger',
  'aws',
  'mann-whitney',
  'z-peek',
  'confidence-sequence',
  'ours',
  'ours-level-1',
  'ours-no-devices',
  'ours-no-restarts',
] as const;

/** One of the rules. */
export type RuleName = (typeof RULE_NAMES)[number];

/** What the gate rule has to keep in a cell; the command fails where it does not. */
export interface CellPromise {
  /** The upper end of Wilson's interval of rollouts rolled back stays at or below this. */
  readonly maxFalse?: Ratio;
  readonly minCaught?: Ratio;
  readonly maxMedian?: Minutes;
}

/** One cell. */
export interface Cell {
  readonly section: string;
  readonly name: string;
  readonly devices: number;
  /** Coefficient of variation of the devices' error and crash rates: 0, 1 or 2. */
  readonly spread: number;
  readonly plan: BenchPlan;
  /** Errors that come together on one device, on average; 1 is none. */
  readonly burst: number;
  /** How many times as many errors both versions make for 50 minutes of the third stage; 1 is none. */
  readonly incident: number;
  readonly fault: Fault | null;
  readonly runs: number;
  /** How many of the runs, the first ones, the variants of the gate rule judge too. */
  readonly sideRuns: number;
  readonly rules: readonly RuleName[];
  readonly promise: CellPromise;
}
