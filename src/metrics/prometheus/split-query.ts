/** A series asked for each part of the fleet: one grouped query for each text, taken apart by label. Adapter. */
import type { Window } from '../../core/evidence.ts';
import type { SeriesShape } from '../../core/series.ts';
import { placeholdersIn } from '../../core/series-placeholders.ts';
import { fillPlaceholders } from '../placeholders.ts';
import { type Leaf, leavesOf } from '../series-leaves.ts';
import { type LeafAnswer, type LeafName, NO_VALUE, type PartsAnswer } from '../series-source.ts';
import { shown } from '../server-of-numbers.ts';
import { cleaned, MAX_WHY_CHARS } from '../shown-answer.ts';
import { countProblem, measuresHowMuch } from './counting-query.ts';
import { type Asking, type Connected, NOTHING_NEW, query, queryRecent } from './instant-query.ts';
import { PROMQL_STYLE } from './promql-text.ts';
import type { Sample } from './query-answer.ts';
import { bucketsIn, numberIn } from './sample-value.ts';

const MOST_PARTS = 200;
const MAX_VALUE_CHARS = 80;
const NO_SAMPLE: LeafAnswer = { kind: 'none', why: 'the query found no series of this part' };
// Devices only weigh evidence, so a series can be split without them.
const WEIGHTS: readonly LeafName[] = ['devices', 'devicesWithEvents'];

/** By what a series is split, over which whole seconds. */
export interface SplitAsking extends Asking {
  readonly by: string;
  readonly window: Window;
}

/** What one text says of each part, by the value of its label. */
type TextParts =
  | { readonly kind: 'parts'; readonly leaf: Leaf; readonly parts: ReadonlyMap<string, LeafAnswer> }
  | { readonly kind: 'error'; readonly why: string };

/**
 * Returns one answer for each value of the label `by` that the texts which say how much there was, or how many
 * devices, answer with; `(none)` for samples without the label.
 *
 * Devices are left out where their text has no `{{by}}`. `unavailable` where another text has none, or where no
 * sample has the label. `error` where a text fails, has more than 200 values or two that read alike.
 */
export async function askSplit(
  connected: Connected,
  shape: SeriesShape,
  asking: SplitAsking,
): Promise<PartsAnswer> {
  const all = leavesOf(shape);
  const leaves = all.filter(({ text }) => placeholdersIn(text).includes('by'));
  const whole = all.find((leaf) => !WEIGHTS.includes(leaf.name) && !leaves.includes(leaf));
  if (whole !== undefined) return { kind: 'unavailable', why: unsplit(connected, whole) };
  const texts = await Promise.all(leaves.map((leaf) => askText(connected, leaf, asking)));
  const answered: Extract<TextParts, { kind: 'parts' }>[] = [];
  for (const text of texts) {
    if (text.kind === 'error') {
      return { kind: 'error', why: shown(connected.server, text.why, MAX_WHY_CHARS) };
    }
    answered.push(text);
  }
  // What `or vector(0)` adds has no label and stands for no part.
  const values = new Set(
    answered.flatMap(({ leaf, parts }) => (isOfParts(leaf.name) ? [...parts.keys()] : [])),
  );
  if (values.size === 1 && values.has(NO_VALUE)) {
    return { kind: 'unavailable', why: `no series that prometheus found has the label ${asking.by}` };
  }
  const partOf = (value: string) => ({
    covered: asking.window,
    leaves: Object.fromEntries(answered.map(({ leaf, parts }) => [leaf.name, parts.get(value) ?? NO_SAMPLE])),
    warnings: [],
    asked: '',
    found: null,
    newestAt: null,
  });
  return { kind: 'parts', parts: new Map([...values].map((value) => [value, partOf(value)])) };
}

function isOfParts(name: LeafName): boolean {
  return name === 'devices' || name === 'value' || measuresHowMuch(name);
}

function unsplit(connected: Connected, { name, text }: Leaf): string {
  const example = name === 'buckets' ? 'sum by (le, {{by}}) (…)' : 'sum by ({{by}}) (…)';
  return `${name}: ${shown(connected.server, text)} cannot be split; group it with ${example}`;
}

async function askText(connected: Connected, leaf: Leaf, asking: SplitAsking): Promise<TextParts> {
  const failed = (why: string): TextParts => ({ kind: 'error', why: `${leaf.name}: ${why}` });
  const filled = fillPlaceholders(leaf.text, asking.scope, PROMQL_STYLE);
  if (filled.kind !== 'text') return failed(filled.why);
  const problem = countProblem(leaf);
  if (problem !== null) return failed(problem);
  const [answer, recent] = await Promise.all([
    query(connected, filled.text, asking),
    queryRecent(connected, leaf, asking),
  ]);
  if (answer.kind === 'error') return failed(answer.why);
  if (recent !== null && recent.kind !== 'samples') {
    return failed(recent.why);
  }
  const groups = groupedBy(connected, answer.samples, asking.by);
  if (typeof groups === 'string') return failed(groups);
  const isNew =
    recent === null ? null : new Set(recent.samples.map(({ labels }) => rawValue(labels, asking.by)));
  const parts = [...groups].map(([value, { raw, samples }]): [string, LeafAnswer] => {
    const said = leaf.name === 'buckets' ? bucketsIn(samples) : numberIn(samples);
    const isStale = isNew !== null && !isNew.has(raw) && said.kind !== 'error';
    return [value, cleaned(connected.server, isStale ? { kind: 'none', why: NOTHING_NEW } : said)];
  });
  return { kind: 'parts', leaf, parts: new Map(parts) };
}

interface Group {
  /** The label's value as it was sent. */
  readonly raw: string;
  readonly samples: Sample[];
}

/** Returns the samples by what their label reads as, or why they cannot be taken apart. */
function groupedBy(
  connected: Connected,
  samples: readonly Sample[],
  by: string,
): ReadonlyMap<string, Group> | string {
  const groups = new Map<string, Group>();
  for (const sample of samples) {
    const raw = rawValue(sample.labels, by);
    const value = raw === '' ? NO_VALUE : shown(connected.server, raw, MAX_VALUE_CHARS);
    const known = groups.get(value);
    if (value === '') return `the label ${by} has a value without a printable character; rename it`;
    if (known !== undefined && known.raw !== raw) {
      return `the label ${by} has two values that read "${value}"; rename one of them`;
    }
    if (known === undefined) groups.set(value, { raw, samples: [sample] });
    else known.samples.push(sample);
  }
  if (groups.size <= MOST_PARTS) return groups;
  return `the label ${by} has ${groups.size} values, expected at most ${MOST_PARTS}; use a coarser label`;
}

/** Prometheus does not tell an empty label from none. */
function rawValue(labels: Sample['labels'], by: string): string {
  return Object.hasOwn(labels, by) ? (labels[by] ?? '') : '';
}
