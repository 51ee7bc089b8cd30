/** Faults that the next matching requests run into. */
import type { DurationMs } from '../core/units.ts';

/**
 * What goes wrong, and whether the request was carried out all the same.
 *
 * Not carried out: `reset-before`, `hang-before` and, unless `commit` is set, `status`, `html` and
 * `cold-start-404`. Carried out: all others, so that a write may have happened although its answer never
 * arrived whole.
 */
export const FAULT_KINDS = {
  status: 'an answer with `status` (503) and, where given, `Retry-After: retryAfter`',
  html: 'an HTML page with `status` (502), as a proxy sends it',
  'cold-start-404': '404 {"detail":"Not Found"}, as a server that is still starting sends it',
  'reset-before': 'the connection is closed before anything is done',
  'reset-after-commit': 'the request is carried out, then the connection is closed without an answer',
  'hang-before': 'no answer, with the connection open, before anything is done',
  'hang-after-commit': 'the request is carried out, then no answer comes, with the connection open',
  cut: 'half of the body, then the connection is closed',
  stall: 'half of the body, then nothing more, with the connection open',
  drip: 'the body byte by byte, one every `delayMs` (100)',
  delay: 'the whole answer after `delayMs` (1000)',
  malformed: 'a body that is no JSON',
  'wrong-schema': 'JSON of another shape',
} as const;

/** The name of a fault. */
export type FaultKind = keyof typeof FAULT_KINDS;

/** Every fault's name. */
export const FAULT_NAMES = Object.keys(FAULT_KINDS) as readonly FaultKind[];

/** One fault and the requests that it waits for. Delays are real time, whatever the emulator's clock is. */
export interface Fault {
  readonly kind: FaultKind;
  readonly match?: {
    readonly method?: string;
    /** Part of the path with its query, or a pattern for it. */
    readonly path?: string | RegExp;
  };
  /** Requests that it hits; 1 where nothing is said. */
  readonly times?: number;
  /** Matching requests that it lets through first; 0 where nothing is said. */
  readonly after?: number;
  readonly status?: number;
  /** True for an error answer to a request that was carried out, as from a proxy that lost patience. */
  readonly commit?: boolean;
  /** Called when a request runs into it, after it was carried out where it is. */
  readonly onHit?: () => void;
  /** Seconds, or an HTTP date. */
  readonly retryAfter?: string | number;
  readonly delayMs?: DurationMs;
}

/** Faults in the order in which they were queued. */
export interface FaultQueue {
  add(fault: Fault): void;
  /** Returns the fault that a request runs into, or null; each hit is taken from its fault. */
  take(method: string, path: string): Fault | null;
  /** Forgets every fault. */
  clear(): void;
}

interface Waiting {
  readonly fault: Fault;
  skip: number;
  left: number;
}

/** Returns a queue without faults. */
export function createFaultQueue(): FaultQueue {
  let waiting: Waiting[] = [];
  return {
    add(fault) {
      waiting.push({ fault, skip: fault.after ?? 0, left: fault.times ?? 1 });
    },
    take(method, path) {
      for (const entry of waiting) {
        if (entry.left <= 0 || !matches(entry.fault, method, path)) continue;
        if (entry.skip > 0) {
          entry.skip -= 1;
          continue;
        }
        entry.left -= 1;
        return entry.fault;
      }
      return null;
    },
    clear() {
      waiting = [];
    },
  };
}

function matches({ match = {} }: Fault, method: string, path: string): boolean {
  if (match.method !== undefined && match.method !== method) return false;
  if (match.path === undefined) return true;
  return typeof match.path === 'string' ? path.includes(match.path) : match.path.test(path);
}
