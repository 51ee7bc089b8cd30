/** Plays a path as one rule lives through it: which devices have the candidate, and when it is broken. */
import type { Cell, Minutes } from './cell.ts';
import { type Occasion, REQUESTS_PER_HOUR } from './event-streams.ts';
import type { Path } from './path.ts';
import { BASELINE, CANDIDATE, createStageLedger, rowOf, type StageLedger } from './stage-ledger.ts';

/** One rollout on a path. Mutable: it goes forward only. */
export interface Replay {
  readonly ledger: StageLedger;
  /** Devices that have the candidate. */
  readonly candidates: number;
  /** When the fault began; null as long as it has not. */
  readonly faultAt: Minutes | null;
  /** Begins a stage at a step. */
  enter(stage: number, step: number): void;
  /** Plays one step. */
  play(step: number): void;
  /** Returns the expected number of bad events of a step that a healthy candidate would not have had. */
  excess(step: number): number;
}

/** Hears of every event, its row in the ledger and its device, for rules that keep more than stages. */
export type EventListener = (row: number, device: number) => void;

/** Whether something happens on the candidate and on the baseline. */
type Both = readonly [boolean, boolean];

/** The most that a rollout can last: every stage waits as long as it may. */
export const MOST_SOAKS = 4;

const INCIDENT_STAGE = 2;
const INCIDENT_FROM: Minutes = 5;
const INCIDENT_TO: Minutes = 55;
const ERROR = 0;
const CRASH = 1;
const OVER_LIMIT = 2;
const OVER_LINE = 3;

/** Returns a replay of a path in a cell, before its first stage. */
export function createReplay(cell: Cell, path: Path, listen: EventListener | null = null): Replay {
  const { plan, fault } = cell;
  const { stepMinutes, devices } = path;
  const longest = plan.soaks.reduce((sum, soak) => sum + soak, 0) * MOST_SOAKS;
  const ledger = createStageLedger(devices, Math.ceil(longest / stepMinutes) + 1);
  let candidates = 0;
  let share = 0;
  let stage = -1;
  let entered = 0;
  let faultAt: Minutes | null = null;

  const isFaulty = (step: number): boolean =>
    fault !== null && share >= fault.fromShare && step * stepMinutes >= fault.onset;
  const isIncident = (step: number): boolean => {
    const since = (step - entered) * stepMinutes;
    return stage === INCIDENT_STAGE && since >= INCIDENT_FROM && since < INCIDENT_TO;
  };

  const record = (row: number, device: number, step: number): void => {
    ledger.addEvent(row, device, step);
    listen?.(row, device);
  };
  const playStream = (stream: number, step: number, [onCandidate, onBaseline]: Both): void => {
    const isSlow = path.streams[stream]?.metric === 'slow';
    const metric = isSlow ? OVER_LINE : path.streams[stream]?.metric === 'error' ? ERROR : CRASH;
    const events = path.events(stream, step);
    for (let index = 0; index < events.length; index += 1) {
      const event = events[index] ?? 0;
      const device = event >> 1;
      const arm = device < candidates ? CANDIDATE : BASELINE;
      if (arm === CANDIDATE ? !onCandidate : !onBaseline) continue;
      record(rowOf(metric, arm), device, step);
      if (isSlow && (event & 1) === 1) record(rowOf(OVER_LIMIT, arm), device, step);
      ledger.addRequests(arm, step, 1);
    }
  };
  const versionsOf = (occasion: Occasion, step: number, faulty: boolean): Both => {
    if (occasion === 'incident') return isIncident(step) ? [true, true] : [false, false];
    if (occasion === 'faulty') return [faulty, false];
    return [occasion === 'always' || !faulty, true];
  };

  return {
    ledger,
    get candidates() {
      return candidates;
    },
    get faultAt() {
      return faultAt;
    },
    enter: (next, step) => {
      stage = next;
      share = plan.shares[next] ?? 1;
      candidates = Math.max(1, Math.round(share * devices));
      entered = step;
      ledger.begin(step);
    },
    play: (step) => {
      const faulty = isFaulty(step);
      if (faulty) faultAt ??= step * stepMinutes;
      let candidateShare = 0;
      let baselineShare = 0;
      for (const [stream, { occasion, perHour }] of path.streams.entries()) {
        const both = versionsOf(occasion, step, faulty);
        if (!both[0] && !both[1]) continue;
        playStream(stream, step, both);
        const share = perHour / (REQUESTS_PER_HOUR * devices);
        candidateShare += both[0] ? share : 0;
        baselineShare += both[1] ? share : 0;
      }
      const plain = (from: number, to: number, eventShare: number): number =>
        path.plainRequests(step, { from, to, eventShare });
      ledger.addRequests(CANDIDATE, step, plain(0, candidates, candidateShare));
      ledger.addRequests(
        BASELINE,
        step,
        candidates === devices ? 0 : plain(candidates, devices, baselineShare),
      );
    },
    excess: (step) => {
      if (!isFaulty(step)) return 0;
      let total = 0;
      for (const [stream, { occasion }] of path.streams.entries()) {
        if (occasion === 'faulty') total += path.expected(stream, step);
        if (occasion === 'healthy') total -= path.expected(stream, step);
      }
      return (total * candidates) / devices;
    },
  };
}
