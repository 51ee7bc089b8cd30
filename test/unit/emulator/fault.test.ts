import { describe, expect, it } from 'vitest';
import { createFaultQueue, type Fault } from '../../../src/emulator/fault.ts';

function queueWith(...faults: readonly Fault[]) {
  const queue = createFaultQueue();
  for (const fault of faults) queue.add(fault);
  return queue;
}

describe('a fault', () => {
  it.each([
    { title: 'the method', match: { method: 'POST' }, hits: false },
    { title: 'part of the path', match: { path: '/rollouts' }, hits: true },
    { title: 'another path', match: { path: '/rollback' }, hits: false },
    { title: 'a pattern', match: { path: /\/rollouts(\?|$)/ }, hits: true },
    { title: 'a pattern that does not fit', match: { path: /^\/rollouts/ }, hits: false },
    { title: 'the query', match: { path: 'limit=5' }, hits: true },
    { title: 'nothing in particular', match: {}, hits: true },
  ])('that waits for $title hits GET /models/m/rollouts?limit=5: $hits', ({ match, hits }) => {
    const queue = queueWith({ kind: 'status', match });
    expect(queue.take('GET', '/models/m/rollouts?limit=5') !== null).toBe(hits);
  });

  it('hits once, or as often as it is told', () => {
    const queue = queueWith({ kind: 'cut' }, { kind: 'stall', times: 2 });
    const kinds = Array.from({ length: 4 }, () => queue.take('GET', '/')?.kind ?? null);
    expect(kinds).toEqual(['cut', 'stall', 'stall', null]);
  });

  it('lets the first matching requests through when it is told to', () => {
    const queue = queueWith({ kind: 'cut', match: { method: 'POST' }, after: 2 });
    const hits = ['POST', 'GET', 'POST', 'POST', 'POST'].map((method) => queue.take(method, '/') !== null);
    expect(hits).toEqual([false, false, false, true, false]);
  });

  it('is forgotten with all others', () => {
    const queue = queueWith({ kind: 'cut', times: 9 });
    queue.clear();
    expect(queue.take('GET', '/')).toBeNull();
  });
});
