import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../src/emulator/command-line.ts';
import { FLAGS } from '../../../src/emulator/flags.ts';
import { helpText } from '../../../src/emulator/help.ts';
import { type ProgramHost, runProgram } from '../../../src/emulator/program.ts';
import { SWITCH_NAMES } from '../../../src/emulator/switches.ts';
import { createWallClock } from '../../../src/emulator/wall-clock.ts';
import { SCENARIO_NAMES } from '../../../src/simulation/scenarios.ts';

const optionsOf = (...args: readonly string[]) => {
  const line = parseCommandLine(args);
  return line.kind === 'serve' ? line.options : null;
};

describe('flags', () => {
  it.each([
    { args: ['--scenario', 'latency'], gives: { scenario: 'latency' } },
    { args: ['--profile=documented'], gives: { profile: 'documented' } },
    { args: ['--port', '8080'], gives: { port: 8080 } },
    { args: ['--devices', '100000', '--seed', '7'], gives: { devices: 100_000, seed: 7 } },
    { args: ['--sync-seconds', '0.5'], gives: { syncMs: 500 } },
    ...Object.entries({ '0': 0, '90s': 90_000, '15m': 900_000, '2h': 7_200_000, '7d': 604_800_000 }).map(
      ([given, historyMs]) => ({ args: ['--history', given], gives: { historyMs } }),
    ),
    { args: ['--telemetry-delay-seconds', '30'], gives: { telemetryDelayMs: 30_000 } },
    {
      args: ['--groups', 'beta:20,clinic:4', '--groups', 'lab:1'],
      gives: {
        groups: [
          { name: 'beta', count: 20 },
          { name: 'clinic', count: 4 },
          { name: 'lab', count: 1 },
        ],
      },
    },
    {
      args: ['--conflict', 'list=data', '--conflict', 'verbs=empty'],
      gives: { conflicts: { list: 'data', verbs: 'empty' } },
    },
    {
      args: ['--at-percentage', '10', '--onset-seconds', '5', '--stage-soak-seconds', '6'],
      gives: { scenarioSettings: { atPercentage: 10, onsetMs: 5_000, stageSoakMs: 6_000 } },
    },
    { args: ['--publish', '3.0.0'], gives: { versions: ['1.0.0', '2.0.0', '3.0.0'] } },
    { args: ['--first-ever', '--diurnal'], gives: { firstEver: true, diurnal: true } },
    { args: ['--auto-rollback'], gives: { policy: { autoRollbackEnabled: true } } },
    {
      args: [
        '--min-rollout-duration',
        '1h',
        '--max-rollout-step',
        '25',
        '--require-approval',
        '--require-eval',
      ],
      gives: {
        policy: {
          minRolloutDurationMs: 3_600_000,
          maxRolloutStep: 25,
          requireModelApproval: true,
          requireEvaluation: true,
        },
      },
    },
  ])('$args are understood', ({ args, gives }) => {
    expect(optionsOf(...args)).toMatchObject(gives);
  });

  it('leave everything else to its default', () => {
    expect(optionsOf()).toEqual({ conflicts: {}, groups: [], scenarioSettings: {} });
  });

  it.each([
    {
      args: ['--scenario', 'sunny'],
      throws: /--scenario: got "sunny", expected one of healthy, error-spike/,
    },
    { args: ['--profile', 'half'], throws: /--profile: got "half", expected one of full, documented/ },
    { args: ['--port', '70000'], throws: /--port: got "70000", expected a number from 0 to 65535/ },
    { args: ['--devices', '11'], throws: /--devices: got "11", expected a number from 12 to 100000/ },
    { args: ['--devices', '12.5'], throws: /--devices: got "12.5", expected a whole number/ },
    { args: ['--sync-seconds', '-1'], throws: /--sync-seconds/ },
    { args: ['--sync-seconds', '1e3'], throws: /--sync-seconds: got "1e3", expected a number/ },
    ...['60', '1h30', '1.5h', '1w', '0h1'].map((given) => ({
      args: ['--history', given],
      throws: new RegExp(`--history=?.*${given}`),
    })),
    { args: ['--groups', 'beta'], throws: /--groups: got "beta", expected a name and a number of devices/ },
    { args: ['--conflict', 'list=xml'], throws: /list=xml: expected/ },
    { args: ['--start', 'tomorrow'], throws: /--start: got "tomorrow", expected an ISO 8601 time/ },
    { args: ['--model', ''], throws: /--model: got "", expected a text/ },
    { args: ['--colour', 'red'], throws: /--colour/ },
    { args: ['healthy'], throws: /healthy/ },
  ])('$args are refused', ({ args, throws }) => {
    expect(() => parseCommandLine(args)).toThrow(throws);
  });
});

describe('the help', () => {
  it.each([...SCENARIO_NAMES, ...SWITCH_NAMES, ...Object.keys(FLAGS).map((name) => `--${name}`)])(
    'names %s',
    (name) => {
      expect(helpText()).toContain(name);
    },
  );
});

describe('the program', () => {
  function hostWith(args: readonly string[]) {
    const out: string[] = [];
    const errors: string[] = [];
    let end = (): void => {};
    const ending = new Promise<void>((resolve) => {
      end = resolve;
    });
    const host: ProgramHost = {
      args,
      machineNow: () => 1_000,
      print: (text) => out.push(text),
      complain: (text) => errors.push(text),
      onEnd: (callback) => void ending.then(callback),
    };
    return { host, out, errors, end };
  }

  it('prints its help and ends well', async () => {
    const { host, out, errors } = hostWith(['--help']);
    expect(await runProgram(host)).toBe(0);
    expect(out).toEqual([helpText()]);
    expect(errors).toEqual([]);
  });

  it.each([
    { args: ['--bogus'], complaint: /bogus.*See --help/ },
    { args: ['--baseline', '2.0.0'], complaint: /both "2.0.0".*See --help/ },
    { args: ['--history', '8d'], complaint: /history of 691200000 ms; expected 0 to 604800000.*See --help/ },
    { args: ['--groups', 'a:200'], complaint: /groups of 200 devices.*See --help/ },
  ])('ends with 2 and one sentence for $args', async ({ args, complaint }) => {
    const { host, out, errors } = hostWith(args);
    expect(await runProgram(host)).toBe(2);
    expect(out).toEqual([]);
    expect(errors).toEqual([expect.stringMatching(complaint)]);
  });
});

describe('the wall clock', () => {
  function machine() {
    let now = 5_000;
    return {
      now: () => now,
      set: (at: number) => {
        now = at;
      },
    };
  }

  it.each([
    { title: 'the present at its own pace', startAt: null, timeScale: 1, gives: 6_000 },
    { title: 'a time of choice', startAt: 100, timeScale: 1, gives: 1_100 },
    { title: 'a pace of choice', startAt: null, timeScale: 60, gives: 65_000 },
    { title: 'a time that stands still', startAt: 100, timeScale: 0, gives: 100 },
  ])('shows $title', ({ startAt, timeScale, gives }) => {
    const source = machine();
    const clock = createWallClock({ startAt, timeScale }, source.now);
    source.set(6_000);
    expect(clock.now()).toBe(gives);
  });

  it('is moved forward, never back, also when the machine is set back', () => {
    const source = machine();
    const clock = createWallClock({ startAt: null, timeScale: 1 }, source.now);
    clock.advanceTo(9_000);
    expect(clock.now()).toBe(9_000);
    clock.advanceTo(1);
    source.set(0);
    expect(clock.now()).toBe(9_000);
  });
});
