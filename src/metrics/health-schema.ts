/** The shape of a health answer on the wire. Pure. */
import { z } from 'zod';
import type { EpochMs } from '../core/units.ts';

const amount = z.number({ error: 'expected a finite number of at least 0' }).min(0, {
  error: 'expected a finite number of at least 0',
});
const share = amount.max(1, { error: 'expected a share from 0 to 1' });
const id = z.union([z.string().min(1), z.number().int().transform(String)], { error: 'expected an id' });
const instant = z.iso
  .datetime({ offset: true, error: 'expected a time in ISO 8601 with its offset' })
  .transform((text): EpochMs => Date.parse(text));

const armSchema = z.looseObject(
  {
    version: id,
    role: z.string().nullish(),
    devices: z
      .looseObject({
        assigned: amount.nullish(),
        active: amount.nullish(),
        reachable: amount.nullish(),
        crashed: amount.nullish(),
        out_of_memory: amount.nullish(),
      })
      .nullish(),
    requests: z
      .looseObject({
        total: amount.nullish(),
        failed: amount.nullish(),
        failure_rate: share.nullish(),
        devices_with_failures: amount.nullish(),
      })
      .nullish(),
    latency_ms: z
      .looseObject({
        buckets: z
          .array(
            z.looseObject({
              le: z.union([amount, z.null()], {
                error: 'expected a number of milliseconds, or null for the last',
              }),
              count: amount,
            }),
          )
          .nullish(),
        p50: amount.nullish(),
        p95: amount.nullish(),
        p99: amount.nullish(),
      })
      .nullish(),
    quality: z
      .looseObject({ sum: amount.nullish(), count: amount.nullish(), mean: share.nullish() })
      .nullish(),
  },
  { error: 'expected an object for each version' },
);

// More parts than this share the confidence so thinly that none of them could ever prove anything.
const MAX_SEGMENTS = 200;
const MAX_VALUE_CHARS = 100;

/** The answer to a question for health: unknown fields are ignored, nothing is told twice. */
export const answerSchema = z.looseObject(
  {
    rollout_id: id.nullish(),
    window: z.looseObject(
      {
        from: instant.nullish(),
        to: instant.nullish(),
        covered_from: instant.nullish(),
        covered_to: instant.nullish(),
      },
      { error: 'expected the window that was covered' },
    ),
    versions: z.array(armSchema, { error: 'expected a list of versions' }),
    segments: z
      .array(
        z.looseObject(
          {
            by: z.string().min(1),
            value: z.string().max(MAX_VALUE_CHARS),
            versions: z.array(armSchema, { error: 'expected a list of versions' }),
          },
          { error: 'expected an object for each segment' },
        ),
      )
      .max(MAX_SEGMENTS, { error: `expected at most ${MAX_SEGMENTS} segments` })
      .nullish(),
  },
  { error: 'expected a JSON object' },
);

/** One version of an answer. */
export type ArmShape = z.output<typeof armSchema>;
