/** Who is told what, by the main step and by the post step, against the emulator and stand-ins of receivers. */
import { describe, expect, it } from 'vitest';
import { type Receiver, startReceiver, startSlack, startTeams } from '../support/chat-stand-ins.ts';
import { type EmulatedRun, type EmulatedWorld, START, withEmulator } from '../support/emulated-run.ts';

const MINUTE = 60_000;
const PLAN = 'model: radiology-v1\nversion: 2.0.0\nstages: [5%, 100%]\nsoak: 1h\nbake: 30m\n';
const HOURLY = { requestsPerHour: 60, devices: 1000 };
const SECRET = 'whsec_0123456789abcdef';

interface Told {
  readonly outcome: string;
  readonly step: string;
  readonly sentence: string;
  readonly idempotency_key: string;
  readonly situation_key: string;
}

const toldTo = ({ received }: Receiver): readonly Told[] =>
  received.map(({ text }) => JSON.parse(text) as Told);

const warningsOf = ({ shell }: Pick<EmulatedRun, 'shell'>): readonly string[] =>
  shell.lines.filter((line) => line.startsWith('warn') && line.includes('webhook'));

async function withReceiver(
  startOne: () => Promise<Receiver>,
  use: (world: EmulatedWorld, receiver: Receiver) => Promise<void>,
): Promise<void> {
  const receiver = await startOne();
  try {
    await withEmulator(HOURLY, (world) => use(world, receiver));
  } finally {
    await receiver.close();
  }
}

/** The quickest run that ends well. */
const QUICK = { command: 'plan', plan: PLAN, 'webhook-on': 'planned' } as const;

/** Cancels a run after ten minutes. */
async function cancel(world: EmulatedWorld, inputs: Readonly<Record<string, string>>): Promise<EmulatedRun> {
  const stop = new AbortController();
  world.at(START + 10 * MINUTE, () => stop.abort(new Error('cancelled by the test')));
  return world.run({ plan: PLAN, ...inputs }, { signal: stop.signal });
}

describe('a rollout that ends', () => {
  it.each([
    { chat: 'Slack', startOne: startSlack, format: 'json', status: 200 },
    { chat: 'Teams', startOne: startTeams, format: 'teams', status: 202 },
  ])('is told to $chat once, in a shape that it takes', ({ startOne, format, status }) =>
    withReceiver(startOne, async (world, receiver) => {
      const run = await world.run({ plan: PLAN, 'webhook-url': receiver.url, 'webhook-format': format });
      expect(run.exitCode).toBe(0);
      expect(receiver.received.map((each) => each.status)).toEqual([status]);
      expect(receiver.received[0]?.text).toContain('Completed radiology-v1 2.0.0');
      expect(warningsOf(run)).toEqual([]);
      const post = await world.finish(run.shell.states, { inputs: { 'webhook-url': receiver.url } });
      expect(post.exitCode).toBe(0);
      expect(receiver.received).toHaveLength(1);
    }),
  );

  it('is not told where the workflow does not ask for its outcome', () =>
    withReceiver(startReceiver, async (world, receiver) => {
      const run = await world.run({ ...QUICK, 'webhook-url': receiver.url, 'webhook-on': 'held,completed' });
      expect(run.outcome).toBe('planned');
      expect(receiver.received).toEqual([]);
    }));

  it('is told by ticks only when something ended, unless the workflow asks for more', () =>
    withReceiver(startReceiver, async (world, receiver) => {
      const tick = { command: 'advance', plan: PLAN, 'webhook-url': receiver.url };
      expect((await world.run(tick)).outcome).toBe('advanced');
      expect(receiver.received).toEqual([]);
      await world.run({ ...tick, 'webhook-on': 'waiting, advanced' });
      await world.run({ ...tick, 'webhook-on': 'waiting\nadvanced' }, { variables: { GITHUB_RUN_ID: '2' } });
      const [one, other] = toldTo(receiver);
      expect([one?.outcome, other?.outcome]).toEqual(['waiting', 'waiting']);
      expect(other?.situation_key).toBe(one?.situation_key);
      expect(other?.idempotency_key).not.toBe(one?.idempotency_key);
    }));

  it('is told although other inputs are wrong', () =>
    withReceiver(startReceiver, async (world, receiver) => {
      const run = await world.run({
        command: 'rolback',
        'webhook-url': receiver.url,
        'webhook-on': 'invalid_input',
      });
      expect(run.exitCode).toBe(1);
      expect(toldTo(receiver).map(({ outcome }) => outcome)).toEqual(['invalid_input']);
    }));
});

