/** A local server that answers Prometheus queries as a test computes them; it may fall silent. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One query as it arrived. */
export interface AskedQuery {
  readonly query: string;
  /** Evaluation time in seconds since 1970. */
  readonly time: number;
  /** Length of the range in the query in seconds; 0 without one. */
  readonly seconds: number;
}

/** The samples of an answer, or silence. */
export type PromAnswer = readonly number[] | 'silence';

/** A running server; `queries` are all that arrived. */
export interface AnsweringPrometheus {
  readonly url: string;
  readonly queries: readonly AskedQuery[];
  close(): Promise<void>;
}

/** Starts a server on a free port of this machine. */
export async function startAnsweringPrometheus(
  answer: (asked: AskedQuery) => PromAnswer,
): Promise<AnsweringPrometheus> {
  const queries: AskedQuery[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const form = new URLSearchParams(body);
      const query = form.get('query') ?? '';
      const seconds = Number(/\[(\d+)s\]/.exec(query)?.[1] ?? 0);
      const asked = { query, time: Number(form.get('time')), seconds };
      queries.push(asked);
      const samples = answer(asked);
      if (samples === 'silence') return;
      const result = samples.map((value, index) => ({
        metric: samples.length > 1 ? { instance: `i${index}` } : {},
        value: [asked.time, String(value)],
      }));
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    queries,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
