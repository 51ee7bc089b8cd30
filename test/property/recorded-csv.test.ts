/** CSV says the same with quotes around its cells and without. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { records } from '../../src/metrics/recorded/line-values.ts';

const cell = fc.stringMatching(/^[a-z0-9.:+ _-]{0,6}$/);
const lineEnd = fc.constantFrom('\n', '\r\n');
const rows = fc
  .integer({ min: 2, max: 4 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 6 }));

describe('the rows of CSV', () => {
  it('are the same with and without quotes', () => {
    fc.assert(
      fc.property(rows, lineEnd, fc.boolean(), (table, end, hasMark) => {
        const mark = hasMark ? '\ufeff' : '';
        const text = (quoted: boolean): string =>
          mark +
          table
            .map((row) => row.map((each) => (quoted ? `"${each.trim()}"` : each)).join(',') + end)
            .join('');
        const found = records(text(false));
        expect(found).toEqual(records(text(true)));
        expect(found.map(({ cells }) => cells)).toEqual(table.map((row) => row.map((each) => each.trim())));
      }),
      { numRuns: 300 },
    );
  });
});
