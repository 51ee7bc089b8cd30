/** Where a plan may write the placeholder `{{by}}`, and where `segments` need it. Pure. */
import type { Plan } from '../core/plan.ts';
import { placeholdersIn } from '../core/series-placeholders.ts';
import type { Finding } from './findings.ts';
import type { Path } from './position.ts';
import { leavesOf } from './series.ts';
import type { SeriesValue } from './series-schema.ts';

/** Only evidence is weighed with these, so a series can be split without them. */
const WEIGHTS: readonly string[] = ['devices', 'devices_with_events'];

/** Returns the texts with `{{by}}` that no source can group by. */
export function strayGrouping(value: SeriesValue, path: Path): readonly Finding[] {
  if (value.source === undefined || value.source === 'prometheus') return [];
  const { source } = value;
  return Object.entries(value)
    .filter(([, text]) => typeof text === 'string' && groups(text))
    .map(([name]) => ({
      path: [...path, name],
      expected: `no {{by}} beside source: ${source}`,
      hint: 'It stands for the label that a query of Prometheus groups by; no other source is split by it.',
    }));
}

/** Returns the series that `segments` are asked of and that nothing splits: they are judged as a whole only. */
export function warnOfUnsplit({ metrics, segments }: Pick<Plan, 'metrics' | 'segments'>): readonly Finding[] {
  if (segments === null) return [];
  return Object.entries(metrics).flatMap(([name, { source, shape }]) => {
    // A bare value does not say how sure it is, so it is never weighed for a part.
    if (source !== 'prometheus' || shape.kind === 'value') return [];
    const whole = leavesOf(shape).find(([key, text]) => !WEIGHTS.includes(key) && !groups(text));
    if (whole === undefined) return [];
    const grouped = shape.kind === 'buckets' ? 'sum by (le, {{by}}) (…)' : 'sum by ({{by}}) (…)';
    return [
      {
        path: ['metrics', name, whole[0]],
        got: `a query of ${name} beside segments that does not group by {{by}}`,
        expected: `${grouped} in it`,
        hint: 'Without it this gate is judged for the whole fleet only.',
      },
    ];
  });
}

function groups(text: string): boolean {
  return placeholdersIn(text).includes('by');
}