describe('a receiver that does not take it', () => {
  it('changes nothing about the rollout, and gets it from the post step with the same key', () =>
    withReceiver(startReceiver, async (world, receiver) => {
      receiver.fail(500, 500, 500, 500);
      const inputs = { 'webhook-url': receiver.url, 'webhook-secret': SECRET };
      const run = await world.run({ ...QUICK, ...inputs });
      expect([run.exitCode, run.outcome]).toEqual([0, 'planned']);
      const post = await world.finish(run.shell.states, { inputs });
      expect(post.exitCode).toBe(0);
      expect(receiver.received.map(({ status }) => status)).toEqual([500, 500, 500, 500, 204]);
      expect(new Set(toldTo(receiver).map((each) => each.idempotency_key)).size).toBe(1);
      expect([...warningsOf(run), ...warningsOf(post)]).toEqual([]);
    }));

  it('is one warning in all when it never takes it', () =>
    withReceiver(startReceiver, async (world, receiver) => {
      receiver.fail(...Array<number>(20).fill(503));
      const inputs = { 'webhook-url': receiver.url };
      const run = await world.run({ ...QUICK, ...inputs });
      const post = await world.finish(run.shell.states, { inputs });
      expect([run.exitCode, post.exitCode]).toEqual([0, 0]);
      expect([...warningsOf(run), ...warningsOf(post)]).toEqual([
        `warn the webhook at ${new URL(receiver.url).host} was not told: it answered 503 (tried 4 times); the rollout does not depend on it`,
      ]);
    }));

  it('is not asked again after it refused for good', () =>
    withReceiver(startReceiver, async (world, receiver) => {
      receiver.fail(404);
      const inputs = { 'webhook-url': receiver.url };
      const run = await world.run({ ...QUICK, ...inputs });
      expect(warningsOf(run)).toHaveLength(1);
      await world.finish(run.shell.states, { inputs });
      expect(receiver.received).toHaveLength(1);
    }));
});

describe('a job that does not end by itself', () => {
  it('is told when it is cancelled, once', () =>
    withReceiver(startReceiver, async (world, receiver) => {
      const inputs = { 'webhook-url': receiver.url };
      const run = await cancel(world, inputs);
      await world.finish(run.shell.states, { inputs });
      expect(toldTo(receiver).map(({ outcome, step }) => `${outcome} ${step}`)).toEqual(['cancelled main']);
    }));

  it('leaves it to the post step when the receiver is too slow for a cancelled job', () =>
    withReceiver(startReceiver, async (world, receiver) => {
      receiver.fail(0);
      const inputs = { 'webhook-url': receiver.url };
      const run = await cancel(world, inputs);
      expect(run.outcome).toBe('cancelled');
      expect(warningsOf(run)).toEqual([]);
      await world.finish(run.shell.states, { inputs });
      expect(receiver.received.map(({ status }) => status)).toEqual([0, 204]);
      expect(receiver.received[1]?.text).toBe(receiver.received[0]?.text);
    }));

  it('is told by the post step when the main step was killed, with what it found', () =>
    withReceiver(startReceiver, async (world, receiver) => {
      const inputs = { 'webhook-url': receiver.url };
      const run = await cancel(world, { 'on-cancel': 'leave' });
      const handover = JSON.parse(run.shell.states.rollout ?? '{}') as object;
      const killed = JSON.stringify({ ...handover, onCancel: 'pause', intent: null, settled: false });
      const post = await world.finish({ rollout: killed }, { inputs });
      expect(post.exitCode).toBe(0);
      expect(toldTo(receiver)).toMatchObject([
        {
          outcome: 'cancelled',
          step: 'post',
          sentence: expect.stringContaining('paused: 2.0.0 serves 5%'),
        },
      ]);
    }));

  it('is told as a failed rollback where a rollback was owed and nobody knows of it', () =>
    withReceiver(startReceiver, async (world, receiver) => {
      const inputs = { 'webhook-url': receiver.url };
      const run = await cancel(world, { 'on-cancel': 'leave' });
      const handover = JSON.parse(run.shell.states.rollout ?? '{}') as object;
      world.emulator.queueFault({ kind: 'status', status: 401, times: 1000 });
      const intent = { kind: 'roll_back', toVersion: '1.0.0' };
      const post = await world.finish({ rollout: JSON.stringify({ ...handover, intent }) }, { inputs });
      expect(post.exitCode).toBe(1);
      expect(toldTo(receiver).map(({ outcome }) => outcome)).toEqual(['rollback_failed']);
    }));
});

describe('secrets', () => {
  it('are masked first, and stand in nothing that is said, handed over or told', () =>
    withReceiver(startReceiver, async (world, receiver) => {
      receiver.fail(500, 500, 500, 500);
      const inputs = { 'webhook-url': receiver.url, 'webhook-secret': SECRET };
      const { shell } = await world.run({ ...QUICK, ...inputs });
      expect(shell.masks).toEqual(expect.arrayContaining([SECRET, receiver.url]));
      const said = JSON.stringify([shell.lines, shell.saves, shell.outputs, shell.summary(), shell.errors]);
      expect(said).not.toContain(SECRET);
      expect(said).not.toContain('hush');
      expect(JSON.stringify(receiver.received.map(({ text }) => text))).not.toContain(SECRET);
    }));
});
