/** Arbitrary plans for modelled worlds: one to five stages with every kind of gate, severity and timing. */
import fc from 'fast-check';
import type { Gate, Plan, RateGate, Severity, Stage } from '../../src/core/plan.ts';
import { type DurationMs, HOUR_MS, MINUTE_MS, type Percent, type Ratio } from '../../src/core/units.ts';
import { sometimes } from './arbitrary-odds.ts';

/** Version that every modelled plan rolls out. */
export const CANDIDATE = '2.0.0';

const SOAKS_MS: readonly DurationMs[] = [0, MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS, 2 * HOUR_MS];

const severities = fc.constantFrom<Severity>('critical', 'critical', 'hold', 'warn');

const optionalGates: fc.Arbitrary<readonly Gate[]> = fc
  .record({
    crash: fc.option(severities, { freq: 2 }),
    memory: fc.option(severities, { freq: 1 }),
    latency: fc.option(severities, { freq: 1 }),
    slower: sometimes(25, severities, null),
    quality: sometimes(20, severities, null),
    assignment: sometimes(25, fc.constantFrom<Severity>('hold', 'hold', 'warn'), null),
    margin: fc.constantFrom(null, 0, 0.25),
    adoption: fc.option(fc.constantFrom<Severity>('hold', 'hold', 'warn'), { freq: 2 }),
  })
  .map(({ crash, memory, latency, slower, quality, assignment, adoption, margin }) => [
    ...(crash === null ? [] : [rate('crash_rate', crash, { maxRatio: 0.05, margin })]),
    ...(memory === null ? [] : [rate('memory_rate', memory, { maxRatio: 0.1, margin: null })]),
    ...(latency === null ? [] : [slow(latency)]),
    ...(slower === null ? [] : [slowerThanBaseline(slower, margin ?? 0.1)]),
    ...(quality === null ? [] : [good(quality)]),
    ...(assignment === null ? [] : [assigned(assignment)]),
    ...(adoption === null ? [] : [adopted(adoption)]),
  ]);

const stageTimings = fc.record({
  soakMs: fc.constantFrom(...SOAKS_MS),
  warmupMs: fc.constantFrom(0, 0, 0, 5 * MINUTE_MS, 20 * MINUTE_MS),
  minSamples: fc.constantFrom<Stage['minSamples']>('auto', 'auto', 1, 50, 300),
  passWhen: sometimes<Stage['passWhen']>(15, fc.constant('proven'), 'not_failed'),
  minDevices: fc.constantFrom(1, 1, 1, 5),
  maxWaitMs: fc.constantFrom(0, 10 * MINUTE_MS, HOUR_MS, 4 * HOUR_MS),
  /** Whether this stage has the optional gates too. */
  all: fc.boolean(),
});

const percentages: fc.Arbitrary<readonly Percent[]> = fc
  .record({
    below: fc.uniqueArray(fc.constantFrom(1, 2, 5, 10, 25, 40), { maxLength: 4 }),
    target: fc.constantFrom(100, 100, 100, 50),
    shadow: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
  })
  .map(({ below, target, shadow }) => {
    const rising = [...below.toSorted((a, b) => a - b), target];
    return shadow ? [0, ...rising].slice(-5) : rising;
  });

/** How a plan answers harm and deadlines. */
export const reactions = fc.record({
  onFail: fc.constantFrom<Plan['onFail']>('rollback', 'rollback', 'rollback', 'pause', 'alert'),
  onDeadline: fc.constantFrom<Plan['onDeadline']>('pause', 'pause', 'rollback'),
  onSuperseded: fc.constantFrom<Plan['onSuperseded']>('refuse', 'refuse', 'replace'),
  to: fc.constantFrom(null, null, null, '1.4.0'),
  rollbackTimeoutMs: fc.constantFrom(5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS),
});

