/** The gates of a plan or a stage: which keys there are and what each takes. Pure. */
import { z } from 'zod';
import { type CustomGateValue, customGate } from './custom-gate-schema.ts';
import { rateMargin, severity, shadow } from './gate-keys.ts';
import { latency, leastQuality, limitRate, margin } from './gate-scalar.ts';
import { key, mapOf } from './key.ts';
import { choice, orNone, rate, type Scalar } from './scalar.ts';

const max = (limit: Scalar<number>, otherwise: string, example: string) =>
  key(limit, {
    description: 'The most that passes; more, with enough evidence, is proven harm.',
    otherwise,
    example,
  });

const baseline = (otherwise: string) =>
  key(choice(['current', 'none']), {
    description:
      'What the candidate is compared with beside its limit: `current`, the version that it replaces, over the same window, or nothing.',
    otherwise,
    example: 'current',
  });

const RATE_FORM = 'a map with max, baseline, margin, severity and shadow';

/** A rate is counted in requests or in devices; what cannot be shown is told in the same unit. */
const rateGateMapOf = (unit: 'requests' | 'devices') =>
  mapOf(RATE_FORM, {
    max: max(limitRate(unit), "the gate's default, where it has one; in a stage the plan's", '5%'),
    baseline: baseline("`current`, `none` for `memory_rate`; in a stage the plan's"),
    margin: rateMargin,
    severity,
    shadow,
  });

/** A gate of a rate of requests, written in full. */
export const rateGateMap = rateGateMapOf('requests');

const deviceRateGateMap = rateGateMapOf('devices');

/** A gate of a latency, written in full. */
export const latencyGateMap = mapOf(RATE_FORM, {
  max: max(latency(), "required without `baseline: current`; in a stage the plan's", '400ms'),
  baseline: baseline("`none`; in a stage the plan's"),
  margin: key(margin(), {
    description:
      "How much slower than the baseline's percentile before the rollout is tolerated; only beside `baseline: current`.",
    otherwise: "`10%`; in a stage the plan's",
    example: '20%',
  }),
  severity,
  shadow,
});

/** The quality gate, written in full. */
export const qualityGateMap = mapOf('a map with min, severity and shadow', {
  min: key(leastQuality(), {
    description: 'The least mean quality that passes; less, with enough evidence, is proven harm.',
    otherwise: "required; in a stage the plan's",
    example: '90%',
  }),
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

/** The assignment gate, written in full. A wrong share of devices is no harm, so it can never be critical. */
export const assignmentGateMap = mapOf('a map with severity', {
  severity: key(choice(['hold', 'warn']), {
    description: 'What a wrong share does: `hold` blocks advancing, `warn` only reports. It is never harm.',
    otherwise: "`hold`; in a stage the plan's",
    example: 'warn',
  }),
});

const rateGateOf = (map: typeof rateGateMap, unit: 'requests' | 'devices') =>
  z.union([limitOrNone(limitRate(unit)), map], {
    error: () => `a rate such as 5%, the word none, or ${RATE_FORM}`,
  });

const latencyGate = z.union([limitOrNone(latency()), latencyGateMap], {
  error: () => `a latency such as 400ms, the word none, or ${RATE_FORM}`,
});

const qualityGate = z.union([leastQualityOrNone(), qualityGateMap], {
  error: () => 'a rate such as 90%, the word none, or a map with min, severity and shadow',
});

const adoptionGate = z.union([leastShareOrNone(), adoptionGateMap], {
  error: () => 'a rate such as 90%, the word none, or a map with min and severity',
});

function limitOrNone(limit: Scalar<number>) {
  return orNone(limit).transform((most): z.output<typeof rateGateMap> | 'none' =>
    most === 'none' ? most : { max: most },
  );
}

function leastQualityOrNone() {
  return orNone(leastQuality()).transform((least): z.output<typeof qualityGateMap> | 'none' =>
    least === 'none' ? least : { min: least },
  );
}

function leastShareOrNone() {
  return orNone(rate()).transform((least): z.output<typeof adoptionGateMap> | 'none' =>
    least === 'none' ? least : { min: least },
  );
}

const NONE_OR_SEVERITY = 'the word none, or a map with severity';

const assignmentGate = z.union([choice(['none'], NONE_OR_SEVERITY), assignmentGateMap], {
  error: () => NONE_OR_SEVERITY,
});

/** All gates of one place, by name. */
export const gatesMap = mapOf('a map of gates', {
  error_rate: key(rateGateOf(rateGateMap, 'requests'), {
    description: 'Failed requests of all requests.',
    default: '5%',
    example: '2%',
  }),
  crash_rate: key(rateGateOf(deviceRateGateMap, 'devices'), {
    description: 'Devices that crashed of the devices active.',
    default: '1%',
    example: '{ max: 0.5%, severity: critical }',
  }),
  memory_rate: key(rateGateOf(deviceRateGateMap, 'devices'), {
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
    example: '{ max: 400ms, baseline: current }',
  }),
  latency_p99: key(latencyGate, {
    description: 'At most 1% of the requests may take longer.',
    default: 'none',
    example: '2s',
  }),
  quality: key(qualityGate, {
    description: 'The mean quality of the answers, such as accuracy or relevance, must be at least this.',
    default: 'none',
    example: '90%',
  }),
  adoption: key(adoptionGate, {
    description: 'Devices that run the version, of the devices assigned and reachable.',
    default: '90%',
    example: '{ min: 95%, severity: hold }',
  }),
  assignment: key(assignmentGate, {
    description:
      "Devices that are assigned the version, against the stage's share of all, up to chance; in every stage above 0% and below 100%.",
    default: '{ severity: hold }',
    example: '{ severity: warn }',
  }),
});

const EITHER = 'a map of gates, or the word none';

type CatalogueGates = z.output<typeof gatesMap>;

/** Gates of the catalogue by name, and those of the author beside them. */
export interface GatesInPlace extends CatalogueGates {
  /** Left out where there is none. */
  readonly custom?: Readonly<Record<string, CustomGateValue | 'none'>>;
}

// Which other names there are depends on the plan's series, so unknown ones are looked for elsewhere.
const anyGates = gatesMap.catchall(customGate).transform((all): GatesInPlace => {
  const known = Object.keys(gatesMap.shape);
  const entries = Object.entries(all);
  const others = entries.filter(([name]) => !known.includes(name));
  if (others.length === 0) return all;
  // The compiler cannot tell that the catalogue's forms went with the catalogue's names.
  const custom = Object.fromEntries(others) as GatesInPlace['custom'] & object;
  return { ...Object.fromEntries(entries.filter(([name]) => known.includes(name))), custom };
});

/** The gates of a plan or a stage: a map, or the word `none`. */
export const gates = z.union([choice(['none'], EITHER), anyGates], { error: () => EITHER });

/** What a plan or a stage says about its gates. */
export type GatesValue = z.output<typeof gates>;
