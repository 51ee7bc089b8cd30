/** Units of the core. Plain numbers whose unit is carried by the type's name. Pure. */

/** Milliseconds since 1970-01-01T00:00:00Z, in the server's time where the server tells it. */
export type EpochMs = number;

/** A length of time in milliseconds, never negative. */
export type DurationMs = number;

/** A share of a fleet in percent, 0 to 100. */
export type Percent = number;

/** A share of a whole, 0 to 1. */
export type Ratio = number;

/** One second in milliseconds. */
export const SECOND_MS: DurationMs = 1_000;
/** One minute in milliseconds. */
export const MINUTE_MS: DurationMs = 60 * SECOND_MS;
/** One hour in milliseconds. */
export const HOUR_MS: DurationMs = 60 * MINUTE_MS;
/** One day in milliseconds. */
export const DAY_MS: DurationMs = 24 * HOUR_MS;
