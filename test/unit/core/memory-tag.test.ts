import { describe, expect, it } from 'vitest';
import { type MemoryTag, readTag, writeTag } from '../../../src/core/memory-tag.ts';
import { PAUSE_MARKS } from '../../../src/core/rollout.ts';
import { aTag, T0 } from '../../support/core-builders.ts';

const AT_S = T0 / 1000;
const TAG = `[octomil-rollout 1 plan=0123456789ab stage=1/3 prev=1.9.0 run=123.45.1 at=${AT_S}]`;

describe('a written tag', () => {
  it('follows the human text', () => {
    expect(writeTag('stage 1%', aTag())).toBe(`stage 1% ${TAG}`);
  });

  it('leaves out what there is not', () => {
    expect(writeTag('x', aTag({ previousVersion: null }))).toBe(
      `x [octomil-rollout 1 plan=0123456789ab stage=1/3 run=123.45.1 at=${AT_S}]`,
    );
  });

  it('says why a pause of ours follows', () => {
    expect(writeTag('x', aTag({ pausing: 'timeout' }))).toBe(`x ${TAG.slice(0, -1)} pausing=timeout]`);
  });

  it('tells the time rounded up to the second: a late stage entry is safe, an early one is not', () => {
    expect(writeTag('x', aTag({ at: T0 + 999 }))).toBe(`x ${TAG.replace(`at=${AT_S}`, `at=${AT_S + 1}`)}`);
  });
});

describe('what is written is read', () => {
  it.each<{ fact: string; tag: MemoryTag }>([
    { fact: 'of an ordinary rollout', tag: aTag() },
    { fact: 'of a first-ever rollout', tag: aTag({ previousVersion: null }) },
    ...PAUSE_MARKS.map((pausing) => ({ fact: `before a pause for ${pausing}`, tag: aTag({ pausing }) })),
    { fact: 'with a version that looks like a field', tag: aTag({ previousVersion: 'a=b c]d[e%20' }) },
    { fact: 'with a version in another script', tag: aTag({ previousVersion: '二.零 ✓' }) },
    { fact: 'with many stages', tag: aTag({ stage: 12, stagesTotal: 1234 }) },
  ])('$fact', ({ tag }) => {
    expect(readTag(writeTag('stage [1%]', tag))).toEqual(tag);
  });

  it('without the part of a letter that nobody can encode', () => {
    expect(readTag(writeTag('x', aTag({ previousVersion: '1\uD800.9' })))?.previousVersion).toBe('1?.9');
  });

  it('with each such part replaced', () => {
    expect(readTag(writeTag('x', aTag({ run: '\uD800-\uDC00' })))?.run).toBe('?-?');
  });
});

describe('human text', () => {
  it('cannot forge a tag', () => {
    const forged = `hello ${TAG.replace('1.9.0', '0.0.1')}`;
    const written = writeTag(forged, aTag());
    expect(written).toBe(`${forged.replace('[', '(').replace(']', ')')} ${TAG}`);
    expect(readTag(written)).toEqual(aTag());
  });

  it('may stand before and behind a tag', () => {
    expect(readTag(`before ${TAG} behind`)).toEqual(aTag());
  });
});

function tagWith(fields: string): string {
  return `stage [octomil-rollout 1 ${fields}]`;
}

describe('of several tags', () => {
  it('the last one is read', () => {
    expect(readTag(`${TAG.replace('stage=1', 'stage=2')} ${TAG}`)?.stage).toBe(1);
  });

  it('the last readable one is read', () => {
    expect(readTag(`${TAG} ${TAG.replace('stage=1', 'stage=2')} ${tagWith('plan=x')}`)?.stage).toBe(2);
  });
});

describe('no tag is read from', () => {
  it.each([
    { fact: 'no reason', reason: null },
    { fact: 'an empty reason', reason: '' },
    { fact: 'ordinary words', reason: 'paused by Ada, see ticket 7' },
    { fact: 'an empty tag', reason: '[octomil-rollout 1 ]' },
    { fact: 'a tag that was cut off', reason: TAG.slice(0, -1) },
    { fact: 'a tag of another schema', reason: TAG.replace('rollout 1', 'rollout 2') },
    { fact: 'a tag without a plan', reason: tagWith('stage=1/3 run=7 at=1700000000') },
    { fact: 'an empty plan', reason: tagWith('plan= stage=1/3 run=7 at=1700000000') },
    { fact: 'a plan that does not decode', reason: tagWith('plan=%E0%A4 stage=1/3 run=7 at=1700000000') },
    { fact: 'a tag without a stage', reason: tagWith('plan=x run=7 at=1700000000') },
    { fact: 'a stage without a total', reason: tagWith('plan=x stage=1 run=7 at=1700000000') },
    { fact: 'a negative stage', reason: tagWith('plan=x stage=-1/3 run=7 at=1700000000') },
    { fact: 'a stage with something before it', reason: tagWith('plan=x stage=x1/3 run=7 at=1700000000') },
    { fact: 'a stage with something behind it', reason: tagWith('plan=x stage=1/3x run=7 at=1700000000') },
    { fact: 'a stage beyond any plan', reason: tagWith('plan=x stage=12345/3 run=7 at=1700000000') },
    { fact: 'a tag without a run', reason: tagWith('plan=x stage=1/3 at=1700000000') },
    { fact: 'a tag without a time', reason: tagWith('plan=x stage=1/3 run=7') },
    { fact: 'an empty time', reason: tagWith('plan=x stage=1/3 run=7 at=') },
    { fact: 'a time of zero', reason: tagWith('plan=x stage=1/3 run=7 at=0') },
    { fact: 'a time before 1970', reason: tagWith('plan=x stage=1/3 run=7 at=-5') },
    { fact: 'a time in words', reason: tagWith('plan=x stage=1/3 run=7 at=noon') },
    { fact: 'half a second', reason: tagWith('plan=x stage=1/3 run=7 at=1700000000.5') },
    { fact: 'a time beyond any clock', reason: tagWith('plan=x stage=1/3 run=7 at=1e300') },
  ])('$fact', ({ reason }) => {
    expect(readTag(reason)).toBeNull();
  });
});

describe('a readable tag', () => {
  it.each<{ fact: string; fields: string; gives: Partial<MemoryTag> }>([
    {
      fact: 'has no pause for a word that is no mark',
      fields: 'plan=x stage=1/3 run=7 at=1700000000 pausing=lunch',
      gives: { pausing: null },
    },
    {
      fact: 'has no previous version where it does not decode',
      fields: 'plan=x stage=1/3 run=7 at=1700000000 prev=%',
      gives: { previousVersion: null },
    },
    {
      fact: 'has no previous version where it is empty',
      fields: 'plan=x stage=1/3 run=7 at=1700000000 prev=',
      gives: { previousVersion: null },
    },
    {
      fact: 'keeps a version with an equals sign',
      fields: 'plan=x stage=1/3 run=7 at=1700000000 prev=a=b',
      gives: { previousVersion: 'a=b' },
    },
    {
      fact: 'passes over words and fields that it does not know',
      fields: 'plan=x lease stage=2/3 run=7 colour=red at=1700000000',
      gives: { stage: 2, stagesTotal: 3, at: 1_700_000_000_000 },
    },
    {
      fact: 'does not take a word without a value for a field',
      fields: 'plan=x stage=2/3 run=7 at=1700000000 prev',
      gives: { previousVersion: null },
    },
  ])('$fact', ({ fields, gives }) => {
    expect(readTag(tagWith(fields))).toMatchObject({ planDigest: 'x', run: '7', ...gives });
  });
});
