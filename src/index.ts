/** Starts the action: red until `main` has verified success, and aborted by the runner's signals. */
import './exit-red.ts';
import { main } from './action/main.ts';
import { processSurroundings } from './action/process-surroundings.ts';
import { githubShell } from './action/shell.ts';

const surroundings = processSurroundings();
process.exitCode = await main(githubShell(process.env), surroundings);
