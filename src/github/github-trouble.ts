/** What an error of GitHub's REST API means for somebody who asked for something there. Pure. */
import { type DurationMs, SECOND_MS } from '../core/units.ts';
import { toError } from '../runtime/to-error.ts';

/** Why GitHub did not do what it was asked. */
export interface GitHubTrouble {
  /** Half a sentence, with what to do. */
  readonly why: string;
  /** True when asking again within this job cannot help; a rate limit passes by itself. */
  readonly isFinal: boolean;
  /** True when asking again at once may help. */
  readonly mayPass: boolean;
  /** True when a deployment takes no further status. */
  readonly isFull: boolean;
  /** True when GitHub takes a status without the address of its environment only. */
  readonly isAboutAddress: boolean;
}

const MAX_MESSAGE_CHARS = 200;

/**
 * Returns what went wrong, from whatever was thrown; `permission` is what the job needs. Never throws.
 *
 * `secrets` go before the text is cut: half of one would be known to nobody who masks.
 */
export function troubleOf(
  thrown: unknown,
  permission: string = 'deployments: write',
  secrets: readonly string[] = [],
): GitHubTrouble {
  const { message } = toError(thrown);
  const clean = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), message);
  const said = clean.slice(0, MAX_MESSAGE_CHARS);
  const usual = { isFinal: false, mayPass: false, isFull: false, isAboutAddress: false };
  if (toError(thrown).name === 'ZodError') return { ...usual, why: 'its answer cannot be read' };
  const status = statusOf(thrown);
  if (status === null) return { ...usual, why: said };
  if (status === 429 || (status === 403 && isLimited(thrown, message))) {
    // It passes within the hour, and a job may last longer.
    return { ...usual, why: `its rate limit is used up (${status}: ${said})` };
  }
  if (status === 401) return { ...usual, isFinal: true, why: `it refuses github-token (401: ${said})` };
  if (status === 403 || status === 404) {
    return {
      ...usual,
      isFinal: true,
      why: `give the job \`permissions: ${permission}\` (${status}: ${said})`,
    };
  }
  if (status === 422) {
    const isAboutAddress = message.includes('environment_url');
    return {
      ...usual,
      why: `it refuses what is to be kept (422: ${said})`,
      isFull: !isAboutAddress && /maximum/i.test(message),
      isAboutAddress,
    };
  }
  // octokit calls it a 500 when nothing came back at all.
  const isAnswer = status < 500 || (thrown as { response?: unknown }).response !== undefined;
  const why = isAnswer ? `it answered ${status}: ${said}` : `it gave no answer: ${said}`;
  return { ...usual, mayPass: status >= 500, why };
}

function statusOf(thrown: unknown): number | null {
  const status = typeof thrown === 'object' && thrown !== null && 'status' in thrown ? thrown.status : null;
  return typeof status === 'number' ? status : null;
}

/** Returns how long GitHub asks to be left alone in milliseconds, where it refused for its rate limit; else null. */
export function askedPauseMs(thrown: unknown): DurationMs | null {
  const status = statusOf(thrown);
  if (status !== 403 && status !== 429) return null;
  const { headers } = (thrown as { response?: { headers?: Record<string, unknown> } }).response ?? {};
  const seconds = Number(headers?.['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * SECOND_MS : null;
}

function isLimited(thrown: unknown, message: string): boolean {
  const { headers } = (thrown as { response?: { headers?: Record<string, unknown> } }).response ?? {};
  const left = headers?.['x-ratelimit-remaining'];
  return String(left) === '0' || headers?.['retry-after'] !== undefined || /rate limit/i.test(message);
}
