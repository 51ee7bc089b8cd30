/** What the post step of a job did for a rollout that the job left behind, as Markdown. Pure. */
import { stepText } from './next-steps.ts';
import type { NextStep } from './run-record.ts';
import { forCode, forMarkdown } from './sanitise.ts';

/** What the post step has to say. */
export interface Aftermath {
  /** Whether the rollout is known to be as it should be left. */
  readonly isVerified: boolean;
  /** One sentence without a full stop. */
  readonly headline: string;
  readonly model: string;
  readonly version: string;
  /** Null where no rollout is known. */
  readonly rolloutId: string | null;
  readonly previousVersion: string | null;
  readonly next: readonly NextStep[];
}

/** Returns what is added to the job summary, with a final newline. Never throws. */
export function renderAftermath(aftermath: Aftermath): string {
  const { isVerified, headline, model, version, rolloutId, previousVersion, next } = aftermath;
  const facts = [
    `${forCode(model, 80)} ${forCode(version, 60)}`,
    rolloutId === null ? null : `rollout ${forCode(rolloutId, 80)}`,
    previousVersion === null ? null : `previous version ${forCode(previousVersion, 60)}`,
  ].filter((fact) => fact !== null);
  const sections = [
    `> [!${isVerified ? 'WARNING' : 'CAUTION'}]\n> **${forMarkdown(headline)}.**`,
    facts.join(' · '),
    ...(next.length === 0 ? [] : ['### What to do next', ...next.map(stepText)]),
  ];
  return `${sections.join('\n\n')}\n`;
}
