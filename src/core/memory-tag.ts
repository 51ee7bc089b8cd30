/** The short tag that each write leaves in the rollout's history, so that a later run knows what this one knew. Pure. */
import { PAUSE_MARKS, type PauseMark } from './rollout.ts';
import { type EpochMs, SECOND_MS } from './units.ts';

/** What a tag remembers. */
export interface MemoryTag {
  readonly planDigest: string;
  /** One-based stage and number of stages. */
  readonly stage: number;
  readonly stagesTotal: number;
  /** Version to return to; null for a first-ever rollout. */
  readonly previousVersion: string | null;
  /** Run id, run number and attempt of the workflow run that wrote it. */
  readonly run: string;
  /** When it was written, rounded up to the second: a stage entry that is late is safe, an early one is not. */
  readonly at: EpochMs;
  /** Set on the write that precedes a pause of ours. */
  readonly pausing: PauseMark | null;
  /** Until when the run that wrote it expects to have acted again; null for a run that ends with the write. */
  readonly leaseUntil: EpochMs | null;
}

const OPENING = '[octomil-rollout 1 ';
const PATTERN = /\[octomil-rollout 1 ([^\]]*)\]/g;

/** Returns human text followed by the tag; the text loses anything that could be mistaken for a tag. */
export function writeTag(text: string, tag: MemoryTag): string {
  const fields = [
    `plan=${encode(tag.planDigest)}`,
    `stage=${tag.stage}/${tag.stagesTotal}`,
    ...(tag.previousVersion === null ? [] : [`prev=${encode(tag.previousVersion)}`]),
    `run=${encode(tag.run)}`,
    `at=${Math.ceil(tag.at / SECOND_MS)}`,
    ...(tag.leaseUntil === null ? [] : [`until=${Math.ceil(tag.leaseUntil / SECOND_MS)}`]),
    ...(tag.pausing === null ? [] : [`pausing=${tag.pausing}`]),
  ];
  return `${text.replaceAll('[', '(').replaceAll(']', ')')} ${OPENING}${fields.join(' ')}]`;
}

/** Returns the last readable tag of a reason, or null: a tag that is damaged is no tag. */
export function readTag(reason: string | null): MemoryTag | null {
  const bodies = [...(reason ?? '').matchAll(PATTERN)].map((match) => match[1] ?? '');
  return bodies.reduceRight<MemoryTag | null>((found, body) => found ?? readFields(body), null);
}

function readFields(body: string): MemoryTag | null {
  const fields = new Map(body.split(' ').map((field) => splitField(field)));
  const stage = /^(\d{1,4})\/(\d{1,4})$/.exec(fields.get('stage') ?? '');
  const at = Number(fields.get('at') ?? Number.NaN);
  const planDigest = decode(fields.get('plan'));
  const run = decode(fields.get('run'));
  if (stage === null || !Number.isSafeInteger(at) || at <= 0 || planDigest === null || run === null)
    return null;
  const pausing = PAUSE_MARKS.find((mark) => mark === fields.get('pausing')) ?? null;
  return {
    planDigest,
    stage: Number(stage[1]),
    stagesTotal: Number(stage[2]),
    previousVersion: decode(fields.get('prev')),
    run,
    at: at * SECOND_MS,
    pausing,
    leaseUntil: readSeconds(fields.get('until')),
  };
}

function readSeconds(text: string | undefined): EpochMs | null {
  const seconds = Number(text ?? Number.NaN);
  return Number.isSafeInteger(seconds) && seconds > 0 ? seconds * SECOND_MS : null;
}

function splitField(field: string): [string, string] {
  const equals = field.indexOf('=');
  return equals < 0 ? [field, ''] : [field.slice(0, equals), field.slice(equals + 1)];
}

// A lone surrogate cannot be encoded and would throw; a server may send one.
function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '?'));
}

function decode(text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
