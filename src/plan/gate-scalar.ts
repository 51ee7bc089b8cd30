/** The kinds of single values that only gates have: limits that can hold and be broken, and margins. Pure. */

import { formatCount, formatRatio } from '../core/format.ts';
import { cleanTrialsToProve } from '../core/statistics/clean-trials.ts';
import { testableLimit } from '../core/statistics/limit-test.ts';
import type { DurationMs, Ratio } from '../core/units.ts';
import { LATENCY_PATTERN, latencyHint, parseLatency } from './latency.ts';
import { parsePercent, percentHint } from './percent.ts';
import { whatLimitsTake } from './provable.ts';
import { type Scalar, scalar } from './scalar.ts';

// Above 0% and below 100%, in the notation of every rate.
const BETWEEN_PATTERN = '^(?!0+(\\.0+)?%$)0?[0-9]{1,2}(\\.[0-9]{1,6})?%$';

const USUAL_LIMIT: Ratio = 0.05;
const STRICT_LIMIT: Ratio = 0.001;

/**
 * Returns the kind of a rate that may be exceeded and can be kept: 0.0001% to below 100%; its value is a ratio.
 *
 * Nobody can show that something never happens, and nothing exceeds 100%. `unit` is what the rate counts.
 */
export function limitRate(unit: 'requests' | 'devices'): Scalar<Ratio> {
  const least = testableLimit(0);
  const range = `${formatRatio(least)} to below 100%`;
  const meta = { typeName: 'rate', range, type: 'string', pattern: BETWEEN_PATTERN } as const;
  const expected = 'a rate with a % such as 5% or 0.5%';
  return scalar(meta, expected, (text) => {
    const percent = parsePercent(text);
    if (percent === null) return { expected, hint: percentHint(text) };
    if (percent / 100 >= least && percent < 100) return { value: percent / 100 };
    const hint =
      percent < 100
        ? `${text} can never be shown to hold; ${whatLimitsTake(unit, [USUAL_LIMIT, STRICT_LIMIT])}.`
        : 'Nothing can break it; write none to switch the gate off.';
    return { expected: `a rate from ${range}`, hint };
  });
}

/** Returns the kind of a least mean quality: above 0% and below 100%; its value is a ratio. */
export function leastQuality(): Scalar<Ratio> {
  const range = 'above 0% and below 100%';
  const meta = { typeName: 'rate', range, type: 'string', pattern: BETWEEN_PATTERN } as const;
  const expected = 'a rate with a % such as 90%';
  return scalar(meta, expected, (text) => {
    const percent = parsePercent(text);
    if (percent === null) return { expected, hint: percentHint(text) };
    if (percent > 0 && percent < 100) return { value: percent / 100 };
    const hint =
      percent === 0
        ? 'Every quality is at least 0%; write none to switch the gate off.'
        : `A mean of ${text} can never be shown to be reached, however many answers there are.`;
    return { expected: `a rate ${range}`, hint };
  });
}

const MARGIN_PATTERN = '^[0-9]{1,4}(\\.[0-9]{1,6})?%$';
const MARGIN = new RegExp(MARGIN_PATTERN);
const MOST_MARGIN: Ratio = 10;

/** Returns the kind of a margin over the baseline: 0% to 1000%; its value is a ratio. */
export function margin(): Scalar<Ratio> {
  const range = `0% to ${formatRatio(MOST_MARGIN)}`;
  const meta = { typeName: 'margin', range, type: 'string', pattern: MARGIN_PATTERN } as const;
  const expected = 'a margin with a % such as 25%';
  return scalar(meta, expected, (text) => {
    if (/^[-\u{2212}]/u.test(text)) return { expected: '0% or more', hint: WHAT_A_MARGIN_IS };
    if (!MARGIN.test(text)) return { expected, hint: percentHint(text) };
    const ratio = Number(text.slice(0, -1)) / 100;
    return ratio <= MOST_MARGIN ? { value: ratio } : { expected: `a margin from ${range}`, hint: null };
  });
}

const WHAT_A_MARGIN_IS =
  'A margin is how much worse than the baseline is tolerated, as a share of what the baseline does; 0% is no worse.';

/** Returns the kind of a latency from 1 ms to 10 minutes; its value is in milliseconds. */
export function latency(): Scalar<DurationMs> {
  const expected = 'a latency with a unit such as 400ms or 2s';
  const meta = {
    typeName: 'latency',
    range: '1ms to 600s',
    type: 'string',
    pattern: LATENCY_PATTERN,
  } as const;
  return scalar(meta, expected, (text) => {
    const ms = parseLatency(text);
    if (ms === null) return { expected, hint: latencyHint(text) };
    if (ms >= 1 && ms <= 600_000) return { value: ms };
    return { expected: 'a latency from 1ms to 600s', hint: ms === 0 ? zeroLatencyHint(text) : null };
  });
}

/** A p95 limit allows 5% of the requests to be slower, so it takes as many as an error rate of 5%. */
function zeroLatencyHint(text: string): string {
  const requests = formatCount(cleanTrialsToProve(USUAL_LIMIT));
  return `${text} can never be shown to hold, as every request is slower; a limit of the p95 takes ${requests} requests within it.`;
}
