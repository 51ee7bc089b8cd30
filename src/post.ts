/** Starts the post step: red until it has verified the rollout, and aborted by the runner's signals. */
import './exit-red.ts';
import { finishJob } from './action/post.ts';
import { githubShell } from './action/shell.ts';
import { CancelledError } from './runtime/abort.ts';
import { systemClock } from './runtime/clock.ts';

const cancellation = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => cancellation.abort(new CancelledError(name)));
}
process.exitCode = await finishJob(githubShell(process.env), {
  clock: systemClock(),
  random: Math.random,
  signal: cancellation.signal,
});
