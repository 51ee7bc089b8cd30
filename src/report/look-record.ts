/** A look with its decision as the report shows it. Pure. */
import type { Decision } from '../core/look.ts';
import type { LookInputs, LookRecord } from './run-record.ts';

/** Returns the record of a look, `number` counted from 1, before anything came of its command. Never throws. */
export function lookRecord(inputs: LookInputs, decision: Decision, number: number): LookRecord {
  const { state, look } = inputs;
  const rollout = look.server.kind === 'rollout' ? look.server.rollout : null;
  const adoption = decision.verdicts.find((each) => each.gate.kind === 'adoption');
  return {
    number,
    inputs,
    events: [],
    at: look.at,
    phase: state.phase,
    stageIndex: state.phase === 'soaking' || state.phase === 'baking' ? state.stageIndex : null,
    percentage: rollout?.percentage ?? null,
    statusText: rollout?.statusText ?? null,
    devicesOnVersion: look.devices?.onVersion ?? adoption?.events ?? null,
    devicesReachable: look.devices?.reachable ?? adoption?.trials ?? null,
    verdicts: decision.verdicts,
    odds: decision.odds,
    command: decision.command,
    reason: decision.reason,
    detail: decision.detail,
  };
}