/** Arbitrary plans that the plan parser could have produced. */
export const plans: fc.Arbitrary<Plan> = fc
  .record({
    percentages,
    timings: fc.array(stageTimings, { minLength: 5, maxLength: 5 }),
    gates: optionalGates,
    margin: fc.constantFrom(null, 0, 0.25),
    designEffect: fc.constantFrom(1, 3, 3, 3, 30),
    ungated: fc.integer({ min: 0, max: 11 }).map((n) => n === 0),
    grouped: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
    slackMs: fc.constantFrom(0, HOUR_MS, 6 * HOUR_MS, 6 * HOUR_MS),
    noDataGraceMs: fc.constantFrom(5 * MINUTE_MS, 30 * MINUTE_MS),
    reactions,
  })
  .map((drawn) => {
    const stages = drawn.percentages.map((percentage, index) => stageOf(drawn, percentage, index));
    const [first, ...rest] = stages;
    if (first === undefined) throw new RangeError('a plan has a stage');
    return {
      model: 'radiology',
      version: CANDIDATE,
      group: drawn.grouped ? 'clinics' : null,
      stages: [first, ...rest],
      deadlineMs: leastDurationOf(stages) + drawn.slackMs,
      notBefore: null,
      noDataGraceMs: drawn.noDataGraceMs,
      designEffect: drawn.designEffect,
      metrics: {},
      onFail: drawn.reactions.onFail,
      onDeadline: drawn.reactions.onDeadline,
      onSuperseded: drawn.reactions.onSuperseded,
      rollback: { to: drawn.reactions.to, confirmRatio: 0.95, timeoutMs: drawn.reactions.rollbackTimeoutMs },
      ungated: drawn.ungated,
      unwatchedAccepted: drawn.ungated,
      digest: '0123456789ab',
    };
  });

/** Returns the least time that stages take. */
export function leastDurationOf(stages: readonly Stage[]): DurationMs {
  return stages.reduce((sum, stage) => sum + Math.max(stage.soakMs, stage.warmupMs), 0);
}

interface Drawn {
  readonly percentages: readonly Percent[];
  readonly timings: readonly (Pick<
    Stage,
    'soakMs' | 'warmupMs' | 'minSamples' | 'passWhen' | 'minDevices' | 'maxWaitMs'
  > & {
    readonly all: boolean;
  })[];
  readonly gates: readonly Gate[];
  readonly margin: number | null;
  readonly ungated: boolean;
}

function stageOf(drawn: Drawn, percentage: Percent, index: number): Stage {
  const timing = drawn.timings[index];
  if (timing === undefined) throw new RangeError(`no timing for stage ${index}`);
  const { all, ...times } = timing;
  const isCounted = ({ kind }: Gate): boolean => kind === 'adoption' || kind === 'assignment';
  const extra = drawn.gates.filter((gate) => (isCounted(gate) ? percentage > 0 : all));
  // Mirrored traffic has no baseline beside it.
  const margin = percentage > 0 ? drawn.margin : null;
  const gates = drawn.ungated
    ? extra.filter(isCounted)
    : [rate('error_rate', 'critical', { maxRatio: 0.05, margin }), ...extra];
  // Each stage has gates of its own, so that what was asked tells which stage it was asked for.
  const own = gates.map((gate) => ({ ...gate }));
  return { name: `${percentage}%`, percentage, maxDevices: null, ...times, gates: own };
}

function rate(
  name: RateGate['name'],
  severity: Severity,
  limits: Pick<RateGate, 'maxRatio' | 'margin'>,
): Gate {
  return { kind: 'rate', name, severity, shadow: name === 'error_rate', ...limits };
}

function slowerThanBaseline(severity: Severity, margin: Ratio): Gate {
  const how = { severity, shadow: false, slowRatio: 0.01, margin };
  return { kind: 'relative_latency', name: 'latency_p99', ...how };
}

function good(severity: Severity): Gate {
  return { kind: 'quality', name: 'quality', severity, shadow: false, minRatio: 0.8 };
}

function assigned(severity: Severity): Gate {
  return { kind: 'assignment', name: 'assignment', severity, shadow: false };
}

function slow(severity: Severity): Gate {
  return { kind: 'latency', name: 'latency_p95', severity, maxMs: 900, maxRatio: 0.05, shadow: true };
}

function adopted(severity: Severity): Gate {
  return { kind: 'adoption', name: 'adoption', severity, minRatio: 0.9, shadow: false };
}
