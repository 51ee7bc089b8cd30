/** Answers whose words are fit to be shown. Pure. */
import type { LeafAnswer } from './series-source.ts';
import { type ServerOfNumbers, shown } from './server-of-numbers.ts';

/** How much a reason may say. */
export const MAX_WHY_CHARS = 600;

/** Returns an answer whose reason is on one line, cut and free of the secrets of the server; numbers as they are. */
export function cleaned(server: Pick<ServerOfNumbers, 'secrets'>, answer: LeafAnswer): LeafAnswer {
  if (answer.kind !== 'none' && answer.kind !== 'error') return answer;
  return { kind: answer.kind, why: shown(server, answer.why, MAX_WHY_CHARS) };
}
