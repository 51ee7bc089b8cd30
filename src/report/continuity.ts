/** Whether the reports of several runs are those of one rollout, each going on from what the one before it left. Pure. */
import { formatPercent } from '../core/format.ts';
import { planEdited } from '../core/reconcile.ts';
import { type DurationMs, type EpochMs, SECOND_MS } from '../core/units.ts';
import { beginningProblems } from './beginning.ts';
import type { Discontinuity, Findings } from './discontinuity.ts';
import { goingOn } from './going-on.ts';
import { beganAt, firstState, type GivenReport, isWatched, type LeftBehind, leftBy } from './left-behind.ts';
import type { ReportJson } from './report-schema.ts';
import { formatTime } from './time.ts';

/** What the reports of several runs say about each other. */
export interface Continuity extends Findings {
  /** Reports whose runs go on from each other, oldest first. */
  readonly chain: readonly string[];
}

// Servers tell the time to the second, and each run estimates it anew.
const CLOCKS_DIFFER_MS: DurationMs = 2 * SECOND_MS;

/**
 * Returns whether reports are of one rollout and plan, none twice, in time, and each begins with what the one
 * before it left or says who changed it.
 *
 * In any order: they are put in that of their times. A run that changed nothing leaves no trace, so that its
 * report may be missing unseen; one that wrote may not. Errors: throws for a report whose decisions cannot be
 * computed again, which is to be checked first.
 */
export function continuityOf(given: readonly GivenReport[]): Continuity {
  const problems: Discontinuity[] = [];
  const remarks: string[] = [];
  const once = withoutRepeats(given, problems);
  const about = once.filter(isAboutRollout);
  for (const { name, report } of once) {
    if (!about.some((each) => each.name === name)) {
      remarks.push(`${name}: ${report.command}, ${report.outcome}: it changed no rollout and is left out`);
    }
  }
  const sorted = about.toSorted((a, b) => beganAt(a.report) - beganAt(b.report));
  if (sorted.some(({ name }, index) => name !== about[index]?.name)) {
    remarks.push('the reports were given in another order than that of their times, which is checked');
  }
  const chain = ofOneRollout(sorted, problems);
  problems.push(...chain.flatMap(beginningProblems));
  let before: LeftBehind | null = null;
  let planDigest: string | null = null;
  for (const each of chain) {
    if (before === null) remarks.push(...beginsLate(each));
    else {
      const went = goingOn(before, each);
      problems.push(...overlap(before, each), ...went.problems);
      remarks.push(...went.remarks);
    }
    const followed = samePlan(planDigest, each);
    problems.push(...followed.problems);
    remarks.push(...followed.remarks);
    planDigest = followsPlan(each.report) ? each.report.plan_digest : planDigest;
    before = leftBy(each, before);
  }
  return { problems, remarks, chain: chain.map(({ name }) => name) };
}

/** The same looks twice are the same report, whatever else was written around them. */
function withoutRepeats(given: readonly GivenReport[], problems: Discontinuity[]): readonly GivenReport[] {
  const seen = new Map<string, string>();
  return given.filter(({ name, report }) => {
    const marks = [report.digest, ...report.looks.map(({ digest }) => digest)];
    const earlier = marks.map((mark) => seen.get(mark)).find((each) => each !== undefined);
    for (const mark of marks) seen.set(mark, name);
    if (earlier === undefined) return true;
    problems.push({ name, where: 'digest', why: `the same report as ${earlier}: give each report once` });
    return false;
  });
}

function isAboutRollout({ report }: GivenReport): boolean {
  return report.rollout_id !== null && report.command !== 'plan' && report.command !== 'status';
}

function ofOneRollout(sorted: readonly GivenReport[], problems: Discontinuity[]): readonly GivenReport[] {
  const [first] = sorted;
  const id = first?.report.rollout_id;
  return sorted.filter(({ name, report }) => {
    if (report.rollout_id === id || restoresGone(report)) return true;
    const why = `rollout ${report.rollout_id}, and ${first?.name} is of rollout ${id}: check the reports of each rollout by themselves`;
    problems.push({ name, where: 'rollout_id', why });
    return false;
  });
}

/** An operator's rollback of a version whose rollout was deleted is about the rollout that brings another back. */
function restoresGone(report: ReportJson): boolean {
  const state = firstState(report);
  return (
    report.command === 'rollback' &&
    state?.phase === 'rolling_back' &&
    state.rolloutId === state.restoringRolloutId
  );
}

function beginsLate({ name, report }: GivenReport): readonly string[] {
  const state = firstState(report);
  if (!isWatched(state)) return [];
  const where = `at ${formatPercent(state.percentage)} in stage ${state.stageIndex + 1}`;
  return [`${name}: the first of these reports begins ${where}; what was before is not among them`];
}

function overlap(before: LeftBehind, { name, report }: GivenReport): readonly Discontinuity[] {
  const began: EpochMs = beganAt(report);
  if (began >= before.until - CLOCKS_DIFFER_MS) return [];
  const where = report.looks.length > 0 ? 'looks[0].inputs.look.at' : 'started_at';
  const why = `began at ${formatTime(began)}, when ${before.given.name} was still going on (${formatTime(before.until)})`;
  return [{ name, where, why }];
}

function followsPlan({ command }: ReportJson): boolean {
  return command === 'run' || command === 'advance';
}

function samePlan(digest: string | null, { name, report }: GivenReport): Findings {
  const now = report.plan_digest;
  if (!followsPlan(report) || digest === null || now === null || now === digest) {
    return { problems: [], remarks: [] };
  }
  if (report.notes.includes(planEdited(digest, now))) {
    return { problems: [], remarks: [`${name}: ${planEdited(digest, now)}`] };
  }
  const why = `plan ${now}, the run before it followed ${digest}, and no report says that the plan was edited`;
  return { problems: [{ name, where: 'plan_digest', why }], remarks: [] };
}
