/** The emulator as a program: flags in, one line of JSON out, then serving until a signal. */
import { parseCommandLine } from './command-line.ts';
import { helpText } from './help.ts';
import { startEmulator } from './server.ts';
import { createWallClock } from './wall-clock.ts';

const EXIT_BAD_FLAGS = 2;

/** What the program needs of its process. */
export interface ProgramHost {
  readonly args: readonly string[];
  readonly machineNow: () => number;
  print(text: string): void;
  complain(text: string): void;
  /** Calls back once, when the process is asked to end. */
  onEnd(end: () => void): void;
}

/**
 * Runs the program; resolves with the exit code once it is asked to end.
 *
 * Exit codes: 0 after a signal and after `--help`, 2 for bad flags, 1 when the port can not be opened.
 */
export async function runProgram(host: ProgramHost): Promise<number> {
  try {
    const line = parseCommandLine(host.args);
    if (line.kind === 'help') {
      host.print(helpText());
      return 0;
    }
    const clock = createWallClock(line.clock, host.machineNow);
    const warn = (text: string): void => host.complain(`emulator: ${text}`);
    const emulator = await startEmulator({ ...line.options, clock, warn });
    const { url, origin, settings } = emulator;
    const { scenarioName: scenario, profile, seed, model, baseline, candidate, devices } = settings;
    const summary = { url, origin, scenario, profile, seed, model, baseline, candidate, devices };
    host.print(`${JSON.stringify(summary)}\n`);
    await new Promise<void>((resolve) => host.onEnd(resolve));
    await emulator.close();
    return 0;
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const badFlags = thrown instanceof RangeError;
    host.complain(badFlags ? `emulator: ${message}. See --help.` : `emulator: could not start: ${message}`);
    return badFlags ? EXIT_BAD_FLAGS : 1;
  }
}
