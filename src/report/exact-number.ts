/** The shape of a number that loses no bit on its way through JSON. Pure. */
import { z } from 'zod';

/** A number to the last bit; an object where JSON has no word for it. */
export const exactNumber = z
  .union([z.number(), z.strictObject({ number: z.enum(['-0', 'NaN', 'Infinity', '-Infinity']) })])
  .meta({ id: 'number' });
