/** Whether the source can tell the parts of the fleet apart, asked before anything is written. */
import { questionOf } from '../core/gate-question.ts';
import type { Gate } from '../core/plan.ts';
import type { HealthSource, MeasurableGate } from '../core/ports.ts';
import { HOUR_MS } from '../core/units.ts';
import { toError } from '../runtime/to-error.ts';
import type { Fleet, Standing } from './prepare.ts';

/**
 * Returns what people should know about the segments of a plan; nothing where they can be judged or none are asked
 * for. Before the first rollout of a model there is nothing to ask. Never rejects, also when `signal` ends it.
 */
export async function segmentNotes(
  { plan, model, group, api }: Fleet,
  health: HealthSource,
  { standing, signal }: { readonly standing: Standing; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const { segments } = plan;
  const { landscape } = standing;
  const known = landscape.ours ?? landscape.lastCompleted;
  if (segments === null || known === null) return [];
  const now = api.now();
  const query = {
    modelId: model.id,
    rolloutId: known.id,
    version: known.version,
    baselineVersion: null,
    group: group?.id ?? null,
    window: { from: now - HOUR_MS, to: now },
  };
  const gates = plan.stages[0].gates.filter(isCounted);
  const answers = await Promise.all(
    apartByPlace(health, gates).map((own) =>
      ask(health, { ...query, gates: own }, { by: segments.by, signal }),
    ),
  );
  const notes = answers.flatMap((answer) => {
    if (answer.kind === 'segments') return [];
    const follows =
      answer.kind === 'error'
        ? 'nothing advances while they cannot be read'
        : 'so the whole fleet decides alone';
    return [`segments: ${answer.why}${answer.kind === 'error' ? '; ' : ', '}${follows}`];
  });
  return [...new Set(notes)];
}

/** Each place tells the parts of the fleet apart by itself, or not at all. */
function apartByPlace(
  health: HealthSource,
  gates: readonly MeasurableGate[],
): readonly (readonly MeasurableGate[])[] {
  const placeOf = (gate: MeasurableGate): string => health.placeOf?.(gate) ?? health.name;
  const places = [...new Set(gates.map(placeOf))];
  return places.map((place) => gates.filter((gate) => placeOf(gate) === place));
}

function isCounted(gate: Gate): gate is MeasurableGate {
  return gate.kind !== 'relative_latency' && questionOf(gate) !== null;
}

type Ask = NonNullable<HealthSource['readSegments']>;

async function ask(
  { name, readSegments }: HealthSource,
  query: Parameters<Ask>[0],
  { by, signal }: { readonly by: readonly string[]; readonly signal: AbortSignal },
): ReturnType<Ask> {
  if (readSegments === undefined) {
    return { kind: 'unavailable', why: `${name} can never tell ${by.join(', ')} apart` };
  }
  try {
    return await readSegments(query, by, signal);
  } catch (thrown) {
    return { kind: 'error', why: toError(thrown).message };
  }
}
