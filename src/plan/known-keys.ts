/** Which keys exist at which level of a plan, for the message about one that does not. Pure. */
import type { z } from 'zod';
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
import { planMap, rollbackMap } from './schema.ts';
import { segmentsMap } from './segment-schema.ts';
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
const SEGMENTS = levelOf('`segments`', segmentsMap);
const RATE_GATE = levelOf('a gate', rateGateMap);
const LATENCY_GATE = levelOf('a gate', latencyGateMap);
const ADOPTION_GATE = levelOf('the adoption gate', adoptionGateMap);
const QUALITY_GATE = levelOf('the quality gate', qualityGateMap);
const ASSIGNMENT_GATE = levelOf('the assignment gate', assignmentGateMap);
const LEVELS = [PLAN, STAGE, GATES, RATE_GATE, ADOPTION_GATE, ROLLBACK, SEGMENTS];

/** Keys that the product's design defines and this version does not have. */
const LATER = ['approval', 'confirm', 'extends', 'metrics', 'target', 'windows'];

/** Returns what was expected instead of an unknown key at a path, and what may have been meant. */
export function unknownKey(path: Path): { readonly expected: string; readonly hint: string | null } {
  const key = String(path.at(-1));
  const level = findLevel(path.slice(0, -1));
  const hint = hintFor(key, level);
  return { expected: hint === null ? `one of ${level.keys.join(', ')}` : `a key of ${level.name}`, hint };
}

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
    return String(last).startsWith('latency_') ? LATENCY_GATE : RATE_GATE;
  }
  if (last === 'gates') return GATES;
  if (last === 'rollback') return ROLLBACK;
  if (last === 'segments') return SEGMENTS;
  return typeof last === 'number' ? STAGE : PLAN;
}
