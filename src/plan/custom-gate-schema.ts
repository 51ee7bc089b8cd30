/** A gate that is not in the catalogue: the author names it and says where its numbers come from. Pure. */
import { z } from 'zod';
import { rateMargin, severity, shadow } from './gate-keys.ts';
import { key, mapOf } from './key.ts';
import { latencyHint, parseLatency } from './latency.ts';
import { parsePercent } from './percent.ts';
import { choice, orNone, type Scalar, scalar } from './scalar.ts';

/** A limit in one of the units that a series can have. */
export interface AnyLimit {
  readonly unit: 'ratio' | 'ms' | 'number';
  readonly value: number;
}

const LIMIT_PATTERN = '^-?[0-9]{1,9}(\\.[0-9]{1,6})?(%|ms|s)?$';
const NUMBER = /^-?[0-9]{1,9}(\.[0-9]{1,6})?$/;

/** Returns the kind of a limit whose unit is that of the series: a rate, a time, or a plain number. */
function anyLimit(): Scalar<AnyLimit> {
  const expected =
    'a limit in the unit of its series: a rate such as 3%, a time such as 400ms or 2s, or a number';
  const meta = {
    typeName: 'rate, time or number',
    range: null,
    type: ['string', 'number'],
    pattern: LIMIT_PATTERN,
  } as const;
  return scalar<AnyLimit>(meta, expected, (text) => {
    const percent = parsePercent(text);
    if (percent !== null) return { value: { unit: 'ratio', value: percent / 100 } };
    const ms = parseLatency(text);
    if (ms !== null) return { value: { unit: 'ms', value: ms } };
    return NUMBER.test(text)
      ? { value: { unit: 'number', value: Number(text) } }
      : { expected, hint: latencyHint(text) };
  });
}

/** A gate of the author's, written in full. */
export const customGateMap = mapOf('a map with max or min, baseline, margin, severity and shadow', {
  max: key(anyLimit(), {
    description: 'The most that passes; either this or `min`.',
    otherwise: "required without `min`; in a stage the plan's",
    example: '3%',
  }),
  min: key(anyLimit(), {
    description: 'The least that passes; either this or `max`.',
    otherwise: "required without `max`; in a stage the plan's",
    example: '90%',
  }),
  baseline: key(choice(['current', 'none']), {
    description:
      'What counts are compared with beside their limit: `current`, the version that it replaces, over the same window, or nothing.',
    otherwise: "`none`; in a stage the plan's",
    example: 'current',
  }),
  margin: rateMargin,
  severity,
  shadow,
});

/** What a plan or a stage says about a gate of the author's. */
export type CustomGateValue = z.output<typeof customGateMap>;

const LIMIT_OR_MAP = 'a limit such as 3%, 400ms or 12, the word none, or a map with max or min';

/** A gate of the author's: the most that passes, a map, or the word `none`. */
export const customGate = z.union(
  [
    orNone(anyLimit()).transform((most): CustomGateValue | 'none' =>
      most === 'none' ? most : { max: most },
    ),
    customGateMap,
  ],
  { error: () => LIMIT_OR_MAP },
);

const NAME = /^[a-z][a-z0-9_]{1,40}$/;

/** Returns whether a text can name a gate of the author's. */
export function canNameGate(text: string): boolean {
  return NAME.test(text);
}
