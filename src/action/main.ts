/** The action from its inputs to its exit code; everything outside comes in through arguments. */
import type { ReasonCode } from '../core/reason-codes.ts';
import type { Outcome } from '../core/rollout.ts';
import { NOTHING_REMEMBERED } from '../core/rollout-memory.ts';
import { readWorkflowRun } from '../github/run-identity.ts';
import { readWorkflowEvent } from '../github/workflow-event.ts';
import { OctomilError } from '../octomil/errors.ts';
import type { NextStep, RunRecord } from '../report/run-record.ts';
import { toError } from '../runtime/to-error.ts';
import { advanceRollout } from './commands/advance.ts';
import { changeByRequest } from './commands/change.ts';
import { planRollout } from './commands/plan.ts';
import { rollBackByRequest } from './commands/rollback.ts';
import { runRollout } from './commands/run.ts';
import { reportStatus } from './commands/status.ts';
import { createCommentary } from './commentary.ts';
import { type Connection, connect, type Surroundings } from './connection.ts';
import { allowedInputs, saidOfFork } from './fork.ts';
import { handOverEnd } from './handover.ts';
import { COMMANDS, type CommandName, InputError, parseInputs } from './inputs.ts';
import type { Invocation } from './invocation.ts';
import { maskSecrets } from './mask-secrets.ts';
import { publish } from './outcome.ts';
import { blankRecord } from './record.ts';
import { Refusal } from './refusal.ts';
import type { Shell } from './shell.ts';
import { tellOfRun } from './tell-people.ts';

/**
 * Runs the action and returns the exit code; publishes whatever happened.
 *
 * Never rejects for anything that a run can meet; what it does not expect is published as
 * `internal_error`. Invariant: INV-10, the caller starts from exit code 1.
 */
export async function main(shell: Shell, around: Surroundings): Promise<0 | 1> {
  const secrets = maskSecrets(shell);
  const startedAt = around.clock.now();
  const workflowRun = readWorkflowRun(shell.variable);
  const event = await readWorkflowEvent(shell.variable);
  const { read, withheld } = allowedInputs(shell.input, event);
  const commentary = createCommentary(event, { shell, around, secrets });
  let connection: Connection | null = null;
  let fields: Partial<RunRecord>;
  try {
    const inputs = parseInputs(read);
    const workspace = shell.variable('GITHUB_WORKSPACE') || '.';
    if (inputs.apiKey !== null) {
      connection = connect(inputs, inputs.apiKey, { shell, around, workspace });
    }
    const place = { shell, around, workspace, workflowRun, startedAt, commentary };
    fields = await perform({ inputs, connection, ...place });
  } catch (thrown) {
    fields = failureFields(thrown, around.signal.aborted);
    shell.log.debug(toError(thrown).stack ?? 'no stack');
  }
  if (withheld !== null) fields = saidOfFork(fields, withheld);
  const record: RunRecord = {
    ...blankRecord({
      command: commandOf(read),
      startedAt,
      endedAt: around.clock.now(),
      outcome: 'error',
      reason: 'internal_error',
      detail: null,
      runUrl: workflowRun.url,
    }),
    ...fields,
    requests: connection?.requests() ?? 0,
  };
  handOverEnd(shell, record);
  const exitCode = await publish(record, shell);
  const memory = connection?.lastMemory() ?? NOTHING_REMEMBERED;
  await tellOfRun(record, commentary, { shell, around, run: workflowRun, secrets, memory });
  return exitCode;
}

async function perform(invocation: Invocation): Promise<Partial<RunRecord>> {
  const { inputs, connection } = invocation;
  if (inputs.command === 'plan') return planRollout(invocation);
  if (connection === null) throw new Error(`command ${inputs.command} without a key passed validation`);
  const connected = { ...invocation, connection };
  switch (inputs.command) {
    case 'run':
      return runRollout(connected);
    case 'advance':
      return advanceRollout(connected);
    case 'status':
      return reportStatus(connected);
    case 'rollback':
      return rollBackByRequest(connected);
    case 'pause':
    case 'resume':
    case 'set':
      return changeByRequest(connected, inputs.command);
  }
}

function commandOf(read: Shell['input']): CommandName {
  const text = read('command');
  return COMMANDS.find((each) => each === text) ?? 'run';
}

interface Failure {
  readonly outcome: Outcome;
  readonly reason: ReasonCode;
  readonly detail: string;
  readonly next?: readonly NextStep[];
}

function failureFields(thrown: unknown, aborted: boolean): Failure {
  const error = toError(thrown);
  if (aborted) {
    return {
      outcome: 'cancelled',
      reason: 'signalled',
      detail: 'cancelled before the first look; the log names every change that was made until then',
    };
  }
  if (error instanceof InputError) {
    return { outcome: 'invalid_input', reason: 'invalid_input', detail: error.message };
  }
  if (error instanceof Refusal) {
    return { outcome: error.outcome, reason: error.reason, detail: error.message, next: error.next };
  }
  if (error instanceof OctomilError) {
    return { outcome: outcomeOf(error.reasonCode), reason: error.reasonCode, detail: error.message };
  }
  return { outcome: 'error', reason: 'internal_error', detail: error.message };
}

const CALLERS_MISTAKES: readonly ReasonCode[] = [
  'model_not_found',
  'model_ambiguous',
  'version_not_found',
  'group_not_found',
];

function outcomeOf(reason: ReasonCode): Outcome {
  return CALLERS_MISTAKES.includes(reason) ? 'invalid_input' : 'error';
}
