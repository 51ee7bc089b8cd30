/** The gates of a plan or a stage: which keys there are and what each takes. Pure. */
import { z } from 'zod';
import { key, mapOf } from './key.ts';
import { choice, latency, orNone, rate, type Scalar, yesOrNo } from './scalar.ts';

const max = (limit: Scalar<number>, otherwise: string, example: string) =>
  key(limit, {
    description: 'The most that passes; more, with enough evidence, is proven harm.',
    otherwise,
    example,
  });

const severity = key(choice(['critical', 'hold', 'warn']), {
  description:
    'What a failing gate does: `critical` triggers `on_fail`, `hold` blocks advancing, `warn` only reports.',
  otherwise: "`critical`; in a stage the plan's",
  example: 'hold',
});

const shadow = key(yesOrNo(), {
  description: 'Whether the series measures mirrored traffic, so that it can be judged at 0%.',
  otherwise: "`false`; in a stage the plan's",
  example: 'true',
});

/** A gate of a rate, written in full. */
export const rateGateMap = mapOf('a map with max, severity and shadow', {
  max: max(rate(), "the gate's default, where it has one; in a stage the plan's", '5%'),
  severity,
  shadow,
});

/** A gate of a latency, written in full. */
export const latencyGateMap = mapOf('a map with max, severity and shadow', {
  max: max(latency(), "required; in a stage the plan's", '400ms'),
  severity,
  shadow,
});

/** The adoption gate, written in full. Low adoption is no harm, so it can never be critical. */
export const adoptionGateMap = mapOf('a map with min and severity', {
  min: key(rate(), {
    description: 'The least share of the assigned and reachable devices that must run the version.',
    otherwise: "90%; in a stage the plan's",
    example: '95%',
  }),
  severity: key(choice(['hold', 'warn']), {
    description: 'What low adoption does: `hold` blocks advancing, `warn` only reports. It is never harm.',
    otherwise: "`hold`; in a stage the plan's",
    example: 'warn',
  }),
});

const rateGate = z.union([limitOrNone(rate()), rateGateMap], {
  error: () => 'a rate such as 5%, the word none, or a map with max, severity and shadow',
});

const latencyGate = z.union([limitOrNone(latency()), latencyGateMap], {
  error: () => 'a latency such as 400ms, the word none, or a map with max, severity and shadow',
});

const adoptionGate = z.union([leastOrNone(rate()), adoptionGateMap], {
  error: () => 'a rate such as 90%, the word none, or a map with min and severity',
});

function limitOrNone(limit: Scalar<number>) {
  return orNone(limit).transform((most): z.output<typeof rateGateMap> | 'none' =>
    most === 'none' ? most : { max: most },
  );
}

function leastOrNone(share: Scalar<number>) {
  return orNone(share).transform((least): z.output<typeof adoptionGateMap> | 'none' =>
    least === 'none' ? least : { min: least },
  );
}

/** All gates of one place, by name. */
export const gatesMap = mapOf('a map of gates', {
  error_rate: key(rateGate, {
    description: 'Failed requests of all requests.',
    default: '5%',
    example: '2%',
  }),
  crash_rate: key(rateGate, {
    description: 'Devices that crashed of the devices active.',
    default: '1%',
    example: '{ max: 0.5%, severity: critical }',
  }),
  memory_rate: key(rateGate, {
    description: 'Devices out of memory of the devices active.',
    default: 'none',
    example: '2%',
  }),
  latency_p50: key(latencyGate, {
    description: 'At most 50% of the requests may take longer.',
    default: 'none',
    example: '120ms',
  }),
  latency_p95: key(latencyGate, {
    description: 'At most 5% of the requests may take longer.',
    default: 'none',
    example: '{ max: 400ms, severity: hold }',
  }),
  latency_p99: key(latencyGate, {
    description: 'At most 1% of the requests may take longer.',
    default: 'none',
    example: '2s',
  }),
  adoption: key(adoptionGate, {
    description: 'Devices that run the version, of the devices assigned and reachable.',
    default: '90%',
    example: '{ min: 95%, severity: hold }',
  }),
});

const EITHER = 'a map of gates, or the word none';

/** The gates of a plan or a stage: a map, or the word `none`. */
export const gates = z.union([choice(['none'], EITHER), gatesMap], { error: () => EITHER });

/** What a plan or a stage says about its gates. */
export type GatesValue = z.output<typeof gates>;
