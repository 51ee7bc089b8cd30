/** Where the numbers of a gate come from, as a plan says it. Types only. */

/** Every place that a series can come from. Hosts and secrets are inputs of the workflow, never of a plan (INV-12). */
export const SOURCE_NAMES = ['octomil', 'prometheus', 'datadog', 'http-json', 'file'] as const;

/** The name of a place that a series comes from. */
export type SourceName = (typeof SOURCE_NAMES)[number];

/** What a bare value is measured in. */
export type ValueUnit = 'ratio' | 'percent' | 'ms' | 's' | 'number';

/**
 * What is asked for one version and one window. Each text is what the source understands: a query, a JSON
 * pointer, or a column. Null is not asked.
 *
 * `counts`: events of trials. `mean`: a bounded mean in 0..1 and the number of answers that it is of. `buckets`:
 * a cumulative histogram of how long requests took. `value`: a number that does not say how sure it is.
 */
export type SeriesShape =
  | {
      readonly kind: 'counts';
      readonly events: string;
      readonly trials: string;
      readonly devices: string | null;
      readonly devicesWithEvents: string | null;
    }
  | { readonly kind: 'mean'; readonly mean: string; readonly n: string; readonly devices: string | null }
  | {
      readonly kind: 'buckets';
      readonly buckets: string;
      readonly unit: 'ms' | 's';
      readonly devices: string | null;
    }
  | {
      readonly kind: 'value';
      readonly value: string;
      readonly unit: ValueUnit;
      readonly devices: string | null;
    };

/** How one gate is measured. */
export type Series =
  | { readonly source: 'prometheus' | 'datadog'; readonly shape: SeriesShape }
  | {
      readonly source: 'http-json';
      readonly method: 'GET' | 'POST';
      /** Path and query below the `health-url` input, with placeholders; starts with one slash. */
      readonly path: string;
      /** The JSON text to send, with placeholders; null for GET. */
      readonly body: string | null;
      readonly shape: SeriesShape;
    }
  | {
      readonly source: 'file';
      /** A `.jsonl`, `.ndjson` or `.csv` file of the workspace, relative to it. */
      readonly path: string;
      readonly shape: SeriesShape;
    };
