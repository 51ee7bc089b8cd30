/** Devices counted by the API for one rollout; no source documents the fields of the answer. Pure. */
import { z } from 'zod';
import type { DeviceCount } from '../core/rollout.ts';
import { anyObject, dataOrIssues, type FieldNames, field, fieldOrNull, presentName } from './wire-field.ts';
import { count } from './wire-scalars.ts';

const ASSIGNED_NAMES: FieldNames = ['affected_devices', 'device_count', 'count'];
const LIST_NAMES: FieldNames = ['devices', 'items', 'data'];

/**
 * The schema of `affected-devices`: null where the answer counts nothing that can be relied on.
 *
 * Our assumption is `{affected_devices, on_version, reachable, total}`; a bare count under one of its
 * names, a list, and a bare number are read as the devices assigned. A page of a longer list counts
 * nothing, unless it says the list's `total`.
 */
export const deviceCountSchema: z.ZodType<DeviceCount | null> = z
  .unknown()
  .transform((value, context) => dataOrIssues(schemaFor(value).safeParse(value), context));

function schemaFor(value: unknown): z.ZodType<DeviceCount | null> {
  if (Array.isArray(value)) return z.array(z.unknown()).transform((devices) => onlyAssigned(devices.length));
  if (typeof value === 'number') return count.transform(onlyAssigned);
  return countObject;
}

const countObject = anyObject.transform((object, context): DeviceCount | null => {
  const source = { object, context };
  const counted = presentName(object, ASSIGNED_NAMES);
  if (counted !== null && !Array.isArray(object[counted])) {
    return {
      assigned: field(source, [counted], count),
      onVersion: fieldOrNull(source, ['on_version'], count),
      reachable: fieldOrNull(source, ['reachable'], count),
      total: fieldOrNull(source, ['total'], count),
    };
  }
  // Without a count of its own, `total` is the length of the list that the answer is a page of.
  const total = fieldOrNull(source, ['total'], count);
  if (total !== null) return onlyAssigned(total);
  const listName = presentName(object, counted === null ? LIST_NAMES : [counted]);
  if (listName === null) return null;
  const list = field(source, [listName], z.array(z.unknown(), { error: 'a list of devices' }));
  const limit = fieldOrNull(source, ['limit'], count);
  if (!Array.isArray(list) || (limit !== null && list.length >= limit)) return null;
  return onlyAssigned(list.length);
});

function onlyAssigned(assigned: number): DeviceCount {
  return { assigned, onVersion: null, reachable: null, total: null };
}
