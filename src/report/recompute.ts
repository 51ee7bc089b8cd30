/** Computes the decisions of a report again, with the code that took them, and finds the first difference. Pure. */
import type { RolloutEvent } from '../core/evolve.ts';
import { decodeExact, encodeExact } from './exact-json.ts';
import { lookRecord } from './look-record.ts';
import { lookJson } from './machine-shape.ts';
import { decisionOn, type Ground, groundOf, inputsOf, stateAfter } from './recomputed-look.ts';
import { reportDigest } from './report-digest.ts';
import { differenceAtTheEnd, missingLook } from './report-ending.ts';
import { type LookJson, type ReportJson, reportSchema } from './report-schema.ts';

/** What came of computing a report again. */
export type Recomputed =
  | { readonly kind: 'same'; readonly looks: number; readonly report: ReportJson }
  | {
      readonly kind: 'different';
      /** Path in the report, such as `looks[3].gates[0].verdict`. */
      readonly where: string;
      readonly reported: string;
      readonly computed: string;
    };

const ABSENT = 'nothing';
const NONE = { where: null, reported: null, computed: null } as const;

/**
 * Returns whether every decision of a report comes out again bit for bit, or the first difference.
 *
 * Never throws; a text that is no report is a difference as well. Beside each decision it checks that a look
 * goes on from the state that the one before it left, that no look is missing that may not be, that the end is one
 * that the last look allows, and the digests.
 */
export function recomputeReport(json: unknown): Recomputed {
  const parsed = reportSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = (issue?.path ?? []).map(stepText).join('').replace(/^\./, '');
    return { kind: 'different', where, reported: 'another shape', computed: issue?.message ?? 'a report' };
  }
  // As it was read: what was parsed has its keys in another order, and the digests know the order.
  const report = json as ReportJson;
  const { where, reported, computed } = differenceAtTheEnd(report) ?? missingLook(report) ?? NONE;
  return (
    differenceInLooks(report) ??
    (where === null ? null : different(where, reported, computed)) ??
    differenceOfDigest(json) ?? { kind: 'same', looks: report.looks.length, report }
  );
}

function differenceInLooks(report: ReportJson): Recomputed | null {
  if (report.looks.length === 0) return null;
  const ground = groundOf(report);
  if (ground === null) return different('plan', 'null', 'the plan that the looks were decided on');
  let digest: Different | null = null;
  for (const [index, look] of report.looks.entries()) {
    const before = report.looks[index - 1];
    const found = differenceInLook(look, before, ground);
    if (found === null) continue;
    const placed = { ...found, where: `looks[${index}]${found.where}` };
    // A digest only says that something was changed; another look may say what.
    if (found.where !== '.digest') return placed;
    digest ??= placed;
  }
  return digest;
}

type Different = Extract<Recomputed, { kind: 'different' }>;

function differenceInLook(look: LookJson, before: LookJson | undefined, ground: Ground): Different | null {
  try {
    const inputs = inputsOf(look, ground.plan);
    const decision = decisionOn(inputs, ground);
    const events = look.events.map(decodeExact) as readonly RolloutEvent[];
    const computed = { ...lookRecord(inputs, decision, look.number), events };
    const { digest, ...shown } = lookJson(computed, ground.digest);
    const { digest: reported, ...read } = look;
    return (
      firstDifference(read, shown, '') ??
      brokenChain({ look, before, ground }) ??
      firstDifference(reported, digest, '.digest')
    );
  } catch (thrown) {
    return different('.inputs', 'what no decision can be computed from', String(thrown));
  }
}

/** A look begins with the state that the look before it and what came of it left, where both are there. */
function brokenChain(chain: {
  readonly look: LookJson;
  readonly before: LookJson | undefined;
  readonly ground: Ground;
}): Different | null {
  const { look, before, ground } = chain;
  if (before === undefined) return null;
  if (look.number <= before.number) return different('.number', look.number, `more than ${before.number}`);
  if (look.number > before.number + 1) return null;
  const after = stateAfter(before, ground);
  return firstDifference(look.inputs.state, encodeExact(after), '.inputs.state');
}

function differenceOfDigest(json: unknown): Different | null {
  const { digest, ...report } = json as Record<string, unknown>;
  const computed = reportDigest(report);
  return digest === computed ? null : different('digest', digest, computed);
}

function firstDifference(reported: unknown, computed: unknown, where: string): Different | null {
  if (Object.is(reported, computed)) return null;
  if (!isTree(reported) || !isTree(computed)) return different(where, reported, computed);
  const keys = new Set([...Object.keys(computed), ...Object.keys(reported)]);
  for (const key of keys) {
    const found = firstDifference(
      (reported as Readonly<Record<string, unknown>>)[key],
      (computed as Readonly<Record<string, unknown>>)[key],
      `${where}${stepText(Array.isArray(computed) ? Number(key) : key)}`,
    );
    if (found !== null) return found;
  }
  return null;
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function stepText(key: PropertyKey): string {
  return typeof key === 'number' ? `[${key}]` : `.${String(key)}`;
}

function different(where: string, reported: unknown, computed: unknown): Different {
  const shown = (value: unknown): string => (value === undefined ? ABSENT : JSON.stringify(value));
  return { kind: 'different', where, reported: shown(reported), computed: shown(computed) };
}
