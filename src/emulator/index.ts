/** Starts the emulator. */
import process from 'node:process';
import { runProgram } from './program.ts';

process.exitCode = await runProgram({
  args: process.argv.slice(2),
  machineNow: Date.now,
  print: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(`${text}\n`),
  onEnd: (end) => {
    process.once('SIGTERM', end);
    process.once('SIGINT', end);
  },
});
