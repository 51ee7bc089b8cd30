/** Plays a path as one rule lives through it: which devices have the candidate, and when it is broken. */
import type { Cell, Minutes } from './cell.ts';
import { REQUESTS_PER_HOUR } from './event-streams.ts';
import type { Path } from './path.ts';
import { type Arm, BASELINE, CANDIDATE, createStageLedger, type StageLedger } from './stage-ledger.ts';

/** One rollout on a path. Mutable: it goes forward only. */
export interface Replay {
  readonly ledger: StageLedger;
  /** Devices that have the candidate. */
  readonly candidates: number;
  /** Begins a stage at a step. */
  enter(stage: number, step: number): void;
  /** Plays one step. */
  play(step: number): void;
  /** Returns the expected number of bad events of a step that a healthy candidate would not have had. */
  excess(step: number): number;
}

/** Hears of every event, for rules that keep more than stages. */
export type EventListener = (event: {
  readonly metric: number;
  readonly arm: Arm;
  readonly device: number;
}) => void;

/** The most that a rollout can last: every stage waits as long as it may. */
export const MOST_SOAKS = 4;

const INCIDENT_STAGE = 2;
const INCIDENT_FROM: Minutes = 5;
const INCIDENT_TO: Minutes = 55;
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

  const isFaulty = (step: number): boolean =>
    fault !== null && share >= fault.fromShare && step * stepMinutes >= fault.onset;
  const isIncident = (step: number): boolean => {
    const since = (step - entered) * stepMinutes;
    return stage === INCIDENT_STAGE && since >= INCIDENT_FROM && since < INCIDENT_TO;
  };

  const playStream = (stream: number, step: number, faulty: boolean): readonly [number, number] => {
    const { metric, occasion, perHour } = path.streams[stream] ?? none();
    const onCandidate = occasion === 'faulty' ? faulty : occasion === 'healthy' ? !faulty : true;
    const onBaseline = occasion !== 'faulty';
    if (occasion === 'incident' && !isIncident(step)) return [0, 0];
    if (!onCandidate && !onBaseline) return [0, 0];
    for (const event of path.events(stream, step)) {
      const device = event >> 1;
      const arm = device < candidates ? CANDIDATE : BASELINE;
      if (arm === CANDIDATE ? !onCandidate : !onBaseline) continue;
      const count = (index: number): void => {
        ledger.addEvent({ metric: index, arm, device, step });
        listen?.({ metric: index, arm, device });
      };
      if (metric !== 'slow') count(metric === 'error' ? 0 : 1);
      else {
        count(OVER_LINE);
        if ((event & 1) === 1) count(OVER_LIMIT);
      }
      ledger.addRequests(arm, step, 1);
    }
    const each = perHour / (REQUESTS_PER_HOUR * devices);
    return [onCandidate ? each : 0, onBaseline ? each : 0];
  };

  return {
    ledger,
    get candidates() {
      return candidates;
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
      let onCandidate = 0;
      let onBaseline = 0;
      for (let stream = 0; stream < path.streams.length; stream += 1) {
        const [candidate, baseline] = playStream(stream, step, faulty);
        onCandidate += candidate;
        onBaseline += baseline;
      }
      const plain = (from: number, to: number, eventShare: number): number =>
        path.plainRequests(step, { from, to, eventShare });
      ledger.addRequests(CANDIDATE, step, plain(0, candidates, onCandidate));
      ledger.addRequests(BASELINE, step, candidates === devices ? 0 : plain(candidates, devices, onBaseline));
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

function none(): never {
  throw new RangeError('A path was asked for a stream that it does not have.');
}
