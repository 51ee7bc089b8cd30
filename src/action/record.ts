/** Puts together the record of a run from what was prepared, what was seen and how it ended. */
import { formatCount } from '../core/format.ts';
import { devicesAt, stageAt } from '../core/plan.ts';
import type { PastStage } from '../core/rollout.ts';
import { type EpochMs, type Percent, SECOND_MS } from '../core/units.ts';
import type { LookRecord, RunRecord, StageRecord } from '../report/run-record.ts';
import type { Conclusion } from './conclusion.ts';
import type { Journal } from './journal.ts';
import type { Fleet } from './prepare.ts';

/** A record with nothing in it yet but what every run has. */
export function blankRecord(
  basics: Pick<RunRecord, 'command' | 'startedAt' | 'endedAt' | 'outcome' | 'reason' | 'detail' | 'runUrl'>,
): RunRecord {
  return {
    schemaVersion: 1,
    ...basics,
    model: null,
    version: null,
    group: null,
    previousVersion: null,
    restoredVersion: null,
    rolloutId: null,
    percentage: null,
    plan: null,
    verbPlan: null,
    fleetDevices: null,
    stages: [],
    looks: [],
    looksTaken: 0,
    decidedBy: null,
    affectedDevices: null,
    capabilities: [],
    probes: [],
    policy: null,
    poll: null,
    rollouts: [],
    rollbackTargets: [],
    notes: [],
    stillServing: null,
    next: [],
    nextLookAt: null,
    requests: 0,
  };
}

/** Returns what a record says about the model, its fleet and the plan. */
export function fleetFields(fleet: Fleet): Partial<RunRecord> {
  return {
    model: fleet.model.name ?? fleet.model.id,
    version: fleet.plan.version,
    group: fleet.group?.name ?? null,
    plan: fleet.plan,
    policy: fleet.policy,
    fleetDevices: fleet.devices,
    notes: fleet.notes,
  };
}

/** Returns what a record says about a drive that has ended. */
export function driveFields(fleet: Fleet, conclusion: Conclusion, journal: Journal): Partial<RunRecord> {
  const { state } = conclusion;
  const last = journal.looks.findLast((look) => look.percentage !== null);
  const rolledBack = state.phase === 'rolling_back';
  const known = state.phase === 'absent' || state.phase === 'ended' ? null : state;
  const percentage = percentageNow(conclusion, last ?? null);
  return {
    outcome: conclusion.outcome,
    reason: conclusion.reason,
    detail: conclusion.detail,
    rolloutId: known?.rolloutId ?? null,
    previousVersion: known?.previousVersion ?? null,
    restoredVersion: rolledBack ? state.toVersion : null,
    percentage,
    stages: stageRecords(fleet, conclusion, journal),
    looks: journal.looks,
    looksTaken: journal.looksTaken(),
    decidedBy: decidingLook(journal.looks),
    affectedDevices:
      journal.looks.findLast((look) => look.devicesOnVersion !== null)?.devicesOnVersion ?? null,
    stillServing: stillServing(fleet, conclusion, percentage),
    nextLookAt: wholeSecondFrom(nextLook(conclusion, journal.looks)),
    notes: [...fleet.notes, ...journal.notes],
  };
}

function percentageNow({ state, reason }: Conclusion, last: LookRecord | null): Percent | null {
  // Somebody else's percentage is seen and never taken over.
  if (reason === 'percentage_lowered' && last !== null) return last.percentage;
  if (state.phase === 'soaking' || state.phase === 'baking') return state.percentage;
  return last?.percentage ?? null;
}

/** The look that decided is the first rollback or pause, or else the last look with verdicts. */
function decidingLook(looks: readonly LookRecord[]): number | null {
  const acted = looks.findIndex((look) => look.command.kind === 'roll_back' || look.command.kind === 'pause');
  if (acted >= 0) return acted;
  const judged = looks.findLastIndex((look) => look.verdicts.length > 0);
  return judged < 0 ? null : judged;
}

function stageRecords(fleet: Fleet, conclusion: Conclusion, journal: Journal): readonly StageRecord[] {
  const { plan, devices } = fleet;
  const reached = journal.entries.at(-1)?.stageIndex ?? -1;
  const endedAt = journal.looks.at(-1)?.at ?? null;
  const past = pastStages(conclusion, journal);
  return plan.stages.map((stage, index) => {
    const entry = journal.entries.find((each) => each.stageIndex === index);
    const next = journal.entries.find((each) => each.stageIndex > index);
    const before = past.find((each) => each.stageIndex === index);
    const seen = journal.looks.findLast(
      (look) => look.stageIndex === index && look.devicesOnVersion !== null,
    );
    return {
      name: stageAt(plan, index).name,
      percentage: stage.percentage,
      enteredAt: entry?.at ?? before?.enteredAt ?? null,
      leftAt: before?.leftAt ?? next?.at ?? (entry === undefined ? null : endedAt),
      result: resultOf(index, reached, conclusion),
      devicesOnVersion: seen?.devicesOnVersion ?? null,
      devicesExpected: devices === null ? null : devicesAt(devices, stage.percentage),
    };
  });
}

/** The stages before the last one that was watched: a tick knows them from the server only. */
function pastStages({ state }: Conclusion, { looks }: Journal): readonly PastStage[] {
  const states = [state, ...looks.map(({ inputs }) => inputs.state).toReversed()];
  for (const each of states) if (each.phase === 'soaking' || each.phase === 'baking') return each.past;
  return [];
}

function resultOf(index: number, reached: number, { outcome }: Conclusion): StageRecord['result'] {
  if (index > reached) return 'not_reached';
  if (index < reached || outcome === 'completed' || outcome === 'noop') return 'passed';
  if (outcome === 'rolled_back' || outcome === 'rolling_back' || outcome === 'rollback_failed')
    return 'failed';
  return outcome === 'held' ? 'held' : 'current';
}

function stillServing(
  { plan, devices }: Fleet,
  { outcome, reason, state }: Conclusion,
  percentage: Percent | null,
): string | null {
  if (outcome === 'completed' || outcome === 'noop' || outcome === 'rolled_back') return null;
  if (state.phase === 'absent') return null;
  const share = percentage === null ? 'an unknown share' : `${percentage}%`;
  // What devices do when their rollout is deleted is not documented.
  if (state.phase === 'rolling_back' || reason === 'rollout_gone') {
    const many =
      devices === null || percentage === null
        ? ''
        : ` (${formatCount(devicesAt(devices, percentage))} of ${formatCount(devices)})`;
    return `${plan.version} may still serve up to ${share} of the devices${many}`;
  }
  return `${plan.version} serves ${share} of the devices`;
}

function nextLook({ outcome, nextLookAt }: Conclusion, looks: readonly LookRecord[]): number | null {
  if (nextLookAt !== undefined) return nextLookAt;
  if (outcome !== 'timed_out' && outcome !== 'cancelled' && outcome !== 'rolling_back') return null;
  const last = looks.at(-1);
  return last?.command.kind === 'wait' ? last.command.until : null;
}

/** Times are told to the second: a tick that comes at the time it was told must not come too early. */
function wholeSecondFrom(at: EpochMs | null): EpochMs | null {
  return at === null ? null : Math.ceil(at / SECOND_MS) * SECOND_MS;
}
