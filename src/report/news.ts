/** What is worth telling people who do not look at the job: how a run ended, and what to do. Pure. */
import { adviceFor, type ReasonCode } from '../core/reason-codes.ts';
import { type Outcome, SUCCESSFUL_OUTCOMES } from '../core/rollout.ts';
import type { EpochMs, Percent } from '../core/units.ts';
import { decidingLook } from './deciding.ts';
import type { NextStep, RunRecord } from './run-record.ts';
import { cut, oneLine } from './sanitise.ts';
import { sentenceFor } from './sentence.ts';

/** One ending as it is told outside the job. Texts are on one line; nothing in them is escaped yet. */
export interface News {
  /** Which step of the job tells it; `post` for what was found or done behind the main step. */
  readonly step: 'main' | 'post';
  readonly command: RunRecord['command'];
  readonly outcome: Outcome;
  readonly reason: ReasonCode;
  readonly sentence: string;
  /** What the reason code advises; null where there is nothing to do. */
  readonly advice: string | null;
  readonly model: string | null;
  readonly version: string | null;
  readonly group: string | null;
  readonly previousVersion: string | null;
  readonly restoredVersion: string | null;
  readonly rolloutId: string | null;
  readonly percentage: Percent | null;
  /** Number of the stage, from 1. */
  readonly stage: number | null;
  readonly stagesTotal: number | null;
  readonly affectedDevices: number | null;
  readonly stillServing: string | null;
  readonly endedAt: EpochMs;
  readonly nextLookAt: EpochMs | null;
  readonly runUrl: string | null;
  readonly next: readonly NextStep[];
}

const MAX_TEXT_CHARS = 300;
const MAX_CODE_CHARS = 4_000;
const MAX_STEPS = 6;
const NOTHING = 'Nothing to do.';

/** Returns what a run's record tells. Never throws. */
export function newsOf(record: RunRecord): News {
  const stageIndex = decidingLook(record)?.stageIndex ?? null;
  return shortened({
    step: 'main',
    command: record.command,
    outcome: record.outcome,
    reason: record.reason,
    sentence: sentenceFor(record),
    advice: adviceOn(record.reason),
    model: record.model,
    version: record.version,
    group: record.group,
    previousVersion: record.previousVersion,
    restoredVersion: record.restoredVersion,
    rolloutId: record.rolloutId,
    percentage: record.percentage,
    stage: stageIndex === null ? null : stageIndex + 1,
    stagesTotal: record.plan?.stages.length ?? null,
    affectedDevices: record.affectedDevices,
    stillServing: record.stillServing,
    endedAt: record.endedAt,
    nextLookAt: record.nextLookAt,
    runUrl: record.runUrl,
    next: record.next,
  });
}

/** Returns the advice of a reason code, or null where there is nothing to do. */
export function adviceOn(reason: ReasonCode): string | null {
  const advice = adviceFor(reason);
  return advice === NOTHING ? null : advice;
}

/** Returns news whose every text is on one safe line of bounded length. Never throws. */
export function shortened(news: News): News {
  const short = (text: string | null): string | null =>
    text === null ? null : oneLine(text, MAX_TEXT_CHARS);
  return {
    ...news,
    sentence: oneLine(news.sentence, MAX_TEXT_CHARS),
    model: short(news.model),
    version: short(news.version),
    group: short(news.group),
    previousVersion: short(news.previousVersion),
    restoredVersion: short(news.restoredVersion),
    rolloutId: short(news.rolloutId),
    stillServing: short(news.stillServing),
    next: news.next.slice(0, MAX_STEPS).map(({ text, language, code }) => ({
      text: oneLine(text, MAX_TEXT_CHARS),
      language,
      code: code === null ? null : cut(code.replace(/\p{Surrogate}/gu, '\ufffd'), MAX_CODE_CHARS),
    })),
  };
}

/** Returns the same in which no text contains one of `secrets`. For plain data only. Never throws. */
export function withoutSecrets<Data extends object>(data: Data, secrets: readonly string[]): Data {
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return secrets.reduce((text, secret) => (secret === '' ? text : text.replaceAll(secret, '***')), value);
    }
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, clean(each)]));
  };
  return clean(data) as Data;
}

/** Returns whether news is good, bad, or neither, for a colour or a sign beside it. */
export function moodOf({ outcome }: Pick<News, 'outcome'>): 'good' | 'neutral' | 'bad' {
  if (outcome === 'completed') return 'good';
  return SUCCESSFUL_OUTCOMES.includes(outcome) ? 'neutral' : 'bad';
}
