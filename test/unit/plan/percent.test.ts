import { describe, expect, it } from 'vitest';
import { parsePercent, percentHint, writePercent } from '../../../src/plan/percent.ts';

describe('parsePercent', () => {
  it.each([
    ['5%', 5],
    ['0%', 0],
    ['0.5%', 0.5],
    ['100%', 100],
    ['12.345678%', 12.345678],
  ])('reads %s', (text, percent) => {
    expect(parsePercent(text)).toBe(percent);
  });

  it.each([
    '',
    '%',
    '5',
    '0.05',
    '.5%',
    '5.%',
    '-5%',
    '+5%',
    '5 %',
    '5%%',
    '1e1%',
    '5,5%',
    'NaN%',
    '1000%',
    '٥%',
  ])('refuses %j', (text) => {
    expect(parsePercent(text)).toBeNull();
  });
});

describe('percentHint', () => {
  it.each([
    ['0.05', 'Did you mean 5% or 0.05%?'],
    ['0.07', 'Did you mean 7% or 0.07%?'],
    ['5', 'Did you mean 5% or 0.05%?'],
    ['1', 'Did you mean 100% or 1%?'],
    ['0', 'Did you mean 0%?'],
    ['5 %', 'Did you mean 5%?'],
    ['5 percent', 'Did you mean 5%?'],
    ['2,5%', 'Did you mean 2.5%?'],
    ['.05', 'Did you mean 5% or 0.05%?'],
    ['five', null],
    ['', null],
    ['-5', null],
  ])('guesses what %j means', (text, hint) => {
    expect(percentHint(text)).toBe(hint);
  });
});

describe('writePercent', () => {
  it.each([
    [7.000000000000001, '7%'],
    [0.05, '0.05%'],
    [100, '100%'],
    [12.345678, '12.345678%'],
  ])('writes %d without the noise of binary fractions', (percent, text) => {
    expect(writePercent(percent)).toBe(text);
  });
});
