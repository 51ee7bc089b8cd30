/** Gates on the devices themselves: how many run the version, and how many were given it. Pure. */
import type { Counts, GateVerdict, Reading, Verdict } from './evidence.ts';
import type { TakenShare } from './experiments.ts';
import { formatCount, formatPercent, formatRatio, formatRatioBeside } from './format.ts';
import type { AdoptionGate, AssignmentGate } from './plan.ts';
import { assignmentSkew } from './statistics/assignment-skew.ts';
import type { EpochMs, Percent, Ratio } from './units.ts';
import { areCountsSane, type CountedEvidence, objectionTo } from './usable-evidence.ts';
import { bareVerdict, countedNumbers } from './verdict.ts';

/** Counted devices and the gate that they are judged by. */
export interface DeviceReading<G> {
  readonly reading: Reading;
  readonly gate: G;
  readonly evidence: CountedEvidence;
}

/** Where and when devices are judged. */
export interface DevicesAt {
  readonly now: EpochMs;
  readonly percentage: Percent;
  /** Evidence from before this time never passes the stage. */
  readonly passesFrom: EpochMs;
  /** What experiments take of the devices; absent for nothing. */
  readonly taken?: TakenShare;
}

/** Returns whether enough of the reachable devices run the version. */
export function judgeAdoption(adoption: DeviceReading<AdoptionGate>, at: DevicesAt): GateVerdict {
  const { gate, reading, evidence } = adoption;
  const { events, trials } = evidence.candidate;
  const { verdict, why } = withObjections(adoptionVerdict(evidence.candidate, gate.minRatio), evidence, at);
  const share = trials > 0 ? events / trials : null;
  const seen = share === null ? 'unknown' : formatRatioBeside(share, [gate.minRatio]);
  const least = formatRatioBeside(gate.minRatio, [share]);
  const sentence = `adoption ${seen} (${formatCount(events)} of ${formatCount(trials)} reachable devices), at least ${least}${why}`;
  return { ...countedNumbers(reading, { ...evidence, baseline: null }), verdict, sentence };
}

/**
 * Returns whether the devices assigned to the candidate are the stage's share of all, up to chance.
 *
 * Experiments take their devices first, and the stage is a share of the rest. A source may count theirs among all or
 * not, and they move while an experiment starts, so every share between both is as good.
 */
export function judgeAssignment(assignment: DeviceReading<AssignmentGate>, at: DevicesAt): GateVerdict {
  const { reading, evidence } = assignment;
  const { events: assigned, trials: total } = evidence.candidate;
  const { taken = 0 } = at;
  if (taken === 'untold') {
    const why = 'an experiment takes part of the devices, and the API does not tell how many';
    return bareVerdict(reading, 'not_applicable', why);
  }
  const most = at.percentage / 100;
  const least = most * (1 - taken);
  const skew = assignmentSkew({ assigned, total, share: nearest(assigned / total, { least, most }) });
  const seen = `assignment: ${formatCount(assigned)} of ${formatCount(total)} devices have the candidate`;
  const numbers = countedNumbers(reading, evidence);
  switch (skew.kind) {
    case 'no_data':
      return { ...numbers, verdict: 'no_data', sentence: 'assignment: no device is counted' };
    case 'error':
      return { ...numbers, verdict: 'error', sentence: `assignment: ${skew.why}` };
    case 'compared': {
      const { verdict, why } = withObjections(skew.skewed ? 'fail' : 'pass', evidence, at);
      const whom = taken > 0 ? ` of the ${formatRatio(1 - taken)} outside experiments` : '';
      const expected = `${formatPercent(at.percentage)}${whom} would be about ${formatCount(Math.round(least * total))}`;
      const chance = skew.skewed ? ', which chance explains in fewer than 1 of 1 000 rollouts' : '';
      return { ...numbers, verdict, sentence: `${seen}, ${expected}${chance}${why}` };
    }
  }
}

/** An impossible ratio is left to the comparison, which says so. */
function nearest(ratio: Ratio, { least, most }: { readonly least: Ratio; readonly most: Ratio }): Ratio {
  return Number.isFinite(ratio) && least < most ? Math.min(most, Math.max(least, ratio)) : most;
}

function adoptionVerdict(counts: Counts, minRatio: Ratio): Verdict {
  if (!areCountsSane(counts)) return 'error';
  if (counts.trials === 0) return 'no_data';
  return exceeds(minRatio * counts.trials, counts.events) ? 'fail' : 'pass';
}

/** Returns whether `a` is more than `b` by more than the rounding of a product of doubles: 29 is not more than 0.29 × 100. */
function exceeds(a: number, b: number): boolean {
  return a - b > 1e-9 * Math.max(1, Math.abs(b));
}

function withObjections(
  verdict: Verdict,
  { covered }: CountedEvidence,
  { now, passesFrom }: DevicesAt,
): { readonly verdict: Verdict; readonly why: string } {
  if (verdict === 'error') return { verdict, why: ' — impossible numbers' };
  const objection = objectionTo(covered, now);
  if (objection !== null) return { verdict: objection.verdict, why: ` — ${objection.why}` };
  if (verdict !== 'pass' || covered.from >= passesFrom) return { verdict, why: '' };
  return {
    verdict: 'inconclusive',
    why: ' — measured from before the stage or its warm-up, which never passes it',
  };
}
