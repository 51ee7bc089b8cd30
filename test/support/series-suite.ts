/** The contract of every source of health: plays each situation, judges what came of it, and writes the table. */
import type { Counts, Evidence } from '../../src/core/evidence.ts';
import type { HealthSource } from '../../src/core/ports.ts';
import { areCountsSane, objectionTo } from '../../src/core/usable-evidence.ts';
import { watchCounters } from '../../src/metrics/growing-counters.ts';
import { EXTRAPOLATED_MS } from '../../src/metrics/prometheus/prometheus-source.ts';
import type { LeafAnswer, SeriesAnswer } from '../../src/metrics/series-source.ts';
import { exampleQuery, GATES } from './health-answers.ts';
import {
  SITUATION_NAMES,
  SITUATIONS,
  type Situation,
  type SituationName,
  type Told,
} from './series-situations.ts';
import { SECRET, type SeriesStage } from './series-stage.ts';

/** What came of one situation with one source: a word for the table, and what breaks the contract. */
export interface Cell {
  readonly word: string;
  readonly breaches: readonly string[];
}

/** Plays one situation. Resolves with null where it cannot come about. */
export async function playCell(stage: SeriesStage, name: SituationName): Promise<Cell | null> {
  if (stage.cannot[name] !== undefined) return null;
  const situation: Situation = SITUATIONS[name];
  const played = await stage.play(situation);
  try {
    const answers = [await played.ask()];
    if (situation.thenTold !== undefined) answers.push(await played.ask());
    const { word, breaches } = await judge(stage, situation, answers);
    const leaks = JSON.stringify(answers).includes(SECRET) ? ['the secret is in the answer'] : [];
    const outside = answers.flatMap((answer) => outsideOf(answer, situation));
    const { from, to } = played.askedFor() ?? situation.window;
    const isAskedWhole = from === situation.window.from && to === situation.window.to;
    const asked = isAskedWhole ? [] : [`asked for ${from}..${to} and not for the window`];
    return { word, breaches: [...breaches, ...leaks, ...outside, ...asked] };
  } finally {
    await played.close();
  }
}

