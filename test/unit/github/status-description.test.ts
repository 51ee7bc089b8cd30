/** A moment survives as the description of a deployment status, and nothing else is taken for one. */
import { describe, expect, it } from 'vitest';
import { readTag } from '../../../src/core/memory-tag.ts';
import { type DescribedMoment, describeMoment, readMoment } from '../../../src/github/status-description.ts';

const AT = Date.UTC(2026, 10, 20, 11, 5);
const MOMENT: DescribedMoment = {
  planDigest: '0123456789ab',
  stage: 2,
  stagesTotal: 3,
  percentage: 50,
  run: '12345678901.77.1',
  at: AT,
  pausing: null,
  leaseUntil: null,
};

describe('describeMoment', () => {
  it.each([
    {
      moment: MOMENT,
      gives: 'Stage 2/3: 50% since 2026-11-20T11:05:00Z [1 plan=0123456789ab run=12345678901.77.1]',
    },
    {
      moment: { ...MOMENT, pausing: 'cancel' as const, percentage: 12.5 },
      gives:
        'Paused in stage 2/3: 12.5% since 2026-11-20T11:05:00Z [1 plan=0123456789ab run=12345678901.77.1 pausing=cancel]',
    },
  ])('says $gives', ({ moment, gives }) => {
    expect(describeMoment(moment)).toBe(gives);
  });

  it.each([
    { name: 'a usual moment', moment: MOMENT },
    { name: 'a pause', moment: { ...MOMENT, pausing: 'deadline' as const } },
    { name: 'a lease', moment: { ...MOMENT, leaseUntil: AT + 660_000 } },
    {
      name: 'many stages',
      moment: { ...MOMENT, stage: 100, stagesTotal: 100, percentage: 33.333333333333336 },
    },
  ])('is read back: $name', ({ moment }) => {
    const text = describeMoment(moment) ?? '';
    expect(text.length).toBeLessThanOrEqual(140);
    const read = readMoment(text);
    expect(read).toMatchObject({ percentage: moment.percentage, at: AT });
    const { percentage: _, ...tag } = moment;
    expect(readTag(read?.tagAt(AT, '1.0.0') ?? null)).toEqual({ ...tag, previousVersion: '1.0.0' });
  });

  it('rounds the time up, so that no stage looks entered before it was', () => {
    expect(readMoment(describeMoment({ ...MOMENT, at: AT + 1 }) ?? '')?.at).toBe(AT + 1_000);
  });

  it('leaves the lease out rather than being refused, and says nothing that is longer still', () => {
    const long = { ...MOMENT, pausing: 'deadline' as const, run: '9'.repeat(40), leaseUntil: AT };
    expect(describeMoment(long)?.length).toBeLessThanOrEqual(140);
    expect(describeMoment(long)).not.toContain('until=');
    expect(describeMoment({ ...MOMENT, run: '9'.repeat(140) })).toBeNull();
  });
});

describe('readMoment', () => {
  const good = describeMoment(MOMENT) ?? '';
  it.each([
    '',
    'Deployed',
    good.replace('50%', '101%'),
    good.replace('50%', '-5%'),
    good.replace('2026-11-20', '2026-13-40'),
    good.replace('2/3', 'two'),
    good.replace('[1 ', '[2 '),
    good.replace('plan=0123456789ab ', ''),
    `${good} and more`,
  ])('takes nothing from %s', (text) => {
    expect(readMoment(text)).toBeNull();
  });

  it('takes stage, time and version from nowhere else than where people read them', () => {
    const forged = good.replace(']', ' stage=3/3 at=1 prev=0.0.1]');
    const tag = readTag(readMoment(forged)?.tagAt(AT, '1.0.0') ?? null);
    expect(tag).toMatchObject({ stage: 2, at: AT, previousVersion: '1.0.0' });
  });
});
