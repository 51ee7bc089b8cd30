/** What the post step tells people outside the job about the rollout that it found. Pure. */
import { REASONS, type ReasonCode } from '../core/reason-codes.ts';
import type { EpochMs } from '../core/units.ts';
import type { WorkflowRun } from '../github/run-identity.ts';
import { type News, shortened } from '../report/news.ts';
import type { NextStep } from '../report/run-record.ts';
import type { Ended, Handover } from './handover.ts';
import { COMMANDS } from './inputs.ts';
import type { Wish } from './last-write.ts';

/** What the post step found and did. */
export interface PostFinding {
  readonly handover: Handover;
  /** Null when the main step was killed. */
  readonly ended: Ended | null;
  readonly wish: Wish;
  readonly rolloutId: string | null;
  /** Whether the rollout is known to be as it should be left. */
  readonly isVerified: boolean;
  /** One sentence without a full stop. */
  readonly headline: string;
  readonly next: readonly NextStep[];
}

/** Where and when it was found. */
export interface PostPlace {
  readonly command: string;
  readonly at: EpochMs;
  readonly run: WorkflowRun;
}

/**
 * Returns the news of the post step: the main step's outcome, `cancelled` where it was killed before it had one,
 * and `rollback_failed` where a rollback was owed and is not confirmed.
 */
export function newsOfPost(finding: PostFinding, { command, at, run }: PostPlace): News {
  const { handover, ended, next } = finding;
  const isFailed = !finding.isVerified && finding.wish.kind === 'roll_back';
  return shortened({
    step: 'post',
    command: COMMANDS.find((each) => each === command) ?? 'run',
    outcome: isFailed ? 'rollback_failed' : (ended?.outcome ?? 'cancelled'),
    reason: isFailed ? 'rollback_refused' : reasonOf(ended),
    sentence: `${finding.headline}.`,
    advice: next[0]?.text ?? null,
    model: handover.model,
    version: handover.version,
    group: handover.group?.name ?? null,
    previousVersion: handover.previousVersion,
    restoredVersion: null,
    rolloutId: finding.rolloutId,
    percentage: null,
    stage: handover.stageIndex + 1,
    stagesTotal: handover.stagesTotal,
    affectedDevices: null,
    stillServing: null,
    endedAt: at,
    nextLookAt: null,
    runUrl: run.url,
    next,
  });
}

function reasonOf(ended: Ended | null): ReasonCode {
  const known = Object.keys(REASONS) as ReasonCode[];
  return known.find((each) => each === ended?.reason) ?? 'signalled';
}
