/** What the points of a series say about a window: only steps that lie wholly within it count. Pure. */
import type { Window } from '../../core/evidence.ts';
import { type EpochMs, SECOND_MS } from '../../core/units.ts';
import type { LeafAnswer, LeafName } from '../series-source.ts';
import type { Steps } from './points-answer.ts';

/** Whole steps of a window with something measured in each. */
export interface WindowSteps {
  /** From the begin of the first whole step to the end of the last one, measured or not. */
  readonly covered: Window;
  readonly stepMs: number;
  readonly points: readonly { readonly at: EpochMs; readonly value: number }[];
  /** End of the newest step with something measured; null for none. */
  readonly newestAt: EpochMs | null;
}

/**
 * Returns the whole steps of a window, or null where none fits.
 *
 * Datadog widens a window to whole steps, so the first one may hold what happened before the stage (INV-1), and
 * the last one is not over yet.
 */
export function stepsWithin({ stepMs, points }: Steps, window: Window): WindowSteps | null {
  const phase = (points[0]?.at ?? 0) % stepMs;
  const from = Math.ceil((window.from - phase) / stepMs) * stepMs + phase;
  const to = Math.floor((window.to - phase) / stepMs) * stepMs + phase;
  if (to <= from) return null;
  const within = points.flatMap(({ at, value }) =>
    at >= from && at < to && value !== null ? [{ at, value }] : [],
  );
  const last = within.at(-1);
  return {
    covered: { from, to },
    stepMs,
    points: within,
    newestAt: last === undefined ? null : last.at + stepMs,
  };
}

/**
 * Returns the number of a text over the steps of a window.
 *
 * Counts are added up. Of numbers of devices the largest is taken: those of a step are some of those of the
 * window. A mean is weighted with its number of answers in each step (`weights`); a bare value is the plain mean
 * of the steps. Nothing measured is `none`.
 */
export function numberOver(name: LeafName, steps: WindowSteps, weights: WindowSteps | null): LeafAnswer {
  const values = steps.points.map(({ value }) => value);
  if (values.length === 0)
    return { kind: 'none', why: 'nothing was measured in the whole steps of the window' };
  if (name === 'devices' || name === 'devicesWithEvents') return number(Math.max(...values));
  if (name === 'value') return number(sum(values) / values.length);
  if (name !== 'mean') return number(sum(values));
  const weightAt = new Map(weights?.points.map(({ at, value }) => [at, value]));
  const weight = sum(steps.points.map(({ at }) => weightAt.get(at) ?? 0));
  if (!(weight > 0))
    return { kind: 'none', why: 'the number of answers is not told for any step of the mean' };
  return number(sum(steps.points.map(({ at, value }) => value * (weightAt.get(at) ?? 0))) / weight);
}

/** Returns why two texts of one series cannot be put side by side, or null. */
export function unevenSteps(all: readonly WindowSteps[]): string | null {
  const [first, ...others] = all;
  const odd = others.find(
    ({ stepMs, covered }) => stepMs !== first?.stepMs || covered.from !== first.covered.from,
  );
  if (first === undefined || odd === undefined) return null;
  return (
    `the queries are answered in different steps of time (${first.stepMs / SECOND_MS} s and ` +
    `${odd.stepMs / SECOND_MS} s); give all of them the same .rollup(…)`
  );
}

function number(value: number): LeafAnswer {
  return Number.isFinite(value)
    ? { kind: 'number', value }
    : { kind: 'error', why: 'the points add up to more than a number can hold' };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
