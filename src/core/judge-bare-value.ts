/** A gate whose source gives values without a number of trials: three windows in a row decide. Pure. */
import type { GateVerdict, Reading, Verdict } from './evidence.ts';
import { formatCountBeside, formatRatioBeside } from './format.ts';
import { formatValue, nameOfGate } from './gate-question.ts';
import type { Gate, Stage } from './plan.ts';
import { judgeBareValues } from './statistics/bare-values.ts';
import type { EpochMs } from './units.ts';
import { objectionTo } from './usable-evidence.ts';
import { bareVerdict, verdictWithoutCounts } from './verdict.ts';

const WINDOWS = 3;

// Of fewer devices, one that is off moves the value of the whole stage.
const DEVICES_FOR_HARM = 30;

/** When and where bare values are judged. */
export interface BareValuesAt {
  readonly stage: Stage;
  readonly now: EpochMs;
  /** Windows from before this time never pass the stage. */
  readonly passesFrom: EpochMs;
}

/**
 * Returns the verdict on the last disjoint windows of a reading.
 *
 * No error rate can be promised for it, and the sentence says so. On fewer than 30 devices values that break
 * the limit are `inconclusive`: they hold the stage and prove nothing; nor do they prove safety where the plan
 * asks for proof. INV-1 holds for every window.
 */
export function judgeBareValue(reading: Reading, { now, passesFrom, stage }: BareValuesAt): GateVerdict {
  const { gate, recent } = reading;
  // Without a value there are no windows to ask for.
  if (recent.length === 0 && reading.evidence.kind !== 'value') return verdictWithoutCounts(reading);
  const rule = ruleOf(reading);
  if (rule === null)
    return bareVerdict(reading, 'error', 'a bare value cannot be compared with the baseline');
  const failed = recent.find(({ kind }) => kind === 'error' || kind === 'unavailable' || kind === 'counts');
  if (failed !== undefined) return verdictWithoutCounts({ ...reading, evidence: failed });
  const impossible = recent.find((each) => each.kind === 'value' && !isPossible(gate, each.value));
  if (impossible !== undefined) return bareVerdict(reading, 'error', 'impossible numbers');
  const windows = recent.map((each) => (each.kind === 'value' ? each : null));
  const newest = windows.at(-1) ?? null;
  const objection = newest === null ? null : objectionTo(newest.covered, now);
  if (objection !== null) return bareVerdict(reading, objection.verdict, objection.why);
  const judged = judgeBareValues({
    values: windows.map((window) => window?.value ?? null),
    limit: rule.limit,
    direction: rule.direction,
    needed: WINDOWS,
  });
  const devices = newest?.devices ?? null;
  const isFromBefore = windows.some((window) => window !== null && window.covered.from < passesFrom);
  const told = verdictOf(judged.verdict, devices);
  const mayPass = !isFromBefore && stage.passWhen !== 'proven';
  const verdict = told === 'pass' && !mayPass ? 'inconclusive' : told;
  const value = newest === null ? 'nothing measured' : show(gate, newest.value, rule.limit);
  const limit = `${rule.direction === 'at_most' ? 'limit' : 'at least'} ${show(gate, rule.limit, newest?.value ?? null)}`;
  const missing = judged.missing > 0 ? `, ${judged.missing} more windows needed` : '';
  const before = isFromBefore ? ', measured from before the stage or its warm-up, which never passes it' : '';
  const proof = told === 'pass' && stage.passWhen === 'proven' ? ', which proves nothing' : '';
  const sentence = `${nameOfGate(gate)} ${value}, ${limit}, in ${windows.length} of ${WINDOWS} windows${missing}${before}${proof} — a bare value: no error rate can be promised`;
  return {
    ...bareVerdict(reading, verdict, ''),
    observed: newest?.value ?? null,
    covered: newest?.covered ?? null,
    devices,
    sentence,
  };
}

function isPossible({ kind }: Gate, value: number): boolean {
  // Whatever the author measures may be negative, such as a signal strength.
  if (kind === 'value') return Number.isFinite(value);
  const isTime = kind === 'latency' || kind === 'relative_latency';
  return Number.isFinite(value) && value >= 0 && (isTime || value <= 1);
}

interface BareRule {
  readonly limit: number;
  readonly direction: 'at_most' | 'at_least';
}

function ruleOf({ gate, slowerThanMs }: Reading): BareRule | null {
  switch (gate.kind) {
    case 'rate':
      return { limit: gate.maxRatio, direction: 'at_most' };
    case 'latency':
      return { limit: gate.maxMs, direction: 'at_most' };
    case 'relative_latency':
      return slowerThanMs === null ? null : { limit: slowerThanMs, direction: 'at_most' };
    case 'quality':
      return { limit: gate.minRatio, direction: 'at_least' };
    case 'value':
      return { limit: gate.limit, direction: gate.direction };
    case 'adoption':
    case 'assignment':
      return null;
  }
}

function verdictOf(judged: ReturnType<typeof judgeBareValues>['verdict'], devices: number | null): Verdict {
  if (judged === 'undecided') return 'inconclusive';
  if (judged === 'fail' && devices !== null && devices < DEVICES_FOR_HARM) return 'inconclusive';
  return judged;
}

function show(gate: Gate, value: number, beside: number | null): string {
  if (gate.kind === 'value') return formatValue(gate, value, beside);
  const isTime = gate.kind === 'latency' || gate.kind === 'relative_latency';
  return isTime ? `${formatCountBeside(value, [beside])} ms` : formatRatioBeside(value, [beside]);
}
