/** Looks at a rollback that was decided at `T0`, and what the core decides about them. */
import { decide } from '../../src/core/decide.ts';
import type { Decision, Look } from '../../src/core/look.ts';
import type { Plan } from '../../src/core/plan.ts';
import type { ReasonCode } from '../../src/core/reason-codes.ts';
import type { RollingBack } from '../../src/core/rollout.ts';
import { MINUTE_MS } from '../../src/core/units.ts';
import { aLook, aPlan, aRollingBack, T0 } from './core-builders.ts';

/** A look at a rollback one minute after `T0`, and what is decided then. */
export interface RollbackLook {
  readonly fact: string;
  readonly afterMs?: number;
  readonly state?: Partial<RollingBack>;
  readonly look?: Partial<Look>;
  readonly plan?: Partial<Plan>;
  readonly gives: Omit<Decision, 'verdicts' | 'odds'>;
}

/** Returns the decision of a look at a rollback. */
export function decideAfter({
  afterMs = MINUTE_MS,
  state,
  look,
  plan,
}: Omit<RollbackLook, 'fact' | 'gives'>): Decision {
  return decide(aPlan(plan), aRollingBack(state), aLook({ at: T0 + afterMs, ...look }));
}

/** Returns a wait until so long after `T0`. */
export function waits(afterMs: number, reason: ReasonCode, detail: string | null): RollbackLook['gives'] {
  return { command: { kind: 'wait', until: T0 + afterMs }, reason, detail };
}

/** Returns the end of a rollback that failed. */
export function failed(reason: ReasonCode, detail: string | null): RollbackLook['gives'] {
  return { command: { kind: 'finish', outcome: 'rollback_failed' }, reason, detail };
}

/** Returns the end of a rollback that is confirmed. */
export function rolledBack(reason: ReasonCode, detail: string): RollbackLook['gives'] {
  return { command: { kind: 'finish', outcome: 'rolled_back' }, reason, detail };
}
