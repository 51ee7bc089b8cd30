/** Health of the parts of a fleet: what the API is asked, and what its answer counts. */
import { describe, expect, it } from 'vitest';
import { exampleHealth, exampleQuery, GATES, healthSourceOf } from '../../support/health-answers.ts';

function segment(by: string, value: string, failed: number): object {
  const devices = (active: number) => ({ active, crashed: 0 });
  return {
    by,
    value,
    versions: [
      { version: '2.0.0', role: 'candidate', devices: devices(6), requests: { total: 100, failed } },
      { version: '1.0.0', role: 'baseline', devices: devices(50), requests: { total: 900, failed: 9 } },
    ],
  };
}

function ask(segments: readonly object[] | undefined, by: readonly string[]) {
  const body = { ...exampleHealth(), ...(segments === undefined ? {} : { segments }) };
  const { source, paths } = healthSourceOf({ kind: 'json', body });
  return { answer: source.readSegments?.(exampleQuery(GATES.error_rate), by), paths };
}

describe('reading health by segment', () => {
  it('asks the same route for the attributes and counts both versions of each segment', async () => {
    const { answer, paths } = ask([segment('os', 'ios', 1), segment('os', 'android', 7)], ['os']);
    expect(await answer).toMatchObject({
      kind: 'segments',
      segments: [
        {
          segment: { by: 'os', value: 'ios' },
          devices: 56,
          evidence: [{ candidate: { events: 1, trials: 100 } }],
        },
        {
          segment: { by: 'os', value: 'android' },
          evidence: [{ candidate: { events: 7 }, baseline: { events: 9, trials: 900 } }],
        },
      ],
    });
    expect(paths.every((path) => path.endsWith('&by=os'))).toBe(true);
  });

  it.each<{ fact: string; segments: readonly object[] | undefined; gives: object }>([
    {
      fact: 'is unavailable where the API ignores the question',
      segments: undefined,
      gives: { kind: 'unavailable', why: 'the source does not tell os, region apart' },
    },
    {
      fact: 'is unavailable where one of the attributes is not told',
      segments: [segment('os', 'ios', 1)],
      gives: { kind: 'unavailable', why: 'the source does not tell region apart' },
    },
    {
      fact: 'fails where a segment is told twice',
      segments: [segment('os', 'ios', 1), segment('os', 'ios', 1), segment('region', 'eu', 1)],
      gives: { kind: 'error', why: 'the segment ["os","ios"] is told twice' },
    },
    {
      fact: 'fails where a number is impossible, and names its segment',
      segments: [segment('os', 'ios', 101), segment('region', 'eu', 1)],
      gives: {
        kind: 'error',
        why: 'the health answer is not usable: segments[0].versions[0].requests.failed: 101; expected at most 100',
      },
    },
  ])('$fact', async ({ segments, gives }) => {
    expect(await ask(segments, ['os', 'region']).answer).toEqual(gives);
  });
});
