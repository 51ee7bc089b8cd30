/** What the samples of a query say: one number, or the buckets of a histogram. Pure. */
import { boundIn, inOrder } from '../cumulative-buckets.ts';
import type { Bucket, LeafAnswer } from '../series-source.ts';
import type { Sample } from './query-answer.ts';

const SHOWN_SERIES = 3;
const NOTHING = 'the query found no series';

/**
 * Returns the one number of a query.
 *
 * No series is `none`. Several series, NaN, an infinity and a native histogram are `error`: each of them would
 * have to be guessed at.
 */
export function numberIn(samples: readonly Sample[]): LeafAnswer {
  const [sample] = samples;
  if (sample === undefined) return { kind: 'none', why: NOTHING };
  if (samples.length > 1) {
    return error(
      `the query found ${samples.length} series where one is expected: ${shownSeries(samples)}; ` +
        'wrap it in sum(…), or select one of them',
    );
  }
  const value = finite(sample);
  return typeof value === 'string' ? error(value) : { kind: 'number', value };
}

/**
 * Returns the cumulative buckets of a classic histogram, ascending, the last one `Infinity`.
 *
 * Errors: a series without `le`, two with the same one (several histograms), counts that fall by more than
 * rounding, no `+Inf`, and a native histogram.
 */
export function bucketsIn(samples: readonly Sample[]): LeafAnswer {
  if (samples.length === 0) return { kind: 'none', why: NOTHING };
  const found: Bucket[] = [];
  for (const sample of samples) {
    const upTo = boundIn(sample.labels['le']);
    if (upTo === undefined) {
      return error(
        `a series has no bucket bound: ${shownSeries([sample])}; write sum by (le) (increase(…_bucket[{{window}}]))`,
      );
    }
    const count = finite(sample);
    if (typeof count === 'string') return error(count);
    found.push({ upTo, count });
  }
  return inOrder(found, 'wrap the query in sum by (le) (…)');
}

function finite({ value }: Sample): number | string {
  if (value === null) {
    return 'the query gives a native histogram, which is not supported; use histogram_count(…) or classic buckets';
  }
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (Number.isFinite(number)) return number;
  if (value === 'NaN')
    return 'the query gives NaN, which is what 0/0 gives; ask for the counts instead of a ratio';
  return `the query gives "${value}" where a finite number is expected`;
}

function shownSeries(samples: readonly Sample[]): string {
  const shown = samples.slice(0, SHOWN_SERIES).map(({ labels }) => {
    const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
    return `{${pairs.join(', ')}}`;
  });
  return `${shown.join(', ')}${samples.length > SHOWN_SERIES ? ', …' : ''}`;
}

function error(why: string): LeafAnswer {
  return { kind: 'error', why };
}
