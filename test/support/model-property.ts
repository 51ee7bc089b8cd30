/** Holds an invariant against many modelled worlds and tells what they met. */
import fc from 'fast-check';
import { runCampaign, type Witness } from './model-campaign.ts';
import { createTally, type Tally } from './model-tally.ts';
import type { ModelWorld } from './model-world.ts';
import type { WorldSpec } from './model-world-spec.ts';

/** An invariant over worlds: one sentence for each breach, none for a world in which it holds. */
export type Breaches = (world: ModelWorld) => readonly string[] | Promise<readonly string[]>;

/** How many worlds are tried, which, and who is told of their looks. */
export interface Trials {
  readonly seed: number;
  readonly numRuns: number;
  readonly witness?: Witness;
}

/**
 * Runs `numRuns` worlds and resolves with what they met.
 *
 * Errors: rejects with the smallest world found in which the invariant is broken, and with the writes that
 * broke it. The seed is fixed, so that the same worlds are tried every time.
 */
export async function holdInWorlds(
  specs: fc.Arbitrary<WorldSpec>,
  { seed, numRuns, witness }: Trials,
  breaches: Breaches,
): Promise<Tally> {
  const tally = createTally();
  const property = fc.asyncProperty(specs, async (spec) => {
    const world = await runCampaign(spec, witness);
    tally.add(world);
    const found = await breaches(world);
    if (found.length > 0) throw new Error([...found, ...trace(world)].join('\n'));
  });
  await fc.assert(property, { seed, numRuns, endOnFailure: false });
  return tally;
}

/** Returns the chronicle without its sleeps and evidence, one line for each entry. */
export function trace(world: ModelWorld): readonly string[] {
  const start = world.chronicle[0]?.at ?? 0;
  return world.chronicle.flatMap((entry) => {
    const at = `${((entry.at - start) / 60_000).toFixed(1).padStart(8)} min  run ${entry.run}  `;
    switch (entry.kind) {
      case 'began':
        return [`${at}begins: ${entry.how}`];
      case 'write': {
        const from = entry.before === null ? '–' : `${entry.before.status} ${entry.before.percentage}%`;
        const to = entry.after === null ? '–' : `${entry.after.status} ${entry.after.percentage}%`;
        const asked = entry.asked === null ? '' : ` ${entry.asked}%`;
        const done = entry.committed ? '' : ' (did not take effect)';
        return [`${at}${entry.by} ${entry.method}${asked} ${entry.version}: ${from} → ${to}${done}`];
      }
      case 'ended': {
        const { end } = entry;
        const how =
          end.kind === 'concluded'
            ? `${end.conclusion.outcome} ${end.conclusion.reason} (${end.conclusion.detail ?? ''})`
            : JSON.stringify(end);
        return [`${at}ends: ${how}`];
      }
      default:
        return [];
    }
  });
}
