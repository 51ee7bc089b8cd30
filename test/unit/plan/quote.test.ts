import { describe, expect, it } from 'vitest';
import { quote } from '../../../src/plan/quote.ts';

describe('quote', () => {
  it.each([
    ['5', '"5"'],
    ['a\nb', '"a\\u{a}b"'],
    ['\r\n::error::x', '"\\u{d}\\u{a}::error::x"'],
    ['\u{1b}[31m', '"\\u{1b}[31m"'],
    ['\u{202e}evil', '"\\u{202e}evil"'],
    ['\u{2028}', '"\\u{2028}"'],
    ['\u{200b}', '"\\u{200b}"'],
    ['\ud800', '"\\u{d800}"'],
    ['naïve 🚀', '"naïve 🚀"'],
  ])('shows %j on one line with nothing hidden', (text, shown) => {
    expect(quote(text)).toBe(shown);
  });

  it('cuts long text to 60 characters', () => {
    expect(quote('x'.repeat(100_000))).toBe(`"${'x'.repeat(59)}…"`);
    expect(quote('x'.repeat(60))).toBe(`"${'x'.repeat(60)}"`);
  });
});