/** Returns the table of all cells as Markdown, with the reasons of those that cannot come about. */
export function renderTable(
  stages: readonly SeriesStage[],
  words: Readonly<Record<string, Readonly<Partial<Record<SituationName, string>>>>>,
): string {
  const reasons: string[] = [];
  const noteOf = (reason: string): string => {
    if (!reasons.includes(reason)) reasons.push(reason);
    return `– [${reasons.indexOf(reason) + 1}]`;
  };
  const rows = SITUATION_NAMES.map((name) => {
    const cells = stages.map(({ source, cannot }) => {
      const reason = cannot[name];
      return reason === undefined ? (words[source]?.[name] ?? '') : noteOf(reason);
    });
    return `| ${name} | ${cells.join(' | ')} |`;
  });
  const header = `| | ${stages.map(({ source }) => `\`${source}\``).join(' | ')} |`;
  const notes = reasons.map((reason, index) => `${index + 1}. ${reason}.`);
  return [header, `|---|${'---|'.repeat(stages.length)}`, ...rows, '', ...notes].join('\n');
}

type Judged = Cell;

async function judge(
  stage: SeriesStage,
  situation: Situation,
  answers: readonly SeriesAnswer[],
): Promise<Judged> {
  const [answer] = answers;
  if (answer === undefined) throw new Error('nothing was asked');
  const kind = kindOf(answer);
  const { expects, window } = situation;
  switch (expects) {
    case 'numbers':
      return judged(
        kind,
        kind === 'numbers' ? differences(situation, answer) : [`expected numbers, got ${kind}`],
      );
    case 'numbers of the part': {
      const { from, to } = situation.measured ?? window;
      const isPart = answer.covered.from === from && answer.covered.to === to;
      const wrong = isPart
        ? []
        : [`covered ${answer.covered.from}..${answer.covered.to}, measured ${from}..${to}`];
      return judged(`${kind}, and the part`, [...differences(situation, answer), ...wrong]);
    }
    case 'stale':
      // Without trials there is no evidence, whatever else is told.
      if (answer.leaves.trials?.kind === 'none') return judged('nothing', []);
      return judged(
        `${kind}, and how old`,
        objectionTo(answer.covered, window.to) === null ? ['old numbers look new'] : [],
      );
    case 'impossible':
      if (kind === 'error') return judged(kind, []);
      return judged(
        'error when judged',
        areCountsSane(countsOf(answer)) ? ['impossible counts look sane'] : [],
      );
    case 'went back':
      return judged('error when judged', await wentBack(stage, answers));
    case 'nothing':
    case 'error':
      return judged(
        kind,
        kind === expects ? [] : [`expected ${expects}, got ${kind}: ${JSON.stringify(answer.leaves)}`],
      );
  }
}

function judged(word: string, breaches: readonly string[]): Judged {
  return { word, breaches };
}

/** `mixed` where some texts found nothing beside others that failed or were numbers. */
function kindOf({ leaves }: SeriesAnswer): 'numbers' | 'nothing' | 'error' | 'mixed' {
  const kinds = Object.values(leaves).map(({ kind }) => kind);
  if (kinds.length === 0) return 'mixed';
  if (kinds.every((kind) => kind === 'none')) return 'nothing';
  if (kinds.includes('none')) return 'mixed';
  return kinds.includes('error') ? 'error' : 'numbers';
}

function differences({ told }: Situation, { leaves }: SeriesAnswer): readonly string[] {
  const names = new Set([...Object.keys(told ?? {}), ...Object.keys(leaves)]) as ReadonlySet<keyof Told>;
  return [...names].flatMap((name) => {
    const got = plain(leaves[name]);
    const want = rounded(told?.[name]);
    return got === want ? [] : [`${name}: told ${want}, answered ${got}`];
  });
}

function plain(leaf: LeafAnswer | undefined): string {
  if (leaf?.kind === 'number') return rounded(leaf.value);
  if (leaf?.kind !== 'buckets') return JSON.stringify(leaf) ?? 'nothing';
  const entries = leaf.buckets.map(({ upTo, count }) => [
    upTo === Number.POSITIVE_INFINITY ? '+Inf' : upTo,
    count,
  ]);
  return rounded(Object.fromEntries(entries));
}

// Shares that were turned into counts and back differ in the last digits.
function rounded(value: unknown): string {
  return (
    JSON.stringify(value, (_key, each) => (typeof each === 'number' ? Number(each.toPrecision(12)) : each)) ??
    'nothing'
  );
}

function outsideOf({ covered }: SeriesAnswer, { window }: Situation): readonly string[] {
  const isWithin = covered.from >= window.from && covered.to <= window.to;
  return isWithin ? [] : [`covered ${covered.from}..${covered.to}, which is not within the window`];
}

function countsOf({ leaves }: SeriesAnswer): Counts {
  const at = (leaf: LeafAnswer | undefined): number => (leaf?.kind === 'number' ? leaf.value : Number.NaN);
  return {
    events: at(leaves.events),
    trials: at(leaves.trials),
    devices: at(leaves.devices),
    devicesWithEvents: at(leaves.devicesWithEvents),
  };
}

/** Asks what becomes of the answers where totals are remembered. */
async function wentBack(
  { source: name }: SeriesStage,
  answers: readonly SeriesAnswer[],
): Promise<readonly string[]> {
  const left = [...answers];
  const source: Pick<HealthSource, 'read'> = {
    async read() {
      const answer = left.shift();
      if (answer === undefined) return [];
      return [{ kind: 'counts', candidate: countsOf(answer), baseline: null, covered: answer.covered }];
    },
  };
  const watched = watchCounters(source as HealthSource, name === 'prometheus' ? EXTRAPOLATED_MS : 0);
  const kinds: (Evidence['kind'] | undefined)[] = [];
  for (const _ of answers) kinds.push((await watched.read(exampleQuery(GATES.error_rate)))[0]?.kind);
  return kinds.join() === 'counts,error' ? [] : [`expected counts and then an error, got ${kinds.join()}`];
}
