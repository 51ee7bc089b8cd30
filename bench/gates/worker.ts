/** A thread of the bench: runs each cell that it is handed and hands back what the rules did. */
import type { MessagePort } from 'node:worker_threads';
import type { Cell } from './cell.ts';
import { runCell } from './run-cell.ts';

/** One unit of work. */
export interface WorkOrder {
  readonly cell: Cell;
  readonly seed: number;
}

/** Answers every order on a port with its CellResult. */
export function serveOrders(port: MessagePort): void {
  port.on('message', ({ cell, seed }: WorkOrder) => port.postMessage(runCell(cell, seed)));
}
