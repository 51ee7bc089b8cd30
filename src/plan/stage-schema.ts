/** One stage of a plan: which keys it has and what each takes. Pure. */
import { z } from 'zod';
import { DAY_MS } from '../core/units.ts';
import { gates } from './gate-schema.ts';
import { key, mapOf } from './key.ts';
import { choice, count, duration, percentage, plainText } from './scalar.ts';

const MONTH_MS = 30 * DAY_MS;

/** When a stage passes, the default first. */
export const PASS_WHEN = ['not_failed', 'proven'] as const;

/** A stage written in full. */
export const stageMap = mapOf('a map with percentage and other keys of a stage', {
  percentage: key(percentage(), {
    description:
      'The share of the fleet; more than in the stage before. A first 0% is a shadow stage, the last is the target.',
    required: true,
    example: '10%',
  }),
  name: key(plainText(), {
    description: 'How the stage is called in logs and reports; no two are the same.',
    otherwise: 'the percentage',
    example: 'smoke',
  }),
  soak: key(duration(0, MONTH_MS), {
    description:
      'Time in this stage from its entry on; half of it where the evidence proves the next stage safe. Not in the last stage, which bakes.',
    otherwise: "the plan's `soak`",
    example: '15m',
  }),
  warmup: key(duration(0, MONTH_MS), {
    description:
      'Time after the entry before which evidence does not pass the stage; proven harm acts at once.',
    otherwise: "the plan's `warmup`",
    example: '2m',
  }),
  min_samples: key(count('auto'), {
    description:
      'Trials that a gate needs before it can pass. `auto`: one where the stage soaks; where it has no soak, as many as prove its limit.',
    otherwise: "the plan's `min_samples`",
    example: '500',
  }),
  pass_when: key(choice(PASS_WHEN), {
    description:
      'When the stage passes: at the end of its soak unless something speaks against it, or only when its gates are proven safe for the next stage.',
    otherwise: "the plan's `pass_when`",
    example: 'proven',
  }),
  min_devices: key(count(), {
    description: 'Devices that must run the version before the stage can end, where the API can count them.',
    otherwise: "the plan's `min_devices`",
    example: '3',
  }),
  max_devices: key(count(), {
    description:
      'Ceiling on the devices that the stage may reach; a larger fleet is refused before it starts.',
    otherwise: 'no ceiling',
    example: '50',
  }),
  max_wait: key(duration(0, MONTH_MS), {
    description: 'Time beyond the soak that may pass while evidence is missing; then `on_deadline`.',
    otherwise: "the plan's `max_wait`",
    example: '2h',
  }),
  gates: key(gates, {
    description: "Gates of this stage; each adds to the plan's or replaces what it names of them.",
    otherwise: "the plan's `gates`",
    example: '{ latency_p95: 900ms }',
  }),
});

/** A stage: only its percentage, or a map. */
export const stage = z.union([percentage().transform((percent) => ({ percentage: percent })), stageMap], {
  error: () => 'a percentage such as 5%, or a map with percentage and other keys of a stage',
});

/** What a plan says about one stage; `percentage` may be missing only until that is reported. */
export type StageValue = z.output<typeof stageMap>;
