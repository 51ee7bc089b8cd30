/** What a client sees of each fault over a real connection, and whether its write happened. */
import { afterEach, describe, expect, it } from 'vitest';
import { FAULT_NAMES, type Fault } from '../../src/emulator/fault.ts';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';

const MODEL = '/models/mdl_radiology';
const CREATE = JSON.stringify({ version: '2.0.0', rollout_percentage: 10, start_immediately: true });

const running: Emulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()));
});

async function emulatorWith(fault: Fault | null): Promise<Emulator> {
  const emulator = await startEmulator({ clock: { now: () => 1_800_000_000_000 } });
  running.push(emulator);
  if (fault === null) return emulator;
  // A client of a connection that hangs learns nothing until the server goes away.
  const hangs = fault.kind.startsWith('hang');
  emulator.queueFault(hangs ? { ...fault, onHit: () => void emulator.close() } : fault);
  return emulator;
}

interface Outcome {
  readonly sees: string;
  readonly retryAfter?: string | null;
}

/** Sends a write and tells what its sender sees; a body that never comes whole is `half`. */
async function write(emulator: Emulator): Promise<Outcome> {
  const asked = fetch(`${emulator.url}${MODEL}/rollouts`, {
    method: 'POST',
    headers: { authorization: 'Bearer k' },
    body: CREATE,
  });
  const response = await asked.catch(() => null);
  if (response === null) return { sees: 'no answer' };
  const retryAfter = response.headers.get('retry-after');
  const body = await readUpToHalfOrEnd(response);
  return { sees: `${response.status} ${body}`, retryAfter };
}

