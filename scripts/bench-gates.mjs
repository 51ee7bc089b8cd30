/** Runs the bench of the gate rule; see --help. */
import './typescript/register.mjs';

const { main } = await import('../bench/gates/main.ts');
process.exitCode = await main(process.argv.slice(2), {
  workerUrl: new URL('./bench-gates-worker.mjs', import.meta.url),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
