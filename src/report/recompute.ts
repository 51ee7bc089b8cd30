/** Computes the decisions of a report again, with the code that took them, and finds the first difference. Pure. */
import { decide } from '../core/decide.ts';
import { evolve, type RolloutEvent } from '../core/evolve.ts';
import type { Decision } from '../core/look.ts';
import { NOTHING_TOLD, type OrgPolicy } from '../core/org-policy.ts';
import { type Plan, stageAt } from '../core/plan.ts';
import { asRemembered } from '../core/remembered.ts';
import type { RolloutState } from '../core/rollout.ts';
import { withinPolicy } from '../core/within-policy.ts';
import { decodeExact, encodeExact } from './exact-json.ts';
import { lookRecord } from './look-record.ts';
import { lookJson } from './machine-shape.ts';
import { groundDigest, reportDigest } from './report-digest.ts';
import { differenceAtTheEnd, missingLook } from './report-ending.ts';
import { type LookJson, type ReportJson, reportSchema } from './report-schema.ts';
import type { LookInputs } from './run-record.ts';

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

interface Ground {
  readonly plan: Plan;
  readonly policy: OrgPolicy;
  readonly digest: string;
  /** True for a tick, which takes the age of its evidence from the source. */
  readonly forgets: boolean;
}

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
  if (report.plan === null) return different('plan', 'null', 'the plan that the looks were decided on');
  const ground: Ground = {
    plan: decodeExact(report.plan) as Plan,
    policy: report.policy === null ? NOTHING_TOLD : (decodeExact(report.policy) as OrgPolicy),
    digest: groundDigest(encodeExact(decodeExact(report.plan)), encodeExact(decodeExact(report.policy))),
    forgets: report.command === 'advance',
  };
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

function inputsOf({ inputs }: LookJson, plan: Plan): LookInputs {
  const { state, look } = decodeExact(inputs) as LookInputs;
  const isWatched = state.phase === 'soaking' || state.phase === 'baking';
  const gates = isWatched ? stageAt(plan, state.stageIndex).gates : [];
  if (look.readings.length !== gates.length) {
    throw new RangeError(`${look.readings.length} readings for ${gates.length} gates`);
  }
  const readings = look.readings.map((reading, index) => {
    const gate = gates[index];
    if (gate === undefined) throw new RangeError(`no gate ${index}`);
    return { ...reading, gate };
  });
  return { state, look: { ...look, readings } };
}

function decisionOn({ state, look }: LookInputs, { plan, policy, forgets }: Ground): Decision {
  const known = forgets ? asRemembered(state, look) : state;
  return withinPolicy(decide(plan, known, look), { plan, state, look, policy });
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
  const { plan } = ground;
  const inputs = inputsOf(before, plan);
  const { verdicts } = decisionOn(inputs, ground);
  const happened = before.events.map(decodeExact) as readonly RolloutEvent[];
  const looked: RolloutEvent = { kind: 'looked', look: inputs.look, verdicts };
  const after = [looked, ...happened].reduce<RolloutState>(
    (state, event) => evolve(plan, state, event),
    inputs.state,
  );
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
