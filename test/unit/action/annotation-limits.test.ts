/** No warning is lost because there were too many before it. */
import { describe, expect, it } from 'vitest';
import { MOST_ANNOTATIONS, withinAnnotationLimits } from '../../../src/action/annotation-limits.ts';
import { createRecordingShell } from '../../support/recording-shell.ts';

function logged(say: (log: ReturnType<typeof withinAnnotationLimits>) => void): readonly string[] {
  const shell = createRecordingShell({}, {});
  say(withinAnnotationLimits(shell.log));
  return shell.lines;
}

const count = (lines: readonly string[], kind: string) =>
  lines.filter((line) => line.startsWith(`${kind} `)).length;

describe('warnings and notices of a step', () => {
  it('are annotations as long as GitHub shows them, and lines of the log after that', () => {
    const lines = logged((log) => {
      for (let index = 0; index < 50; index += 1) {
        log.warn(`warning ${index}`);
        log.notice(`notice ${index}`);
      }
    });
    expect(count(lines, 'warn')).toBe(MOST_ANNOTATIONS);
    expect(count(lines, 'notice')).toBe(MOST_ANNOTATIONS);
    expect(lines).toContain('warn more warnings are in the log of this step');
    expect(lines).toContain('info warning: warning 9');
    expect(lines).toContain('info notice: notice 49');
  });

  it('that were said before are only in the log', () => {
    const lines = logged((log) => {
      for (let index = 0; index < 20; index += 1) log.warn('not accepted yet');
    });
    expect(lines.slice(0, 2)).toEqual(['warn not accepted yet', 'info warning: not accepted yet']);
    expect(count(lines, 'warn')).toBe(1);
  });
});
