/** Which keys exist at which level of a plan, for the message about one that does not. Pure. */
import type { z } from 'zod';
import { customGateMap } from './custom-gate-schema.ts';
import {
  adoptionGateMap,
  assignmentGateMap,
  gatesMap,
  latencyGateMap,
  qualityGateMap,
  rateGateMap,
} from './gate-schema.ts';
import { nearestKey } from './nearest-key.ts';
import type { Path } from './position.ts';
import { showInline } from './quote.ts';
import { planMap, rollbackMap } from './schema.ts';
import { seriesMap } from './series-schema.ts';
import { stageMap } from './stage-schema.ts';

interface Level {
  readonly name: string;
  readonly keys: readonly string[];
}

const levelOf = (name: string, map: z.ZodObject): Level => ({ name, keys: Object.keys(map.shape) });

const PLAN = levelOf('the plan', planMap);
const STAGE = levelOf('a stage', stageMap);
const GATES = levelOf('`gates`', gatesMap);
const ROLLBACK = levelOf('`rollback`', rollbackMap);
const SERIES = levelOf('a series', seriesMap);
const CUSTOM_GATE = levelOf('a gate of your own', customGateMap);
const RATE_GATE = levelOf('a gate', rateGateMap);
const LATENCY_GATE = levelOf('a gate', latencyGateMap);
const ADOPTION_GATE = levelOf('the adoption gate', adoptionGateMap);
const QUALITY_GATE = levelOf('the quality gate', qualityGateMap);
const ASSIGNMENT_GATE = levelOf('the assignment gate', assignmentGateMap);
const LEVELS = [PLAN, STAGE, GATES, RATE_GATE, ADOPTION_GATE, ROLLBACK];

/** Keys that the product's design defines and this version does not have. */
const LATER = ['approval', 'confirm', 'extends', 'segments', 'target', 'windows'];

/** Returns what was expected instead of an unknown key at a path, and what may have been meant. */
export function unknownKey(path: Path): { readonly expected: string; readonly hint: string | null } {
  const key = String(path.at(-1));
  const level = findLevel(path.slice(0, -1));
  const hint = hintFor(key, level);
  return { expected: hint === null ? `one of ${level.keys.join(', ')}` : `a key of ${level.name}`, hint };
}

/** Returns the same for a name that is neither in the catalogue of gates nor measured by a series of the plan. */
export function unknownGate(
  name: string,
  measured: readonly string[],
): { readonly expected: string; readonly hint: string } {
  const near = nearestKey(name, [...GATES.keys, ...measured]);
  const known = near === null ? hintFor(name, GATES) : `Did you mean ${near}?`;
  return { expected: 'a key of `gates`', hint: `${known ?? ''} ${OWN_GATE(name)}`.trim() };
}

const OWN_GATE = (name: string): string =>
  `A gate of your own needs a series of its name: metrics.${showInline(name)}.`;

function hintFor(key: string, level: Level): string | null {
  if (LATER.includes(key)) return `${key} is not available in this version.`;
  const elsewhere = LEVELS.find((each) => each.keys.includes(key));
  if (elsewhere !== undefined) return `${key} is a key of ${elsewhere.name}.`;
  const near = nearestKey(key, level.keys);
  if (near !== null) return `Did you mean ${near}?`;
  return level === GATES ? `This version knows the gates ${level.keys.join(', ')}.` : null;
}

function findLevel(path: Path): Level {
  const last = path.at(-1);
  if (path.at(-2) === 'gates') {
    if (last === 'adoption') return ADOPTION_GATE;
    if (last === 'assignment') return ASSIGNMENT_GATE;
    if (last === 'quality') return QUALITY_GATE;
    if (String(last).startsWith('latency_') && GATES.keys.includes(String(last))) return LATENCY_GATE;
    return GATES.keys.includes(String(last)) ? RATE_GATE : CUSTOM_GATE;
  }
  if (path.at(-2) === 'metrics' && path.length === 2) return SERIES;
  if (last === 'gates') return GATES;
  if (last === 'rollback') return ROLLBACK;
  return typeof last === 'number' ? STAGE : PLAN;
}
