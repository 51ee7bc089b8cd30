/** The emulator over HTTP, held against the payloads that the vendor's public sources show. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/emulator/server.ts';
import { PROFILE_NAMES } from '../../src/emulator/switches.ts';
import { createVirtualClock, type VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { asFarAs, shapeOf } from '../support/json-shape.ts';

const START = Date.UTC(2026, 10, 20, 10);
const SECOND = 1_000;
const MODEL = '/models/mdl_radiology';

const running: Emulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()));
});

// biome-ignore lint/suspicious/noExplicitAny: fixtures are JSON of any shape.
function fixture(name: string): any {
  return JSON.parse(readFileSync(new URL(`../fixtures/api/${name}.json`, import.meta.url), 'utf8'));
}

interface Client {
  readonly emulator: Emulator;
  readonly clock: VirtualClock;
  ask(method: string, path: string, body?: unknown): Promise<Response>;
  // biome-ignore lint/suspicious/noExplicitAny: answers are what is held against the fixtures.
  json(method: string, path: string, body?: unknown): Promise<any>;
}

async function client(options: Omit<Partial<EmulatorOptions>, 'clock'> = {}): Promise<Client> {
  const clock = createVirtualClock(START);
  const emulator = await startEmulator({ ...options, clock });
  running.push(emulator);
  const ask: Client['ask'] = (method, path, body) =>
    fetch(`${emulator.url}${path}`, {
      method,
      headers: { authorization: 'Bearer edg_test_contract', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const json: Client['json'] = async (...args) => (await ask(...args)).json();
  return { emulator, clock, ask, json };
}

const FULL_ROUTES = [
  { name: 'models', path: '/models' },
  { name: 'versions', path: `${MODEL}/versions` },
  { name: 'devices', path: '/devices' },
  { name: 'device-group', path: '/device-groups/grp_beta' },
  { name: 'experiment-analytics', path: '/experiments/exp_contrast/analytics' },
  { name: 'settings', path: '/settings/org_demo' },
];

describe.each(PROFILE_NAMES)('the %s profile', (profile) => {
  const options = { profile, groups: [{ name: 'beta', count: 20 }], experiment: true };

  it.each(FULL_ROUTES)('answers GET $path with the fields that are documented', async ({ name, path }) => {
    const { json } = await client(options);
    const example = fixture(name);
    expect(shapeOf(asFarAs(example, await json('GET', path)))).toEqual(shapeOf(example));
  });

  it('takes the documented bodies, and lists the rollout as documented', async () => {
    const { json, ask } = await client(options);
    const body = fixture('rollout-create-body');
    const created = await json('POST', `${MODEL}/rollouts`, body);
    expect(created).toMatchObject({
      model_id: 'mdl_radiology',
      version: body.version,
      status: 'active',
      percentage: body.rollout_percentage,
      target_percentage: body.target_percentage,
      increment_step: body.increment_step,
    });
    const example = fixture('rollouts-active');
    expect(shapeOf(asFarAs(example, await json('GET', '/rollouts/active')))).toEqual(shapeOf(example));
    const update = fixture('update-percentage-body');
    const path = `${MODEL}/rollouts/${created.rollout_id}`;
    expect((await ask('POST', `${path}/update-percentage`, update)).status).toBe(200);
    expect((await json('GET', path)).percentage).toBe(update.percentage);
  });

  it('says what is wrong in the documented shape', async () => {
    const { json } = await client(options);
    expect(shapeOf(await json('GET', `${MODEL}/rollouts/rol_gone`))).toEqual(shapeOf(fixture('error')));
  });

  it('answers a route that it does not have with 501, and says which', async () => {
    const { ask } = await client(options);
    const answer = await ask('POST', '/deploy/execute', {});
    expect(answer.status).toBe(501);
    expect(await answer.json()).toMatchObject({
      error: 'not_implemented',
      message: 'the emulator has no route POST /api/v1/deploy/execute',
    });
  });

  it("tells its own clock's time and numbers its answers", async () => {
    const { ask, clock, emulator } = await client(options);
    clock.advanceTo(START + 90 * SECOND);
    const [one, other] = [await ask('GET', '/models'), await ask('GET', '/nothing')];
    expect(one.headers.get('date')).toBe('Fri, 20 Nov 2026 10:01:30 GMT');
    expect([one, other].map((answer) => answer.headers.get('x-request-id'))).toEqual(['req_1', 'req_2']);
    expect(emulator.requests.map(({ at, status }) => [at, status])).toEqual([
      [START + 90 * SECOND, 200],
      [START + 90 * SECOND, 501],
    ]);
  });
});

describe('the full profile', () => {
  it('answers health in the shape that this product assumes, no field more or less', async () => {
    const { json, clock } = await client();
    const { rollout_id: id } = await json('POST', `${MODEL}/rollouts`, fixture('rollout-create-body'));
    clock.advanceTo(START + 60 * SECOND);
    const health = await json(
      'GET',
      `${MODEL}/rollouts/${id}/health?from=${START}&to=${START + 60 * SECOND}`,
    );
    expect(shapeOf(health)).toEqual(shapeOf(fixture('health')));
    expect(health.versions.map((arm: { role: string }) => arm.role)).toEqual(['candidate', 'baseline']);
  });

  it('rolls back as documented', async () => {
    const { json } = await client();
    await json('POST', `${MODEL}/rollouts`, fixture('rollout-create-body'));
    const example = fixture('rollback');
    const answer = await json('POST', `${MODEL}/rollback`, fixture('rollback-body'));
    expect(shapeOf(asFarAs(example, answer))).toEqual(shapeOf(example));
    expect(answer).toMatchObject({ status: 'rolling_back', from_version: '2.0.0', to_version: '1.0.0' });
  });

  it('gives the same health to the byte for the same seed and the same writes, however it was read', async () => {
    const play = async (looks: readonly number[]) => {
      const { ask, json, clock } = await client({ seed: 5, scenario: 'error-spike' });
      const { rollout_id: id } = await json('POST', `${MODEL}/rollouts`, fixture('rollout-create-body'));
      for (const at of looks) {
        clock.advanceTo(START + at * SECOND);
        await ask('GET', `${MODEL}/rollouts/${id}/health`);
      }
      clock.advanceTo(START + 100 * SECOND);
      await ask('POST', `${MODEL}/rollouts/${id}/update-percentage`, { percentage: 40 });
      clock.advanceTo(START + 3_000 * SECOND);
      return (await ask('GET', `${MODEL}/rollouts/${id}/health`)).text();
    };
    expect(await play([])).toBe(await play([1, 17, 33, 99]));
  });
});

describe('the documented profile', () => {
  it('has neither health nor a rollback route, in the words of the router', async () => {
    const { ask, json } = await client({ profile: 'documented' });
    const { rollout_id: id } = await json('POST', `${MODEL}/rollouts`, fixture('rollout-create-body'));
    for (const answer of [
      await ask('GET', `${MODEL}/rollouts/${id}/health`),
      await ask('POST', `${MODEL}/rollback`, fixture('rollback-body')),
    ]) {
      expect(answer.status).toBe(404);
      expect(await answer.json()).toEqual({ detail: 'Not Found' });
    }
  });
});
