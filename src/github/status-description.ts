/** One moment of a rollout as the description of a deployment status: for people first, and readable again. Pure. */
import { readTag, writeTag } from '../core/memory-tag.ts';
import type { Moment } from '../core/ports.ts';
import { type EpochMs, type Percent, SECOND_MS } from '../core/units.ts';

/** GitHub refuses a longer description with 422. */
export const MAX_DESCRIPTION_CHARS = 140;

/** What a description says; the version to return to is the deployment's to tell. */
export type DescribedMoment = Omit<Moment, 'rolloutId' | 'previousVersion'>;

const ROLLING = 'Rolling back in stage';
const TAG = /\[octomil-rollout 1 (.*)\]$/;
const PERCENT = String.raw`(?<percent>\d{1,3}(?:\.\d{1,17})?)%`;
const TIME = String.raw`(?<since>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)`;
const PATTERN = new RegExp(
  String.raw`^(?<what>Stage|Paused in stage|Rolling back in stage) (?<stage>\d{1,4}/\d{1,4}): ${PERCENT} since ${TIME} \[1 (?<fields>[^\]]*)\]$`,
);

/**
 * Returns a description such as `Stage 2/3: 50% since 2026-11-20T11:05:00Z [1 plan=… run=…]`, at most 140
 * characters; null where even the shortest form is longer. The lease goes first: none is held then.
 */
export function describeMoment(moment: DescribedMoment): string | null {
  const texts = [describe(moment), describe({ ...moment, leaseUntil: null })];
  return texts.find((text) => text.length <= MAX_DESCRIPTION_CHARS) ?? null;
}

function describe(moment: DescribedMoment): string {
  const tag = writeTag('', { ...moment, previousVersion: null });
  const fields = (TAG.exec(tag)?.[1] ?? '').split(' ').filter((field) => !/^(stage|at)=/.test(field));
  // As in the tag, up to the second: a stage entry that is late is safe, an early one is not.
  const since = `${new Date(Math.ceil(moment.at / SECOND_MS) * SECOND_MS).toISOString().slice(0, 19)}Z`;
  const what = moment.rollingBack ? ROLLING : moment.pausing === null ? 'Stage' : 'Paused in stage';
  return `${what} ${moment.stage}/${moment.stagesTotal}: ${moment.percentage}% since ${since} [1 ${fields.join(' ')}]`;
}

/** What a description was read as. */
export interface ReadMoment {
  readonly percentage: Percent;
  readonly at: EpochMs;
  readonly rollingBack: boolean;
  /** The tag as a history's reason carries it, with the version to return to and the time that counts. */
  tagAt(at: EpochMs, previousVersion: string | null): string;
}

/** Returns what a description of ours says, or null for any other text. Never throws. */
export function readMoment(description: string): ReadMoment | null {
  const { what, percent, since, stage, fields } = PATTERN.exec(description)?.groups ?? {};
  const at = Date.parse(since ?? '');
  const percentage = Number(percent ?? Number.NaN);
  const tag = readTag(`[octomil-rollout 1 ${fields} stage=${stage} at=${at / SECOND_MS}]`);
  if (tag === null || !Number.isFinite(at) || !(percentage >= 0 && percentage <= 100)) return null;
  return {
    percentage,
    at,
    rollingBack: what === ROLLING,
    tagAt: (time, previousVersion) => writeTag('', { ...tag, at: time, previousVersion }),
  };
}