/** Reads a body; stops at exactly half of what was announced, which only a cut and a stall deliver at once. */
async function readUpToHalfOrEnd(response: Response): Promise<string> {
  const announced = Number(response.headers.get('content-length'));
  const reader = response.body?.getReader();
  let text = '';
  for (;;) {
    const part = await reader?.read().catch(() => 'lost' as const);
    if (part === 'lost') return 'half';
    if (part === undefined || part.done) break;
    const first = text === '';
    text += Buffer.from(part.value).toString('utf8');
    if (first && text.length === Math.floor(announced / 2)) {
      void reader?.cancel();
      return 'half';
    }
  }
  return isJson(text) ? 'JSON' : text.startsWith('<') ? 'HTML' : 'no JSON';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const ROWS: readonly { fault: Fault; sees: string; happens: boolean; retryAfter?: string }[] = [
  { fault: { kind: 'status' }, sees: '503 JSON', happens: false },
  {
    fault: { kind: 'status', status: 429, retryAfter: 7 },
    sees: '429 JSON',
    happens: false,
    retryAfter: '7',
  },
  { fault: { kind: 'html' }, sees: '502 HTML', happens: false },
  { fault: { kind: 'cold-start-404' }, sees: '404 JSON', happens: false },
  { fault: { kind: 'reset-before' }, sees: 'no answer', happens: false },
  { fault: { kind: 'reset-after-commit' }, sees: 'no answer', happens: true },
  { fault: { kind: 'hang-before' }, sees: 'no answer', happens: false },
  { fault: { kind: 'hang-after-commit' }, sees: 'no answer', happens: true },
  { fault: { kind: 'status', status: 504, commit: true }, sees: '504 JSON', happens: true },
  { fault: { kind: 'html', status: 200, commit: true }, sees: '200 HTML', happens: true },
  { fault: { kind: 'cut' }, sees: '201 half', happens: true },
  { fault: { kind: 'stall' }, sees: '201 half', happens: true },
  { fault: { kind: 'drip', delayMs: 0 }, sees: '201 JSON', happens: true },
  { fault: { kind: 'delay', delayMs: 10 }, sees: '201 JSON', happens: true },
  { fault: { kind: 'malformed' }, sees: '201 no JSON', happens: true },
  { fault: { kind: 'wrong-schema' }, sees: '201 JSON', happens: true },
];

describe('a fault', () => {
  it.each(ROWS)(
    '$fault shows "$sees", and the write happens: $happens',
    async ({ fault, happens, ...row }) => {
      const emulator = await emulatorWith(fault);
      const { sees, retryAfter } = await write(emulator);
      expect(sees).toBe(row.sees);
      if (row.retryAfter !== undefined) expect(retryAfter).toBe(row.retryAfter);
      expect(emulator.state().rollouts).toHaveLength(happens ? 2 : 1);
      expect(emulator.requests).toHaveLength(1);
    },
  );

  it('that cuts ends the connection, and one that stalls keeps it', async () => {
    const body = async (fault: Fault, then: (emulator: Emulator) => void) => {
      const emulator = await emulatorWith(fault);
      const response = await fetch(`${emulator.url}/models`, { headers: { authorization: 'Bearer k' } });
      then(emulator);
      return response.text().catch(() => 'lost');
    };
    expect(await body({ kind: 'cut' }, () => {})).toBe('lost');
    expect(await body({ kind: 'stall' }, (emulator) => void emulator.close())).toBe('lost');
  });

  it('is over after it has hit', async () => {
    const emulator = await emulatorWith({ kind: 'status' });
    expect(await write(emulator)).toMatchObject({ sees: '503 JSON' });
    expect(await write(emulator)).toMatchObject({ sees: '201 JSON' });
  });

  it('of every kind is in this table', () => {
    expect(new Set(ROWS.map(({ fault }) => fault.kind))).toEqual(new Set(FAULT_NAMES));
  });
});

describe('the control routes of the server', () => {
  const control = (emulator: Emulator, method: string, route: string, body?: object) =>
    fetch(`${emulator.origin}/_emulator/${route}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  it('queue a fault for a pattern, and are never hit themselves', async () => {
    const emulator = await emulatorWith({ kind: 'reset-before', match: { path: '_emulator' } });
    const match = { method: 'POST', pattern: '/rollouts$' };
    const queued = await control(emulator, 'POST', 'faults', { kind: 'html', status: 504, times: 2, match });
    expect(queued.status).toBe(200);
    expect(await write(emulator)).toMatchObject({ sees: '504 HTML' });
    expect((await control(emulator, 'DELETE', 'faults')).status).toBe(200);
    expect(await write(emulator)).toMatchObject({ sees: '201 JSON' });
  });

  it.each([{ kind: 'explode' }, { kind: 'cut', times: 0 }, { kind: 'cut', match: { pattern: '(' } }, {}])(
    'refuse the fault %j',
    async (fault) => {
      const emulator = await emulatorWith(null);
      expect((await control(emulator, 'POST', 'faults', fault)).status).toBe(400);
    },
  );

  it('show every request with its body and answer, and no key', async () => {
    const emulator = await emulatorWith(null);
    await write(emulator);
    const text = await (await control(emulator, 'GET', 'requests')).text();
    expect(text).not.toContain('Bearer');
    expect(JSON.parse(text).requests).toEqual([
      {
        method: 'POST',
        path: `/api/v1${MODEL}/rollouts`,
        query: {},
        body: JSON.parse(CREATE),
        status: 201,
        at: 1_800_000_000_000,
      },
    ]);
  });
});

describe('a server', () => {
  it('refuses a body without end', async () => {
    const emulator = await emulatorWith(null);
    const asked = fetch(`${emulator.url}/models`, { method: 'POST', body: 'x'.repeat(1_100_000) });
    await expect(asked).rejects.toThrow();
    expect((await fetch(`${emulator.origin}/metrics`)).status).toBe(200);
  });

  it('says that its port is taken', async () => {
    const { origin } = await emulatorWith(null);
    const port = Number(new URL(origin).port);
    await expect(startEmulator({ clock: { now: () => 0 }, port })).rejects.toThrow(/EADDRINUSE/);
  });
});
