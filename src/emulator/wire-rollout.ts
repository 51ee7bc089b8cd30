/** A rollout on the wire, in the shapes that the public sources disagree about. */
import { hashKeys } from '../simulation/random-source.ts';
import type { EmulatorSettings } from './emulator-options.ts';
import { type EmulatorReply, emptyReply, jsonReply } from './exchange.ts';
import { groupId } from './groups.ts';
import type { RolloutRecord } from './rollout-record.ts';

const ROLLOUT_ID_KEY = 7;

/** Returns a version as the profile sends it: text, or a number where it is a whole one. */
export function wireVersion(version: string, { switches }: EmulatorSettings): string | number {
  return switches['versions-as'] === 'integer' && /^\d+$/.test(version) ? Number(version) : version;
}

/** Returns a time as the wire has it: ISO 8601 in UTC. */
export function wireTime(at: number): string {
  return new Date(at).toISOString();
}

/** Returns the id of a rollout: `rol_` and six hex digits of seed and sequence (docs), or the sequence. */
export function wireRolloutId(sequence: number, { switches, seed }: EmulatorSettings): string | number {
  if (switches['rollout-id'] === 'integer') return sequence;
  const digits = hashKeys([seed, ROLLOUT_ID_KEY, sequence]) >>> 8;
  return `rol_${digits.toString(16).padStart(6, '0')}`;
}

/** Returns a rollout object. Source: docs /api-reference/api-rollouts; octomil-python 3c7bad6. */
export function wireRollout(
  rollout: RolloutRecord,
  settings: EmulatorSettings,
): Readonly<Record<string, unknown>> {
  const { switches, modelId } = settings;
  const { sequence, version, status, percentage, targetPercentage, incrementStep, group } = rollout;
  return {
    [switches['id-field']]: wireRolloutId(sequence, settings),
    model_id: modelId,
    version: wireVersion(version, settings),
    status,
    [switches['percentage-field']]: percentage,
    target_percentage: targetPercentage,
    increment_step: incrementStep,
    ...(switches.group === 'silent' ? {} : { group: group === null ? null : groupId(group) }),
    ...(switches.timestamps === 'absent'
      ? {}
      : { created_at: wireTime(rollout.createdAt), updated_at: wireTime(rollout.updatedAt) }),
  };
}

/** Returns the answer to a list of rollouts: bare, or in the envelope of the profile. */
export function rolloutListReply(
  rollouts: readonly RolloutRecord[],
  settings: EmulatorSettings,
): EmulatorReply {
  const list = rollouts.map((rollout) => wireRollout(rollout, settings));
  const { list: envelope } = settings.switches;
  return jsonReply(envelope === 'bare' ? list : { [envelope]: list });
}

/** Returns the answer to a verb: the rollout, or nothing. */
export function verbReply(rollout: RolloutRecord, settings: EmulatorSettings): EmulatorReply {
  return settings.switches.verbs === 'empty' ? emptyReply() : jsonReply(wireRollout(rollout, settings));
}
