/** A control plane in a thread of its own that serves one rollout and keeps nothing of its requests but their number. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort } from 'node:worker_threads';

const CREATED_AT = '2026-11-20T09:00:00Z';
const BASELINE = rollout('rol_1', { version: '1.0.0', status: 'completed', percentage: 100 });
const DEVICES = { total: 1_000, reachable: 1_000 };

let percentage = 0;

const server = createServer((request, response) => {
  const path = new URL(request.url ?? '/', 'http://localhost');
  void textOf(request).then((text) => {
    // The client is told no time, so that its own counts: it is a virtual one.
    response.sendDate = false;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer(request.method ?? 'GET', path, text)));
  });
});
server.listen(0, '127.0.0.1', () => {
  parentPort?.postMessage(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

function answer(method: string, { pathname, searchParams }: URL, text: string): unknown {
  const path = pathname.replace('/api/v1', '').replace('/models/mdl_1', '');
  if (method === 'POST') {
    const sent = JSON.parse(text) as { rollout_percentage?: number; percentage?: number };
    percentage = sent.rollout_percentage ?? sent.percentage ?? percentage;
    return candidate();
  }
  if (path === '/models') return { models: [{ id: 'mdl_1', name: 'radiology-v1' }] };
  if (path.startsWith('/versions/')) return { version: path.slice('/versions/'.length), status: 'published' };
  if (path === '/devices') return { devices: [], total: DEVICES.total };
  if (path === '/rollouts') return { rollouts: percentage === 0 ? [BASELINE] : [candidate(), BASELINE] };
  if (path.endsWith('/health')) return health(searchParams.get('from') ?? '', searchParams.get('to') ?? '');
  if (path.endsWith('/status-history')) return { history: [] };
  if (path === '/experiments') return { experiments: [] };
  if (path.endsWith('/affected-devices')) return affected();
  return candidate();
}

function candidate(): Readonly<Record<string, unknown>> {
  return rollout('rol_2', { version: '2.0.0', status: 'active', percentage });
}

function rollout(id: string, fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const created = id === 'rol_1' ? '2026-11-13T09:00:00Z' : CREATED_AT;
  return {
    rollout_id: id,
    model_id: 'mdl_1',
    target_percentage: 100,
    group: null,
    created_at: created,
    ...fields,
  };
}

function affected(): Readonly<Record<string, unknown>> {
  return { ...DEVICES, assigned: served(percentage), on_version: served(percentage) };
}

function served(share: number): number {
  return (DEVICES.total * share) / 100;
}

/** Ten requests a device and hour, one in a hundred of them failing, on either version. */
function health(from: string, to: string): Readonly<Record<string, unknown>> {
  const hours = (Date.parse(to) - Date.parse(from)) / 3_600_000;
  return {
    rollout_id: 'rol_2',
    window: { from, to, covered_from: from, covered_to: to },
    versions: [arm('2.0.0', { role: 'candidate', hours }), arm('1.0.0', { role: 'baseline', hours })],
  };
}

function arm(version: string, { role, hours }: { readonly role: string; readonly hours: number }): object {
  const devices = served(role === 'candidate' ? percentage : 100 - percentage);
  const total = Math.floor(devices * hours * 10);
  const failed = Math.floor(total / 100);
  return {
    version,
    role,
    devices: { assigned: devices, active: devices, reachable: devices, crashed: 0, out_of_memory: 0 },
    requests: { total, failed, failure_rate: 0.01, devices_with_failures: Math.min(failed, devices / 2) },
  };
}
