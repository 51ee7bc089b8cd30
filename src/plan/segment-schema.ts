/** The `segments` key of a plan: by which attributes of devices gates are judged beside the whole fleet. Pure. */
import { z } from 'zod';
import { key, mapOf } from './key.ts';
import { count, scalar } from './scalar.ts';

const MAX_ATTRIBUTES = 5;
const ATTRIBUTE = '^[a-z][a-z0-9_]{0,39}$';

/** The name of a label or a column; it is put into queries, so nothing else is allowed in it. */
const attribute = scalar<string>(
  { typeName: 'attribute', range: '1 to 40 characters', type: 'string', pattern: ATTRIBUTE },
  'the name of an attribute such as device_class: lower-case letters, digits and _',
  (text) =>
    new RegExp(ATTRIBUTE).test(text)
      ? { value: text }
      : {
          expected: 'the name of an attribute such as device_class: lower-case letters, digits and _',
          hint: null,
        },
);

/** How the fleet is divided. */
export const segmentsMap = mapOf('a map with by and min_devices', {
  by: key(
    z
      .array(attribute, { error: () => 'a list of attributes such as [device_class, os, region]' })
      .min(1, { error: () => 'at least one attribute' })
      .max(MAX_ATTRIBUTES, { error: () => `at most ${MAX_ATTRIBUTES} attributes` })
      .refine((names) => new Set(names).size === names.length, { error: () => 'each attribute once' })
      .meta({ range: `1 to ${MAX_ATTRIBUTES} attributes` }),
    {
      description:
        'Attributes of devices that the source can tell apart, such as `device_class`, `os` or `region`; each divides the whole fleet.',
      required: true,
      example: '[device_class, os]',
    },
  ),
  min_devices: key(count(), {
    description: 'Segments of fewer devices, of both versions together, are taken together as one.',
    default: '20',
    example: '50',
  }),
});
