/** Keeps warnings and notices within what GitHub shows of one step, so that none is lost unseen. */
import type { Logger } from '../core/ports.ts';

/** GitHub shows this many annotations of each kind for a step; the rest is in the log only (actions/runner ExecutionContext.cs). */
export const MOST_ANNOTATIONS = 10;

/**
 * Returns a logger that makes annotations of the first nine different warnings and of as many notices, says in the
 * tenth that more are in the log, and writes everything after that, and what was said before, as plain lines.
 */
export function withinAnnotationLimits(log: Logger): Logger {
  const limited = (kind: 'warning' | 'notice', annotate: (line: string) => void) => {
    const said = new Set<string>();
    let isFull = false;
    return (line: string): void => {
      if (!said.has(line) && said.size < MOST_ANNOTATIONS - 1) {
        said.add(line);
        annotate(line);
        return;
      }
      if (!said.has(line) && !isFull) {
        isFull = true;
        annotate(`more ${kind}s are in the log of this step`);
      }
      log.info(`${kind}: ${line}`);
    };
  };
  return {
    ...log,
    notice: limited('notice', (line) => log.notice(line)),
    warn: limited('warning', (line) => log.warn(line)),
  };
}
