/** A thread of the bench of the gate rule. */
import './typescript/register.mjs';
import { parentPort } from 'node:worker_threads';

const { serveOrders } = await import('../bench/gates/worker.ts');
if (parentPort !== null) serveOrders(parentPort);
