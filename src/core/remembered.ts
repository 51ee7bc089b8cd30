/** What a run without a memory of its own may take for the age of its last evidence. Pure. */
import type { Look } from './look.ts';
import type { RolloutState } from './rollout.ts';

/**
 * Returns the state as a single look can know it: the last evidence of every gate that blocks is as old as what
 * its source covers now, because nobody remembers an earlier look.
 *
 * Never throws. A gate without any evidence has had none since the stage began; a phase that is not watched is
 * returned as it is.
 */
export function asRemembered(state: RolloutState, { readings, at }: Look): RolloutState {
  if (state.phase !== 'soaking' && state.phase !== 'baking') return state;
  const ends = readings
    .filter(({ gate }) => gate.severity !== 'warn')
    .map(({ evidence }) => {
      if (evidence.kind === 'counts' || evidence.kind === 'value') return evidence.covered.to;
      return evidence.kind === 'none' ? state.stageEnteredAt : at;
    });
  return { ...state, lastEvidenceAt: Math.max(state.stageEnteredAt, Math.min(at, ...ends)) };
}
