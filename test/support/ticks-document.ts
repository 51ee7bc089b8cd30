/** The document that shows a rollout by ticks and what a person sees of jobs that were ended from outside. */
import type { StepResult } from '../../scripts/stand-in-runner.mjs';
import { formatTime } from '../../src/report/time.ts';
import type { TickLine } from './tick-transcript.ts';

/** Everything that the document quotes. */
export interface Shown {
  readonly plan: string;
  readonly full: readonly TickLine[];
  readonly documented: readonly TickLine[];
  readonly cancelledRun: StepResult;
  readonly killedRun: StepResult;
  readonly cancelledTick: StepResult;
}

/** Returns the document, with a final newline. Times are told to the minute: seconds depend on the machine. */
export function renderTicks({ plan, full, documented, ...ended }: Shown): string {
  const seen = requestsSeen(full);
  return `# A rollout by ticks

Generated from the committed bundles by \`test/e2e/ticks.test.ts\`, which compares it; \`UPDATE_DOCUMENTS=1 npx vitest run --project e2e test/e2e/ticks.test.ts\` writes it anew. The emulator's clock is moved from tick to tick. The times are random (seeded), from four minutes to almost seven hours apart; the first tick is started by hand and the others by a schedule. Two of them are killed in mid-request, one of those after the API had raised the percentage and before it answered, and each is followed by its post step, as on a runner.

\`\`\`yaml
${plan.trimEnd()}
\`\`\`

## An API that keeps a history

${tickTable(full)}

The tick that was killed after its raise is nobody's loss: the next one finds 25%, the time of it in the history, and goes on. A tick that dies, or is cancelled, leaves the rollout as it is, whatever \`on-cancel\` says; only a pause or a rollback that it had begun is repeated by its post step. The tick after the longest gap judges the whole of it and moves one stage.

## An API that is only documented

The same times, with \`gates: none\`, because there is no health route. Ticks pass the first stage, whose entry is the rollout's creation, and then say that nothing remembers when the next one was entered.

${tickTable(documented)}

## Requests

A tick that finds nothing to do makes ${seen} requests however long the rollout has been going on: model, version, devices, rollouts, history, previous version and a probe of the source, then the rollout, the stage, one for each stage before it, and up to three for the points from which harm may have begun. A change and its read-back are two more. A blocking run asks for the first seven once, and for an earlier stage until its window is final, so that its looks make two to five requests (\`test/integration/long-polling.test.ts\`).

## A run that is cancelled

${whatIsSeen(ended.cancelledRun)}

## A run that is killed

${whatIsSeen(ended.killedRun)}

## A tick that is cancelled

${whatIsSeen(ended.cancelledTick)}
`;
}

function tickTable(lines: readonly TickLine[]): string {
  const rows = lines.map((line, index) => {
    const { at, attempt, percentage, requests } = line;
    const gap = index === 0 ? '' : String(Math.round((at - (lines[index - 1]?.at ?? at)) / 60_000));
    const killed = attempt.exitCode === null;
    const outcome = killed ? '**killed**' : `\`${attempt.outcome}\``;
    const reason = killed ? afterKill(line) : `\`${attempt.reason}\``;
    const next = attempt.nextLookAt === null ? '' : minute(attempt.nextLookAt);
    const serves = percentage === null ? '' : `${percentage}%`;
    return [
      index + 1,
      minute(at),
      gap,
      outcome,
      reason,
      attempt.exitCode ?? '',
      serves,
      next,
      requests.length,
    ];
  });
  const head = [
    '',
    'Time',
    'Minutes since',
    'Outcome',
    'Reason',
    'Exit',
    'Serves',
    'Next look at',
    'Requests',
  ];
  const rule = ['---:', '---', '---:', '---', '---', '---:', '---:', '---', '---:'];
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function afterKill({ attempt }: TickLine): string {
  const said = attempt.log.find((line) => line.startsWith('The job was killed'));
  return said === undefined ? 'post: nothing had been written' : `post: ${said.replace(/^.*; /, '')}`;
}

function requestsSeen(lines: readonly TickLine[]): string {
  const counts = lines
    .filter(({ attempt }) => attempt.outcome === 'waiting')
    .map(({ requests }) => requests.length);
  return `${Math.min(...counts)} to ${Math.max(...counts)}`;
}

function whatIsSeen({ summary, annotations, post }: StepResult): string {
  const said = (all: StepResult['annotations']): string =>
    all.map(({ type, message }) => `- ${type}: ${message.split('\n')[0]}`).join('\n');
  const parts = [
    annotations.length === 0 ? 'No annotation: the process was gone.' : said(annotations),
    headOf(summary),
    post === undefined || post.annotations.length + post.summary.length === 0
      ? `The post step confirms it in the log: ${post?.log.at(-1) ?? ''}`
      : `The post step:\n\n${said(post.annotations)}\n\n${headOf(post.summary)}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** The first sentence and the next steps of a summary; its tables are about the rollout and not about its end. */
function headOf(summary: string): string {
  const quoted = summary.split('\n').filter((line) => line.startsWith('>'));
  const steps = /^### What to do next\n[\s\S]*?(?=\n### |\n<details>|$(?![\s\S]))/m.exec(summary)?.[0] ?? '';
  return [quoted.join('\n'), steps.replace(/^### .*\n\n/, '').trim()]
    .filter((part) => part !== '')
    .join('\n\n');
}

function minute(at: number): string {
  return formatTime(at)
    .replace('T', ' ')
    .replace(/:\d\dZ$/, 'Z');
}
