/** What the main step hands over to the post step: enough to verify the rollout's end, and never a secret. */
import { z } from 'zod';
import type { ReasonCode } from '../core/reason-codes.ts';
import { OUTCOMES, type Outcome, PAUSE_MARKS } from '../core/rollout.ts';
import { toError } from '../runtime/to-error.ts';
import type { ConnectedInvocation } from './invocation.ts';
import type { Progress } from './journal.ts';
import type { Fleet } from './prepare.ts';
import type { Shell } from './shell.ts';

const POLICY = z.enum(['pause', 'leave', 'rollback']);
const VERSION = z.string().min(1);

const HANDOVER = z.strictObject({
  schemaVersion: z.literal(1),
  model: z.string().min(1),
  modelId: z.string().min(1),
  version: VERSION,
  group: z
    .strictObject({ id: z.string(), name: z.string(), deviceCount: z.number().nullable() })
    .readonly()
    .nullable(),
  previousVersion: VERSION.nullable(),
  planDigest: z.string(),
  stagesTotal: z.int().min(1),
  onCancel: POLICY,
  onTimeout: POLICY,
  rolloutId: z.string().min(1).nullable(),
  stageIndex: z.int().min(0),
  intent: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('pause'), mark: z.enum(PAUSE_MARKS) }),
      z.strictObject({ kind: z.literal('roll_back'), toVersion: VERSION.nullable() }),
    ])
    .nullable(),
  settled: z.boolean(),
});

const ENDED = z.strictObject({ outcome: z.enum(OUTCOMES), reason: z.string() });

/** A rollout as the main step left it. `rolloutId` is null where its creation was asked for and not answered. */
export type Handover = Readonly<z.infer<typeof HANDOVER>>;

/** How the main step ended. */
export interface Ended {
  readonly outcome: Outcome;
  readonly reason: string;
}

/** What the post step finds; `ended` is null when the main step was killed. */
export type Left =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unreadable'; readonly ended: Ended | null }
  | { readonly kind: 'rollout'; readonly handover: Handover; readonly ended: Ended | null };

/**
 * Returns what writes the progress of a rollout down for the post step; nothing before the first write.
 *
 * `previousVersion` is what a rollback restores where the rollout itself does not tell yet.
 * A state that cannot be written is a warning, once: the rollout does not depend on it.
 */
export function handOver(
  { inputs, shell }: Pick<ConnectedInvocation, 'inputs' | 'shell'>,
  { model, plan, group }: Pick<Fleet, 'model' | 'plan' | 'group'>,
  previousVersion: string | null = null,
): (progress: Progress) => void {
  let rolloutId: string | null = null;
  let target = previousVersion;
  let stageIndex = 0;
  let warned = false;
  return ({ state, intent, settled }) => {
    if (state.phase !== 'absent' && state.phase !== 'ended') {
      rolloutId = state.rolloutId;
      target = state.previousVersion ?? target;
    }
    if (state.phase === 'soaking' || state.phase === 'baking') stageIndex = state.stageIndex;
    const handover: Handover = {
      schemaVersion: 1,
      model: plan.model,
      modelId: model.id,
      version: plan.version,
      group,
      previousVersion: target,
      planDigest: plan.digest,
      stagesTotal: plan.stages.length,
      onCancel: inputs.onCancel,
      onTimeout: inputs.onTimeout,
      rolloutId,
      stageIndex,
      intent,
      settled,
    };
    try {
      shell.saveState('rollout', JSON.stringify(handover));
    } catch (thrown) {
      if (!warned) shell.log.warn(`nothing can be handed over to the post step: ${toError(thrown).message}`);
      warned = true;
    }
  };
}

/** Writes down how the main step ended, just before it says so to people. Never throws. */
export function handOverEnd(
  shell: Shell,
  { outcome, reason }: { readonly outcome: Outcome; readonly reason: ReasonCode },
): void {
  try {
    shell.saveState('ended', JSON.stringify({ outcome, reason } satisfies Ended));
  } catch (thrown) {
    shell.log.debug(`the end cannot be handed over to the post step: ${toError(thrown).message}`);
  }
}

/** Returns what the main step left. Damaged or foreign text is `unreadable`, never a rollout. Never throws. */
export function readHandover(read: Shell['state']): Left {
  const endedText = read('ended');
  const ended = ENDED.safeParse(parsed(endedText));
  const text = read('rollout');
  if (text === '' && (endedText === '' || ended.success)) return { kind: 'nothing' };
  const end = ended.success ? ended.data : null;
  const handover = HANDOVER.safeParse(parsed(text));
  if (!handover.success || (endedText !== '' && end === null)) return { kind: 'unreadable', ended: end };
  return { kind: 'rollout', handover: handover.data, ended: end };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
