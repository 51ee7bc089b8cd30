/** The emulated API over HTTP, in this process. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Percent } from '../core/units.ts';
import type { World } from '../simulation/world.ts';
import { type Application, BASE_PATH, createApplication } from './application.ts';
import { serverControlRoutes } from './control-routes.ts';
import { type EmulatorOptions, type EmulatorSettings, settleOptions } from './emulator-options.ts';
import type { EmulatorReply, EmulatorRequest } from './exchange.ts';
import { createFaultQueue, type Fault } from './fault.ts';
import { damaged, replyInstead, sendFaulty } from './fault-delivery.ts';
import { type GroundTruth, groundTruth } from './ground-truth.ts';
import { type LoggedRequest, logEntry } from './request-log.ts';
import { currentRollout, type HumanAction, playHuman } from './rollout-play.ts';

export type { EmulatorOptions } from './emulator-options.ts';

const HOST = '127.0.0.1';
const MAX_BODY_BYTES = 1_048_576;

/** A running emulator. */
export interface Emulator {
  /** Where the API begins, such as `http://127.0.0.1:41234/api/v1`. */
  readonly url: string;
  readonly origin: string;
  /** Every request to the API, oldest first; it grows. Control routes are not in it. */
  readonly requests: readonly LoggedRequest[];
  readonly world: World;
  readonly settings: EmulatorSettings;
  /** What the devices really run, at the clock's present. */
  state(): GroundTruth;
  /** Does what a person does to the current rollout. Errors: throws where its status does not allow it. */
  human(action: HumanAction, percentage?: Percent): void;
  /** Starts the experiment with a share of the devices, changes it, or ends it with null. */
  experiment(traffic: Percent | null): void;
  queueFault(fault: Fault): void;
  /** Resolves when nothing listens any more; open connections are closed. */
  close(): Promise<void>;
}

/**
 * Starts an emulator on the loopback interface.
 *
 * Errors: rejects with a RangeError for options that do not fit together, and with Node's error when the port
 * is taken.
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const settings = settleOptions(options);
  const requests: LoggedRequest[] = [];
  const faults = createFaultQueue();
  const application = createApplication(settings, serverControlRoutes(requests, faults));
  const { plane } = application;
  const front = { application, settings, requests, takeFault: faults.take };
  let count = 0;
  const server = createServer((incoming, response) => {
    count += 1;
    answer(front, { incoming, response, requestId: `req_${count}` }).catch((thrown: unknown) => {
      settings.warn(`request ${count} failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
      response.destroy();
    });
  });
  await listening(server, settings.port);
  const origin = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  const catchUp = (): void => plane.advanceTo(settings.clock.now());
  return {
    url: `${origin}${BASE_PATH}`,
    origin,
    requests,
    world: plane.world,
    settings,
    state() {
      catchUp();
      return groundTruth(plane, settings);
    },
    human(action, percentage) {
      catchUp();
      playHuman(plane, currentRollout(plane), { action, percentage: percentage ?? null });
    },
    experiment(traffic) {
      catchUp();
      plane.setExperiment(traffic);
    },
    queueFault: faults.add,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Front {
  readonly application: Application;
  readonly settings: EmulatorSettings;
  readonly requests: LoggedRequest[];
  takeFault(method: string, path: string): Fault | null;
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

async function answer(front: Front, { incoming, response, requestId }: Exchange): Promise<void> {
  const request = await readRequest(incoming);
  const { application, settings, requests } = front;
  const at = settings.clock.now();
  if (request.path.startsWith('/_emulator')) {
    send(response, application.handle(request, requestId), { at, requestId, fault: null });
    return;
  }
  const fault = front.takeFault(request.method, incoming.url ?? request.path);
  const reply = replyTo(front, { request, requestId, fault });
  requests.push(logEntry(request, { status: reply?.status ?? 0, at }));
  fault?.onHit?.();
  if (reply !== null) send(response, reply, { at, requestId, fault });
  else if (fault?.kind.startsWith('reset')) response.destroy();
}

interface Asked {
  readonly request: EmulatorRequest;
  readonly requestId: string;
  readonly fault: Fault | null;
}

/** Returns the answer, or null when a fault keeps it back; carries the request out unless a fault prevents it. */
function replyTo({ application }: Front, { request, requestId, fault }: Asked): EmulatorReply | null {
  if (fault === null) return application.handle(request, requestId);
  if (fault.kind === 'reset-before' || fault.kind === 'hang-before') return null;
  const instead = replyInstead(fault);
  if (instead !== null && fault.commit !== true) return instead;
  const carriedOut = application.handle(request, requestId);
  if (fault.kind === 'reset-after-commit' || fault.kind === 'hang-after-commit') return null;
  return instead ?? damaged(carriedOut, fault);
}

interface Sending {
  readonly at: number;
  readonly requestId: string;
  readonly fault: Fault | null;
}

function send(
  response: ServerResponse,
  { status, headers, body }: EmulatorReply,
  { at, requestId, fault }: Sending,
): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // Takes the place of Node's own, which tells the machine's time.
  response.setHeader('date', new Date(at).toUTCString());
  response.setHeader('x-request-id', requestId);
  if (status !== 204) response.setHeader('content-length', Buffer.byteLength(body));
  if (fault === null) response.end(body);
  else sendFaulty(response, body, fault);
}

async function readRequest(incoming: IncomingMessage): Promise<EmulatorRequest> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new RangeError(`a body of more than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  const target = incoming.url ?? '/';
  const cut = target.indexOf('?');
  return {
    method: incoming.method ?? 'GET',
    path: cut === -1 ? target : target.slice(0, cut),
    query: new URLSearchParams(cut === -1 ? '' : target.slice(cut + 1)),
    headers: { authorization: incoming.headers.authorization },
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}
