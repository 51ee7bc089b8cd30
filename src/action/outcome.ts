/** Publishes how a run ended: log, summary, outputs, one annotation, and the only place that makes a job green. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lastStage } from '../core/plan.ts';
import { SUCCESSFUL_OUTCOMES } from '../core/rollout.ts';
import { errorAnnotation } from '../report/annotation.ts';
import { decisionOutput, eventsNdjson, reportJson } from '../report/decision.ts';
import type { RunRecord } from '../report/run-record.ts';
import { sentenceFor } from '../report/sentence.ts';
import { renderSummary } from '../report/summary.ts';
import { formatTime } from '../report/time.ts';
import { toError } from '../runtime/to-error.ts';
import type { OutputKey } from './io-keys.ts';
import type { Shell } from './shell.ts';

const MOST_REPORTS = 1_000;

/**
 * Publishes a record and returns the exit code that it deserves.
 *
 * A summary or a report that cannot be written is a warning: what the fleet runs does not depend on it.
 * Invariant: INV-10, 0 only for a successful outcome whose outputs could be written.
 */
export async function publish(record: RunRecord, shell: Shell): Promise<0 | 1> {
  shell.log.endGroup();
  const files = await writeReports(record, shell);
  for (const [key, value] of Object.entries({ ...outputsOf(record), ...files })) {
    shell.setOutput(key as OutputKey, value);
  }
  await attempt(shell, 'the job summary', () => shell.writeSummary(renderSummary(record)));
  shell.log.info(sentenceFor(record));
  const problems = record.detail?.split('\n') ?? [];
  if (problems.length > 1) for (const problem of problems) shell.log.info(`  ${problem}`);
  for (const step of record.next) {
    shell.log.info(step.text);
    for (const line of step.code?.split('\n') ?? []) shell.log.info(`  ${line}`);
  }
  const annotation = errorAnnotation(record);
  if (annotation !== null) shell.annotateError(annotation.title, annotation.message);
  return SUCCESSFUL_OUTCOMES.includes(record.outcome) ? 0 : 1;
}

function outputsOf(record: RunRecord): Record<Exclude<OutputKey, 'report' | 'events'>, string> {
  return {
    outcome: record.outcome,
    'reason-code': record.reason,
    'rollout-id': record.rolloutId ?? '',
    version: record.version ?? '',
    'previous-version': record.previousVersion ?? '',
    percentage: record.percentage?.toString() ?? '',
    stage: stageNumber(record).toString(),
    'stages-total': (record.plan?.stages.length ?? 0).toString(),
    'next-look-at': record.nextLookAt === null ? '' : formatTime(record.nextLookAt),
    'affected-devices': record.affectedDevices?.toString() ?? '',
    decision: decisionOutput(record),
  };
}

function stageNumber(record: RunRecord): number {
  if (record.plan === null || record.percentage === null) return 0;
  if (record.percentage >= lastStage(record.plan).percentage) return record.plan.stages.length;
  const percentage = record.percentage;
  return record.plan.stages.findLastIndex((stage) => stage.percentage <= percentage) + 1;
}

interface Written {
  readonly report: string;
  readonly events: string;
}

async function writeReports(record: RunRecord, shell: Shell): Promise<Written> {
  const directory = join(shell.variable('RUNNER_TEMP') || '.', 'octomil-rollout');
  const name = (record.rolloutId ?? record.command).replace(/[^\w.-]/g, '_').slice(0, 80);
  let written: Written = { report: '', events: '' };
  await attempt(shell, 'the report', async () => {
    await mkdir(directory, { recursive: true });
    written = await writeBeside(join(directory, name), record);
  });
  return written;
}

/** Writes no report over that of an earlier step of the job, which may be about the same rollout. */
async function writeBeside(path: string, record: RunRecord): Promise<Written> {
  const report = reportJson(record);
  for (let count = 1; ; count += 1) {
    const own = count === 1 ? path : `${path}-${count}`;
    try {
      await writeFile(`${own}.json`, report, { flag: 'wx' });
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'EEXIST' && count < MOST_REPORTS) continue;
      throw thrown;
    }
    await writeFile(`${own}.ndjson`, eventsNdjson(record));
    return { report: `${own}.json`, events: `${own}.ndjson` };
  }
}

async function attempt(shell: Shell, what: string, write: () => Promise<void>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (thrown) {
    shell.log.warn(`${what} could not be written: ${toError(thrown).message}`);
    return false;
  }
}
