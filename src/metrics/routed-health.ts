/** One health source over several places: each gate is answered by its own, and all are asked side by side. Adapter. */
import type { Evidence } from '../core/evidence.ts';
import type { HealthQuery, HealthSource } from '../core/ports.ts';
import { toError } from '../runtime/to-error.ts';
import { latencyGateOf } from './series-health.ts';

/** A place and the gates that it answers. */
export interface Place {
  readonly source: HealthSource;
  readonly gates: ReadonlySet<string>;
}

/**
 * Returns a source that asks each gate's own place, and `fallback` for the gates that have none.
 *
 * A place is asked only for gates of its own, and what it cannot answer is evidence of kind `error` for these
 * gates alone. `probe` tries the fallback. Rejects only with the reason of its own aborted signal.
 */
export function routeHealth(fallback: HealthSource, places: readonly Place[]): HealthSource {
  const placeFor = (name: string | null): HealthSource =>
    places.find(({ gates }) => name !== null && gates.has(name))?.source ?? fallback;
  return {
    name: [fallback, ...places.map(({ source }) => source)].map(({ name }) => name).join(', '),
    probe: (rolloutId) => fallback.probe(rolloutId),
    placeOf: ({ name }) => placeFor(name).name,
    read: (query, signal) => readApart(query, { placeFor, signal }),
    readPercentile: (query, signal) => placeFor(latencyGateOf(query.slowRatio)).readPercentile(query, signal),
  };
}

interface Routing {
  readonly placeFor: (name: string) => HealthSource;
  readonly signal: AbortSignal | undefined;
}

async function readApart(query: HealthQuery, { placeFor, signal }: Routing): Promise<readonly Evidence[]> {
  const asked = [...new Set(query.gates.map(({ name }) => placeFor(name)))];
  const answers = await Promise.all(
    asked.map(async (place) => {
      const gates = query.gates.filter(({ name }) => placeFor(name) === place);
      const evidence = await readOne(place, { ...query, gates }, signal);
      return gates.map((gate, index) => [gate, evidence[index] ?? UNANSWERED] as const);
    }),
  );
  const byGate = new Map(answers.flat());
  return query.gates.map((gate) => byGate.get(gate) ?? UNANSWERED);
}

const UNANSWERED: Evidence = { kind: 'error', why: 'the source left this gate without an answer' };

async function readOne(
  place: HealthSource,
  query: HealthQuery,
  signal: AbortSignal | undefined,
): Promise<readonly Evidence[]> {
  try {
    return await place.read(query, signal);
  } catch (thrown) {
    signal?.throwIfAborted();
    const why = toError(thrown).message;
    return query.gates.map(() => ({ kind: 'error', why }));
  }
}
