/** Models, versions, groups and experiments on the wire. Pure. */
import { z } from 'zod';
import type { DeviceGroup, Model } from '../core/ports.ts';
import type { EpochMs, Percent, Ratio } from '../core/units.ts';
import { anyObject, field, fieldOrNull } from './wire-field.ts';
import { pageSchema } from './wire-page.ts';
import { count, freeText, opaqueId, percentage, time, versionText } from './wire-scalars.ts';

/** One version of a model. */
export interface ModelVersion {
  readonly version: string;
  /** The API's word, for example `published` or `active`; null where it says none. */
  readonly statusText: string | null;
  /** True when the vendor no longer serves it: it can be neither rolled out nor restored. */
  readonly retired: boolean;
  /** True when the vendor advises against it. */
  readonly deprecated: boolean;
  readonly createdAt: EpochMs | null;
}

/** One experiment that takes traffic of a model before its rollouts do. */
export interface Experiment {
  readonly id: string;
  readonly name: string | null;
  readonly status: string;
  readonly modelId: string | null;
  /** Share of the model's traffic that it takes, 0 to 1; null where the API does not tell. */
  readonly share: Ratio | null;
}

/** The schema of a model; docs /api-reference/api-models shows none of the names that octomil-python reads. */
export const modelSchema = anyObject.transform((object, context): Model => {
  const source = { object, context };
  return { id: field(source, ['id', 'model_id'], opaqueId), name: fieldOrNull(source, ['name'], freeText) };
});

/** The schema of a version. Words: contract `active deprecated retired preview`, octomil-python `published`. */
export const versionSchema = anyObject.transform((object, context): ModelVersion => {
  const source = { object, context };
  const statusText = fieldOrNull(source, ['status', 'lifecycle'], freeText);
  const word = typeof statusText === 'string' ? statusText.toLowerCase() : null;
  return {
    version: field(source, ['version'], versionText),
    statusText,
    retired: word === 'retired',
    deprecated: word === 'deprecated',
    createdAt: fieldOrNull(source, ['created_at', 'uploaded_at'], time),
  };
});

/** The schema of a device group. Source: docs /api-reference/api-device-groups. */
export const groupSchema = anyObject.transform((object, context): DeviceGroup => {
  const source = { object, context };
  const id = field(source, ['id', 'group_id'], opaqueId);
  return {
    id,
    name: fieldOrNull(source, ['name'], freeText) ?? id,
    deviceCount: fieldOrNull(source, ['device_count', 'matched_count'], count),
  };
});

/** The schema of an experiment; its running status is `running` (docs) or `active` (octomil-browser). */
export const experimentSchema = anyObject.transform((object, context): Experiment => {
  const source = { object, context };
  return {
    id: field(source, ['id', 'experiment_id'], opaqueId),
    name: fieldOrNull(source, ['name'], freeText),
    status: fieldOrNull(source, ['status'], freeText) ?? '',
    modelId: fieldOrNull(source, ['model_id'], opaqueId),
    share: shareOf(fieldOrNull(source, ['traffic_percentage'], percentage)),
  };
});

function shareOf(percent: Percent | null): Ratio | null {
  return percent === null ? null : percent / 100;
}

/** The schema of a page of models. */
export const modelPageSchema = pageSchema(['models'], modelSchema);
/** The schema of a page of versions, newest first. */
export const versionPageSchema = pageSchema(['versions'], versionSchema);
/** The schema of a page of device groups. */
export const groupPageSchema = pageSchema(['groups', 'device_groups'], groupSchema);
/** The schema of a page of experiments. */
export const experimentPageSchema = pageSchema(['experiments'], experimentSchema);
/** The schema of the devices list, of which only the numbers are read. */
export const devicePageSchema = pageSchema(['devices'], z.unknown());

/** The schema of the versions inside a model's own object; none where it names none. */
export const modelVersionsSchema = anyObject.transform(
  (object, context): readonly ModelVersion[] =>
    fieldOrNull({ object, context }, ['versions'], z.array(versionSchema, { error: 'a list' })) ?? [],
);
