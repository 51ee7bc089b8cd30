/** Counts of one gate and the sentence that the judge makes of them. */
import type { Counts, GateVerdict, Reading, Verdict, Window } from '../../src/core/evidence.ts';
import type { Judging } from '../../src/core/judge.ts';
import type { QualityGate, RelativeLatencyGate } from '../../src/core/plan.ts';
import { HOUR_MS } from '../../src/core/units.ts';
import {
  aJudging,
  aRateGate,
  aReading,
  aStage,
  countsOf,
  evidenceOf,
  judgeAlone,
  T0,
} from './core-builders.ts';

const WINDOW: Window = { from: T0, to: T0 + HOUR_MS };
const base = { severity: 'critical', shadow: false } as const;

/** An error rate of at most 5% that is compared with the baseline. */
export const COMPARED = aRateGate({ margin: 0 });

/** A crash rate of at most 1%. */
export const CRASHES = aRateGate({ name: 'crash_rate', maxRatio: 0.01 });

/** A quality of at least 90%. */
export const QUALITY: QualityGate = { ...base, kind: 'quality', name: 'quality', minRatio: 0.9 };

/** A p95 that is compared with the baseline. */
export const SLOWER: RelativeLatencyGate = {
  ...base,
  kind: 'relative_latency',
  name: 'latency_p95',
  slowRatio: 0.05,
  margin: 0.1,
};

/** A stage of `pass_when: proven`. */
export const PROVEN: Partial<Judging> = { stage: aStage({ passWhen: 'proven' }) };

/** Returns counts, with devices with events and devices where they are told. */
export function counted(events: number, trials: number, devices?: readonly [number, number]): Counts {
  if (devices === undefined) return countsOf(events, trials);
  const [devicesWithEvents, all] = devices;
  return countsOf(events, trials, { devices: all, devicesWithEvents });
}

/** One fact, the counts of an hour that it is about, and what is said of them. */
export interface SentenceRow {
  readonly fact: string;
  readonly gate?: Reading['gate'];
  readonly counts: Counts;
  readonly baseline?: Counts;
  readonly reading?: Partial<Reading>;
  readonly at?: Partial<Judging>;
  readonly gives: Verdict;
  readonly says: string;
}

/** Returns the verdict on the counts of a row; an error rate unless it names another gate. */
export function judgedRow({ gate = aRateGate(), counts, baseline, reading, at }: SentenceRow): GateVerdict {
  const evidence = evidenceOf(counts, WINDOW, baseline ?? null);
  return judgeAlone(aReading({ gate, asked: WINDOW, evidence, ...reading }), aJudging(at));
}
