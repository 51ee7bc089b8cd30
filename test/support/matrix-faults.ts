/** What happens to one request in a cell of the fault matrix. */
import type { Fault } from '../../src/emulator/fault.ts';

/** One row of the matrix. */
export interface MatrixFault {
  readonly name: string;
  /** What the emulator does to the request, once. */
  readonly fault: Omit<Fault, 'match' | 'times' | 'after' | 'onHit'>;
  /** True when the action's process is killed as soon as the request ran into the fault. */
  readonly kills?: true;
  /** True when the machine dies with the process, so that no post step follows. */
  readonly loses?: true;
}

/** Every row. Delays are real time; a body of four bytes and more takes longer than the deadline of 30 s. */
export const MATRIX_FAULTS: readonly MatrixFault[] = [
  { name: 'SIGKILL before it', fault: { kind: 'hang-before' }, kills: true },
  { name: 'SIGKILL after the commit', fault: { kind: 'hang-after-commit' }, kills: true },
  { name: 'machine lost before it', fault: { kind: 'hang-before' }, kills: true, loses: true },
  { name: 'machine lost after the commit', fault: { kind: 'hang-after-commit' }, kills: true, loses: true },
  { name: 'slower than the deadline', fault: { kind: 'drip', delayMs: 10_000 } },
  { name: 'stalled', fault: { kind: 'stall' } },
  { name: 'reset before it', fault: { kind: 'reset-before' } },
  { name: 'reset after the commit', fault: { kind: 'reset-after-commit' } },
  { name: 'cut', fault: { kind: 'cut' } },
  { name: 'dripped', fault: { kind: 'drip', delayMs: 1 } },
  { name: '429 with Retry-After', fault: { kind: 'status', status: 429, retryAfter: 1 } },
  { name: '500', fault: { kind: 'status', status: 500 } },
  { name: '500 after the commit', fault: { kind: 'status', status: 500, commit: true } },
  { name: '502', fault: { kind: 'html', status: 502 } },
  { name: '503', fault: { kind: 'status', status: 503 } },
  { name: '504', fault: { kind: 'html', status: 504 } },
  { name: '504 after the commit', fault: { kind: 'html', status: 504, commit: true } },
  { name: 'cold-start 404', fault: { kind: 'cold-start-404' } },
  { name: 'HTML 200', fault: { kind: 'html', status: 200 } },
  { name: 'malformed JSON', fault: { kind: 'malformed' } },
  { name: 'wrong schema', fault: { kind: 'wrong-schema' } },
];
