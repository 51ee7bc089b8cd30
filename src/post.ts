/** Starts the post step: red until it has verified the rollout, and aborted by the runner's signals. */
import './exit-red.ts';
import { finishJob } from './action/post.ts';
import { processSurroundings } from './action/process-surroundings.ts';
import { githubShell } from './action/shell.ts';

const surroundings = processSurroundings();
process.exitCode = await finishJob(githubShell(process.env), surroundings);
