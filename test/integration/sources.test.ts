/** Rollouts whose plans measure gates themselves: what is refused before the first write, what watches, what waits. */
import { describe, expect, it } from 'vitest';
import {
  type AnsweringPrometheus,
  type AskedQuery,
  type PromAnswer,
  startAnsweringPrometheus,
} from '../support/answering-prometheus.ts';
import { type EmulatedRun, type EmulatedWorld, withEmulator, writesOf } from '../support/emulated-run.ts';

const STAGES = 'model: radiology-v1\nversion: 2.0.0\nstages: [10%, 100%]\nsoak: 30m\nbake: 30m\n';
const series = (metric: string) => `sum(increase(${metric}{v="{{version}}"}[{{window}}]))`;
const counts = (metric: string) =>
  `{ source: prometheus, events: '${series(`${metric}_failed`)}', trials: '${series(`${metric}_total`)}' }`;
const OWN = `${STAGES}gates: { crash_rate: none }\nmetrics: { error_rate: ${counts('requests')} }\n`;
const HOURLY = { requestsPerHour: 60, devices: 1000 };
const TOKEN = 'prom-secret-0123456789';

const ended = ({ outcome, reason }: EmulatedRun): string => `${outcome}: ${reason}`;
const lines = ({ shell }: EmulatedRun): string => shell.lines.join('\n');

/** A tenth of a percent fails; ten requests in a second, of either version. */
const healthy = ({ query, seconds }: AskedQuery): PromAnswer => [
  query.includes('_failed') ? seconds / 100 : seconds * 10,
];

async function withPrometheus(
  answer: (asked: AskedQuery) => PromAnswer,
  options: Parameters<typeof withEmulator>[0],
  use: (world: EmulatedWorld, prometheus: AnsweringPrometheus) => Promise<void>,
): Promise<void> {
  const prometheus = await startAnsweringPrometheus(answer);
  try {
    await withEmulator(options, (world) => use(world, prometheus));
  } finally {
    await prometheus.close();
  }
}

describe('a plan that measures its gates itself', () => {
  it('completes where Octomil has no health route at all, and asks for both versions', () =>
    withPrometheus(
      healthy,
      { ...HOURLY, profile: 'documented' },
      async ({ run, emulator }, { url, queries }) => {
        const result = await run({
          plan: OWN,
          'prometheus-url': url,
          'prometheus-token': TOKEN,
          'poll-interval': '5m',
        });
        expect(result.outcome, lines(result)).toBe('completed');
        expect(emulator.requests.some(({ path }) => path.endsWith('/health'))).toBe(false);
        expect(queries.some(({ query }) => query.includes('v="2.0.0"'))).toBe(true);
        expect(queries.some(({ query }) => query.includes('v="1.0.0"'))).toBe(true);
        expect(result.shell.masks).toContain(TOKEN);
        expect(`${lines(result)}${result.shell.summary()}`).not.toContain(TOKEN);
      },
    ));

  it('is rolled back on numbers of its own', () => {
    const broken = (asked: AskedQuery): PromAnswer =>
      asked.query.includes('_failed') && asked.query.includes('2.0.0') ? [asked.seconds * 2] : healthy(asked);
    return withPrometheus(broken, HOURLY, async ({ run }, { url }) => {
      const result = await run({ plan: OWN, 'prometheus-url': url, 'poll-interval': '5m' });
      expect(ended(result), lines(result)).toBe('rolled_back: gate_failed');
    });
  });

  it('holds for a bare number of its own that stays above its limit', () => {
    const plan = `${STAGES}gates: { crash_rate: none, error_rate: none, battery_ma: { max: 300, severity: hold }, heat: 80 }
metrics:
  battery_ma: { source: prometheus, value: 'avg(ma{v="{{version}}"}[{{window}}])', unit: number }
  heat: { source: prometheus, value: 'avg(heat{v="{{version}}"}[{{window}}])', unit: number }\n`;
    const warm = ({ query }: AskedQuery): PromAnswer => (query.includes('ma{') ? [310] : [70]);
    return withPrometheus(warm, HOURLY, async ({ run }, { url }) => {
      const result = await run({ plan, 'prometheus-url': url, 'poll-interval': '5m' });
      expect(ended(result), lines(result)).toMatch(/^held: /);
      expect(lines(result)).toContain('battery ma 310, limit 300, in 3 of 3 windows');
    });
  });
});

