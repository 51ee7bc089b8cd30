/** What a person sees of a job that was cancelled or killed while the committed bundles were at work. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunOptions, type StepResult, startAction } from '../../scripts/stand-in-runner.mjs';
import { startEmulator } from '../../src/emulator/server.ts';
import { createVirtualClock } from '../../src/runtime/virtual-clock.ts';
import { API_KEY, ROOT } from './rehearsal.ts';

const START = Date.UTC(2026, 10, 20, 10);

/** Runs the action until `how` ends it, and its post step after it, against an API whose clock stands still. */
export async function endJob(
  inputs: Readonly<Record<string, string>>,
  how: Pick<RunOptions, 'cancelWhen' | 'killWhen'>,
): Promise<StepResult> {
  const clock = createVirtualClock(START);
  const emulator = await startEmulator({ scenario: 'healthy', requestsPerHour: 240, clock });
  const directory = await mkdtemp(join(tmpdir(), 'rollout-ended-'));
  try {
    return await startAction({
      root: ROOT,
      workspace: join(directory, 'workspace'),
      temp: join(directory, 'temp'),
      inputs: { 'api-key': API_KEY, 'api-url': emulator.url, ...inputs },
      secrets: [API_KEY],
      ...how,
    }).result;
  } finally {
    await emulator.close();
    await rm(directory, { recursive: true, force: true });
  }
}
