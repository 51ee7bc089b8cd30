/** The emulated API without sockets, on a clock that a test moves. */
import { type Application, BASE_PATH, createApplication } from '../../src/emulator/application.ts';
import { type EmulatorOptions, settleOptions } from '../../src/emulator/emulator-options.ts';

/** 2026-11-20T10:00:00Z, where every emulated world begins. */
export const API_START = Date.UTC(2026, 10, 20, 10);

/** An answer with its body parsed; text where it is no JSON, null where it is empty. */
export interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the fields of an answer are what the tests are about.
  readonly json: any;
  readonly headers: Readonly<Record<string, string>>;
}

/** One emulated API in this process. */
export interface EmulatedApi {
  readonly application: Application;
  /** Loud remarks so far. */
  readonly warnings: readonly string[];
  /** Asks under /api/v1, or the very path when it begins with /_emulator or /metrics. */
  call(method: string, path: string, body?: unknown): Answered;
  /** Asks with a header of one's own, or with none. */
  callAs(authorization: string | null, method: string, path: string): Answered;
  /** Lets emulated time pass. */
  wait(ms: number): void;
  /** Creates a rollout of the candidate that starts at once, and returns the path of its routes. */
  rollOut(percentage: number, more?: Readonly<Record<string, unknown>>): string;
}

const MODEL = '/models/mdl_radiology';

/** Starts an emulated API; everything but the clock is as the options say. */
export function emulatedApi(options: Omit<EmulatorOptions, 'clock' | 'warn'> = {}): EmulatedApi {
  let now = API_START;
  const warnings: string[] = [];
  const clock = {
    now: () => now,
    advanceTo: (at: number) => {
      now = Math.max(now, at);
    },
  };
  const warn = (line: string) => {
    warnings.push(line);
  };
  const application = createApplication(settleOptions({ ...options, clock, warn }));
  const ask = (authorization: string | null, method: string, target: string, body?: unknown): Answered => {
    const [path = '', query = ''] = target.split('?', 2);
    const inApi = !/^\/(_emulator|metrics)/.test(path);
    const reply = application.handle(
      {
        method,
        path: inApi ? BASE_PATH + path : path,
        query: new URLSearchParams(query),
        headers: authorization === null ? {} : { authorization },
        body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
      },
      'req_1',
    );
    return { status: reply.status, json: parsed(reply.body), headers: reply.headers };
  };
  const api: EmulatedApi = {
    application,
    warnings,
    call: (method, path, body) => ask('Bearer edg_test', method, path, body),
    callAs: (authorization, method, path) => ask(authorization, method, path),
    wait(ms) {
      now += ms;
    },
    rollOut(percentage, more = {}) {
      const { candidate, switches } = application.settings;
      const order = { version: candidate, rollout_percentage: percentage, start_immediately: true, ...more };
      const created = api.call('POST', `${MODEL}/rollouts`, order);
      if (created.status !== 201)
        throw new Error(`create: ${created.status} ${JSON.stringify(created.json)}`);
      return `${MODEL}/rollouts/${created.json[switches['id-field']]}`;
    },
  };
  return api;
}

function parsed(body: string): unknown {
  if (body === '') return null;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