describe('before the first write', () => {
  it.each([
    {
      fact: 'an input that is missing',
      answer: healthy,
      inputs: { 'prometheus-url': '' },
      says: 'input prometheus-url: got nothing, expected the address of a Prometheus server, which metrics.error_rate asks',
    },
    {
      fact: 'a query with many series where one is expected',
      answer: () => [1, 2, 3],
      inputs: {},
      says: '3 series',
    },
    {
      fact: 'a query that finds nothing for the version that serves now',
      answer: () => [],
      inputs: {},
      says: 'Does prometheus know version 1.',
    },
    {
      fact: 'more events than trials',
      answer: ({ query }: AskedQuery) => (query.includes('_failed') ? [20] : [10]),
      inputs: {},
      says: 'events: 20 of 10 trials; events are a part of the trials; asked events: sum(increase(requests_failed{v=',
    },
  ])('$fact is refused', ({ answer, inputs, says }) =>
    withPrometheus(answer, HOURLY, async ({ run, emulator }, { url }) => {
      const result = await run({ plan: OWN, 'prometheus-url': url, ...inputs });
      expect(result.exitCode).toBe(1);
      expect(result.shell.errors.map(({ message }) => message).join('\n')).toContain(says);
      expect(writesOf(emulator)).toEqual([]);
    }),
  );

  it('gates without a series still need the health route, and are named', () =>
    withPrometheus(healthy, { ...HOURLY, profile: 'documented' }, async ({ run, emulator }, { url }) => {
      const plan = OWN.replace('crash_rate: none', 'crash_rate: 1%');
      const result = await run({ plan, 'prometheus-url': url });
      expect(ended(result)).toBe('error: health_source_missing');
      expect(lines(result) + result.shell.summary()).toContain('without a series in metrics: crash');
      expect(writesOf(emulator)).toEqual([]);
    }));

  it('`plan` shows what each series answered, and writes nothing', () =>
    withPrometheus(healthy, HOURLY, async ({ run, emulator }, { url }) => {
      const result = await run({ command: 'plan', plan: OWN, 'prometheus-url': url });
      expect(ended(result)).toBe('planned: plan_valid');
      expect(result.shell.summary()).toContain('### Where health comes from');
      expect(result.shell.summary()).toContain('✅&nbsp;36 of 36 000');
      expect(result.shell.summary()).toContain('requests_failed');
      expect(writesOf(emulator)).toEqual([]);
    }));
});

describe('a source that hangs', () => {
  it('delays no harm that another source has proven', async () => {
    const plan = `${STAGES}gates: { crash_rate: none, answered: { max: 50% } }\nmetrics: { answered: ${counts('answers')} }\n`;
    const options = { ...HOURLY, scenario: 'error-spike', seed: 3 } as const;
    let decidedAt = Number.POSITIVE_INFINITY;
    await withPrometheus(healthy, options, async ({ run, emulator }, { url }) => {
      const result = await run({ plan, 'prometheus-url': url, 'poll-interval': '5m' });
      expect(ended(result), lines(result)).toBe('rolled_back: gate_failed');
      decidedAt = emulator.requests.find(({ path }) => path.endsWith('/rollback'))?.at ?? decidedAt;
    });
    let now = (): number => 0;
    const silentThen = (asked: AskedQuery): PromAnswer => (now() >= decidedAt ? 'silence' : healthy(asked));
    await withPrometheus(silentThen, options, async ({ run, emulator, clock }, { url }) => {
      now = () => clock.now();
      const result = await run({ plan, 'prometheus-url': url, 'poll-interval': '5m' });
      expect(ended(result), lines(result)).toBe('rolled_back: gate_failed');
      expect(emulator.requests.find(({ path }) => path.endsWith('/rollback'))?.at).toBe(decidedAt);
      expect(result.shell.summary()).toContain('not answered yet when another gate had proven harm');
    });
  });
});
