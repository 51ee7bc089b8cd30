/** Runs one cell: as many fleets and rollouts as it asks for, all rules on the same paths. */
import { hashText } from '../../src/simulation/random-source.ts';
import type { Cell, RuleName } from './cell.ts';
import { createStreams, type EventStream } from './event-streams.ts';
import { createFleet, type Fleet } from './fleet.ts';
import type { Sight } from './gate-series-of.ts';
import { judgeOnSchedule } from './judge-on-schedule.ts';
import type { Outcome } from './outcome.ts';
import { createPath } from './path.ts';
import { type CellResult, ruleResult } from './rule-result.ts';
import { argo } from './rules/argo.ts';
import { awsMofN } from './rules/aws-m-of-n.ts';
import { confidenceSequence } from './rules/confidence-sequence.ts';
import { flagger } from './rules/flagger.ts';
import type { PeerRule } from './rules/look.ts';
import { mannWhitney98 } from './rules/mann-whitney.ts';
import { judgeByEvidence } from './rules/ours.ts';
import { zPeek } from './rules/z-peek.ts';

const PEERS: ReadonlyMap<RuleName, PeerRule> = new Map([
  ['argo', argo(3)],
  ['flagger', flagger(10)],
  ['aws', awsMofN({ datapointsToAlarm: 3, evaluationPeriods: 3 })],
  ['mann-whitney', mannWhitney98],
  ['z-peek', zPeek],
  ['confidence-sequence', confidenceSequence],
]);

const SIGHTS: ReadonlyMap<RuleName, Sight> = new Map([
  ['ours', { level: 2, restarts: true }],
  ['ours-level-1', { level: 1, restarts: true }],
  ['ours-no-devices', { level: 0, restarts: true }],
  ['ours-no-restarts', { level: 2, restarts: false }],
]);

// A large fleet is drawn a few times only and split anew for each run: drawing it costs more than the rollout.
const LARGE_FLEET = 5_000;
const LARGE_FLEETS = 8;
const LONGEST_STEP = 5;

/** Returns what the rules did; the same for the same cell and seed, whatever else runs. */
export function runCell(cell: Cell, seed: number): CellResult {
  const peers = cell.rules.filter((rule) => PEERS.has(rule));
  const outcomes = new Map<RuleName, Outcome[]>(cell.rules.map((rule) => [rule, []]));
  const key = hashText(`${cell.section}/${cell.name}`);
  const fleetOf = fleetsOf(cell, [seed, key]);
  for (let run = 0; run < cell.runs; run += 1) {
    const path = createPath({
      ...fleetOf(run),
      stepMinutes: Math.min(cell.plan.poll, LONGEST_STEP),
      keys: [seed, key, run],
    });
    const judged =
      peers.length === 0
        ? []
        : judgeOnSchedule(
            cell,
            path,
            peers.flatMap((rule) => PEERS.get(rule) ?? []),
          );
    for (const [index, rule] of peers.entries()) outcomes.get(rule)?.push(...judged.slice(index, index + 1));
    for (const [rule, sight] of SIGHTS) {
      const list = outcomes.get(rule);
      if (list === undefined || (rule !== 'ours' && run >= cell.sideRuns)) continue;
      list.push(judgeByEvidence(cell, path, sight));
    }
  }
  const results = cell.rules.map((rule) => ruleResult(cell, rule, outcomes.get(rule) ?? []));
  return { section: cell.section, name: cell.name, results };
}

interface FleetWithStreams {
  readonly fleet: Fleet;
  readonly streams: readonly EventStream[];
}

function fleetsOf(cell: Cell, keys: readonly number[]): (run: number) => FleetWithStreams {
  const drawn = new Map<number, FleetWithStreams>();
  const isLarge = cell.devices > LARGE_FLEET;
  return (run) => {
    const index = isLarge ? run % LARGE_FLEETS : run;
    const known = drawn.get(index);
    if (known !== undefined) return known;
    const fleet = createFleet({ size: cell.devices, spread: cell.spread }, [...keys, index, cell.devices]);
    const made = { fleet, streams: createStreams(cell, fleet) };
    if (isLarge) drawn.set(index, made);
    return made;
  };
}
