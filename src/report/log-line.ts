/** The lines of the job log: one for each look, one for each write. Pure. */
import type { GateVerdict } from '../core/evidence.ts';
import { formatCount, formatDuration, formatOdds, formatPercent, formatRatioBeside } from '../core/format.ts';
import { limitRatioOf, unitOfGate } from '../core/gate-question.ts';
import type { Command } from '../core/look.ts';
import type { Gate, Plan } from '../core/plan.ts';
import type { Ratio } from '../core/units.ts';
import { nameOfVerdict } from '../core/verdict.ts';
import type { LookRecord } from './run-record.ts';
import { oneLine } from './sanitise.ts';
import { formatClock, formatTime } from './time.ts';

const MAX_DETAIL_CHARS = 240;
const MAX_NAME_CHARS = 160;

/**
 * Returns one line for a look: where the rollout stands, every gate, why it goes on or waits, and what comes next.
 *
 * Safe for a log. Never throws.
 */
export function lookLine(look: LookRecord, plan: Plan): string {
  const parts = [
    position(look, plan),
    look.percentage === null ? null : formatPercent(look.percentage),
    unusualStatus(look),
    devices(look),
    ...look.verdicts.filter(isWorthALine).map(gateWord),
    look.odds === null ? null : `odds of harm ${formatOdds(look.odds.logOdds)}`,
    reasonWords(look),
    commandLine(look.command, plan),
    timeLeft(look, plan),
  ];
  return oneLine(parts.filter((part) => part !== null).join(' · '));
}

/** Returns the whole sentence of each gate for which a look ends or turns the rollout; none for other looks. Never throws. */
export function decidingLines({ command, verdicts }: LookRecord): readonly string[] {
  const turns = command.kind === 'roll_back' || command.kind === 'pause' || command.kind === 'finish';
  if (!turns) return [];
  return verdicts
    .filter(({ verdict }) => verdict !== 'pass' && verdict !== 'not_applicable')
    .map(({ sentence }) => oneLine(sentence));
}

/** Returns every gate of a look in its whole sentence, for whoever reads the log in detail. Never throws. */
export function detailLines({ number, verdicts, odds }: LookRecord): readonly string[] {
  const tests = odds === null ? '' : `, ${odds.tests} tests, log odds ${odds.logOdds}`;
  return [
    `look ${number}${tests}`,
    ...verdicts.map(({ gate, sentence, asked }) =>
      oneLine(`${gate.name}, asked ${formatTime(asked.from)} to ${formatTime(asked.to)}: ${sentence}`),
    ),
  ];
}

/** Returns a command as a line for the log, such as `raise to 25%` or `next look 10:05:00Z`. Never throws. */
export function commandLine(command: Command, plan: Plan): string {
  switch (command.kind) {
    case 'create':
      return oneLine(`create the rollout of ${plan.version} at ${formatPercent(command.percentage)}`);
    case 'start':
      return 'start the rollout';
    case 'raise':
      return `raise to ${formatPercent(command.percentage)}`;
    case 'pause':
      return 'pause the rollout';
    case 'roll_back':
      return oneLine(`roll back to ${command.toVersion}`);
    case 'follow_percentage':
      return `follow the percentage to ${formatPercent(command.percentage)}`;
    case 'follow_rollback':
      return 'confirm the rollback';
    case 'wait':
      return `next look ${formatClock(command.until)}`;
    case 'finish':
      return `end as ${words(command.outcome)}`;
  }
}

/** Returns whether a gate belongs on the line of a look: devices that are assigned as they should be do not. Never throws. */
export function isWorthALine({ gate, verdict }: GateVerdict): boolean {
  return gate.kind !== 'assignment' || verdict === 'fail' || verdict === 'error';
}

/** Returns a gate at one look in a few words, such as `error rate 0.8% (12 of 1 490 requests) pass`. Never throws. */
export function gateWord(verdict: GateVerdict): string {
  const { gate, events, trials, observed, slowerThanMs } = verdict;
  const name = oneLine(nameOfVerdict(verdict), MAX_NAME_CHARS);
  const result = words(verdict.verdict);
  if (gate.kind === 'adoption' || gate.kind === 'assignment') {
    return observed === null ? `${name} ${result}` : `${name} ${share(gate, observed)} ${result}`;
  }
  if (observed === null || events === null || trials === null) return `${name} ${result}`;
  const slow = slowerThanMs === null ? '' : `over ${formatCount(slowerThanMs)} ms: `;
  if (gate.kind === 'quality')
    return `${name} ${share(gate, observed)} (${formatCount(trials)} answers) ${result}`;
  return `${name} ${slow}${share(gate, observed)} (${formatCount(events)} of ${formatCount(trials)} ${unitOfGate(gate)}) ${result}`;
}

/** The limit is in the plan, so a share that reads like it has to be it. */
function share(gate: Gate, observed: Ratio): string {
  return formatRatioBeside(observed, [limitRatioOf(gate)]);
}

function position(look: LookRecord, plan: Plan): string {
  if (look.phase === 'rolling_back') return 'rolling back';
  return look.stageIndex === null ? words(look.phase) : `stage ${look.stageIndex + 1}/${plan.stages.length}`;
}

// An active rollout is the ordinary case; a word for it on every line would hide the other ones.
function unusualStatus({ statusText }: LookRecord): string | null {
  return statusText === null || statusText === 'active' ? null : oneLine(statusText, 60);
}

function devices({ devicesOnVersion, devicesReachable, phase }: LookRecord): string | null {
  if (devicesOnVersion === null) return null;
  const share = devicesReachable === null ? '' : ` of ${formatCount(devicesReachable)} reachable`;
  return `${formatCount(devicesOnVersion)}${share} devices ${phase === 'rolling_back' ? 'restored' : 'on it'}`;
}

/** The soaks that are left; a stage that waits for more than its soak may take longer, a proven one half of it. */
function timeLeft({ at, command, inputs: { state } }: LookRecord, plan: Plan): string | null {
  if (command.kind !== 'wait' || (state.phase !== 'soaking' && state.phase !== 'baking')) return null;
  const [stage, ...later] = plan.stages.slice(state.stageIndex);
  if (stage === undefined) return null;
  const here = Math.max(0, state.stageEnteredAt + stage.soakMs - at);
  const leftMs = later.reduce((sum, { soakMs }) => sum + soakMs, here);
  return leftMs > 0 ? `about ${formatDuration(leftMs)} left` : null;
}

function reasonWords({ reason, detail, verdicts }: LookRecord): string {
  const said = detail === null || verdicts.some((each) => each.sentence === detail && each.observed !== null);
  return said ? words(reason) : `${words(reason)} (${oneLine(detail, MAX_DETAIL_CHARS)})`;
}

function words(code: string): string {
  return code.replaceAll('_', ' ');
}
