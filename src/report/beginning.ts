/** Whether a report is of the rollout and the plan that it names, and begins as a run without a memory can. Pure. */
import type { RolloutState } from '../core/rollout.ts';
import type { EpochMs } from '../core/units.ts';
import type { Discontinuity } from './discontinuity.ts';
import { firstState, type GivenReport, isWatched, leftBy } from './left-behind.ts';
import type { ReportJson } from './report-schema.ts';

const STATE = 'looks[0].inputs.state';

/**
 * Returns what a report contradicts in itself: its head and its looks, and what its first look remembers.
 *
 * Errors: throws where its decisions cannot be computed again.
 */
export function beginningProblems(given: GivenReport): readonly Discontinuity[] {
  return [...headProblems(given), ...memoryProblems(given)];
}

function headProblems(given: GivenReport): readonly Discontinuity[] {
  const { name, report } = given;
  const { state, percentage } = leftBy(given, null);
  const problems: Discontinuity[] = [];
  const differs = (where: keyof ReportJson, seen: string | number | null): void => {
    if (seen === null || report[where] === seen) return;
    problems.push({ name, where, why: `${report[where]}, and its looks are of ${seen}` });
  };
  differs('rollout_id', state === null ? null : idOf(state));
  differs('plan_digest', report.plan?.digest ?? null);
  if (report.looks.length > 0 && report.reason_code !== 'percentage_lowered') {
    differs('percentage', percentage);
  }
  return problems;
}

function idOf(state: RolloutState): string | null {
  return 'rolloutId' in state ? state.rolloutId : null;
}

/** Nobody measured while no run was there: all ages begin with the run, and it was refused nothing yet. */
function memoryProblems({ name, report }: GivenReport): readonly Discontinuity[] {
  const state = firstState(report);
  if (!isWatched(state)) return [];
  const ages = ['last_evidence_at', 'last_measured_at', 'last_server_at'] as const;
  const at = report.looks[0]?.inputs.look.at as EpochMs;
  const since = Math.min(state.lastEvidenceAt, state.lastMeasuredAt, state.lastServerAt);
  const times = [state.lastEvidenceAt, state.lastMeasuredAt, state.lastServerAt];
  const problems = ages
    .filter((_age, index) => (times[index] ?? since) !== since || since > at)
    .map((age) => ({
      name,
      where: `${STATE}.${age}`,
      why: 'a run begins with one time for all readings, not after its first look',
    }));
  if (state.refusal !== undefined || state.maxStepTold !== undefined) {
    const where = `${STATE}.${state.refusal === undefined ? 'max_step_told' : 'refusal'}`;
    problems.push({ name, where, why: 'a run begins without knowing what an earlier one was refused' });
  }
  return problems;
}
