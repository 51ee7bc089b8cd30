/** The limits of a stage and how many devices it takes to settle each. Pure. */
import type { Gate, Stage } from '../core/plan.ts';
import type { Clustering } from '../core/statistics/gate-series.ts';
import { leastSufficing } from '../core/statistics/least-sufficing.ts';
import { type LimitInStage, type Settleable, whatDevicesSettle } from '../core/statistics/settle.ts';
import type { Ratio } from '../core/units.ts';
import { isMeasured } from './gates.ts';
import { writePercent } from './percent.ts';

/** One limit, what devices can settle about it, and words for it. */
export interface LimitReview extends Settleable {
  /** As in `crash_rate 1%`. */
  readonly label: string;
  readonly isCritical: boolean;
  /** Fewest devices of a stage that could prove harm if all were bad; null where no number is enough. */
  readonly stageDevicesToDisprove: number | null;
  /** Devices that count against the limit: `crashed devices`. */
  readonly broken: string;
  /** What such a device does: `crash`. */
  readonly failing: string;
}

/** How many devices a stage reaches, and the share of the fleet (0 to 1) that comes next. */
export interface StageReach {
  readonly devices: number;
  readonly nextShare: Ratio;
  /** Whether segments share half of the confidence. */
  readonly isSegmented: boolean;
}

/**
 * Returns the limits of a stage that can stop or hold it.
 *
 * Comparisons are not among them: what they need depends on a baseline that nobody has measured yet.
 */
export function reviewLimits(stage: Stage, { isSegmented, ...reach }: StageReach): readonly LimitReview[] {
  const tests = Math.max(1, testsOf(stage.gates)) * (isSegmented ? 2 : 1);
  return stage.gates.flatMap((gate): LimitReview[] => {
    if ((gate.kind !== 'rate' && gate.kind !== 'latency') || gate.severity === 'warn') return [];
    const words = WORDS.get(gate.name) ?? OTHERS;
    const clustering = gate.kind === 'rate' && gate.unit === 'trials' ? 'requests' : words.clustering;
    const limit: LimitInStage = { ...reach, tests, limit: gate.maxRatio, clustering };
    const settled = whatDevicesSettle(limit);
    return [
      {
        broken: words.broken,
        failing: words.failing,
        ...settled,
        label: `${gate.name} ${gate.kind === 'latency' ? `${gate.maxMs}ms` : writePercent(gate.maxRatio * 100)}`,
        isCritical: gate.severity === 'critical',
        stageDevicesToDisprove:
          settled.devicesToDisprove === null ? leastStageToDisprove(limit) : reach.devices,
      },
    ];
  });
}

interface Words {
  readonly clustering: Clustering;
  readonly broken: string;
  readonly failing: string;
}

const SLOW: Words = { clustering: 'latency', broken: 'devices that are slow', failing: 'are slow' };

/** What the author counts may come from few devices, as requests do. */
const OTHERS: Words = { clustering: 'requests', broken: 'devices that fail', failing: 'fail' };

const WORDS: ReadonlyMap<string, Words> = new Map([
  ['error_rate', { clustering: 'requests', broken: 'devices that fail', failing: 'fail' }],
  ['crash_rate', { clustering: 'devices', broken: 'crashed devices', failing: 'crash' }],
  ['memory_rate', { clustering: 'devices', broken: 'devices out of memory', failing: 'run out of memory' }],
  ['latency_p50', SLOW],
  ['latency_p95', SLOW],
  ['latency_p99', SLOW],
]);

/** The confidence is shared by every limit and every comparison of the critical gates. */
function testsOf(gates: readonly Gate[]): number {
  return gates
    .filter((gate) => gate.severity === 'critical' && isMeasured(gate) && gate.kind !== 'value')
    .reduce((sum, gate) => sum + (gate.kind === 'rate' && gate.margin !== null ? 2 : 1), 0);
}

const MOST_DEVICES = 1e9;

/** The evidence of a stage whose devices are all bad grows with their number, so doubling finds the order. */
function leastStageToDisprove(limit: LimitInStage): number | null {
  const suffices = (devices: number): boolean =>
    whatDevicesSettle({ ...limit, devices }).devicesToDisprove !== null;
  let high = Math.max(1, limit.devices);
  while (!suffices(high)) {
    if (high >= MOST_DEVICES) return null;
    high *= 2;
  }
  return leastSufficing({ tooFew: Math.floor(high / 2), enough: high }, suffices);
}
