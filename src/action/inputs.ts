/** The workflow's inputs as one frozen object; every problem is reported at once, before anything happens. */
import { distance } from 'fastest-levenshtein';
import type { PollInterval } from '../core/ports.ts';
import { DAY_MS, type DurationMs, HOUR_MS, MINUTE_MS, type Percent, SECOND_MS } from '../core/units.ts';
import { type BaseUrl, parseBaseUrl } from '../octomil/base-url.ts';
import { parseDuration } from '../plan/duration.ts';
import type { PlanOverrides } from '../plan/input-overrides.ts';
import { toError } from '../runtime/to-error.ts';
import { type CommentInputs, readComment } from './comment-inputs.ts';
import { type DeploymentInputs, readDeployments } from './deployment-inputs.ts';
import type { InputReader } from './input-reader.ts';
import type { InputKey } from './io-keys.ts';
import { type NotificationInputs, readNotifications } from './notification-inputs.ts';
import { OPERATOR_CHANGES, readPercentage, readReason } from './operator-inputs.ts';
import type { EndingPolicy } from './rollout-context.ts';
import { readSourceInputs, type SourceInputs } from './source-inputs.ts';

/** Every value of the input `command`. */
export const COMMANDS = ['run', 'advance', 'plan', 'status', 'rollback', ...OPERATOR_CHANGES] as const;

/** What the action is asked to do. */
export type CommandName = (typeof COMMANDS)[number];

/** Everything that the workflow says, validated. */
export interface ActionInputs {
  readonly command: CommandName;
  /** The `plan` input as it was given: empty, a file name, or inline YAML. */
  readonly plan: string;
  readonly overrides: PlanOverrides;
  /** Null only for `plan`, which then checks nothing against the API. */
  readonly apiKey: string | null;
  readonly baseUrl: BaseUrl;
  readonly orgId: string | null;
  readonly healthPath: string;
  /** Where the series of a plan come from. */
  readonly sources: SourceInputs;
  readonly timeoutMs: DurationMs;
  readonly poll: PollInterval;
  readonly rateLimitPerMinute: number;
  /** Always `leave` for `advance`, as is `onCancel`. */
  readonly onTimeout: EndingPolicy;
  readonly onCancel: EndingPolicy;
  readonly autoRollbackRequired: boolean;
  readonly toVersion: string | null;
  /** Only for `set`; absolute. */
  readonly percentage: Percent | null;
  readonly reason: string | null;
  readonly retry: boolean;
  /** Whether another run's lease is taken over. */
  readonly takeLease: boolean;
  /** Where on GitHub rollouts are remembered, and the token for it; null where nowhere. */
  readonly deployments: DeploymentInputs | null;
  /** Whether a comment is wanted on the pull request, and the token for it; null where not. */
  readonly comment: CommentInputs | null;
  /** Where and of what people are told; null where nowhere. */
  readonly notifications: NotificationInputs | null;
}

/** One wrong input, as a sentence that names it. */
export interface InputProblem {
  readonly input: InputKey;
  readonly got: string;
  readonly expected: string;
}

/** The inputs are wrong; the message names every problem. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly problems: readonly InputProblem[];

  /** Creates the error for at least one problem. */
  constructor(problems: readonly InputProblem[]) {
    super(
      problems
        .map(({ input, got, expected }) => `input ${input}: got ${got}, expected ${expected}`)
        .join('\n'),
    );
    this.problems = problems;
  }
}

const ENDING_POLICIES = ['pause', 'leave', 'rollback'] as const;

/**
 * Returns the validated inputs; `read` gives each one's trimmed text, empty where it is not set.
 *
 * Errors: throws `InputError` with every problem. Never puts the key into a message.
 */
export function parseInputs(read: (key: InputKey) => string): ActionInputs {
  const problems: InputProblem[] = [];
  const refuse = (input: InputKey, expected: string, shown?: string): void => {
    const text = read(input);
    problems.push({
      input,
      got: shown ?? (text === '' ? 'nothing' : JSON.stringify(text.slice(0, 100))),
      expected,
    });
  };
  const reader: InputReader = { read, refuse };
  const command = choice(reader, 'command', COMMANDS);
  const forced = force(reader);
  const inputs: ActionInputs = {
    command,
    plan: read('plan'),
    overrides: overridesOf(read),
    apiKey: apiKey(reader, command),
    baseUrl: baseUrl(reader),
    orgId: textOrNull(reader, 'org-id'),
    healthPath: healthPath(reader),
    sources: readSourceInputs(reader),
    timeoutMs: duration(reader, 'timeout', [MINUTE_MS, 5 * DAY_MS, '5h45m', '1m to 5d']),
    poll: poll(reader),
    rateLimitPerMinute: rateLimit(reader),
    onTimeout: endingPolicy(reader, 'on-timeout', command),
    onCancel: endingPolicy(reader, 'on-cancel', command),
    autoRollbackRequired: choice(reader, 'auto-rollback', ['per-policy', 'required']) === 'required',
    toVersion: textOrNull(reader, 'to-version'),
    percentage: readPercentage(reader, command),
    reason: readReason(reader, command),
    retry: forced === 'retry',
    takeLease: forced === 'lease',
    deployments: readDeployments(reader),
    comment: readComment(reader),
    notifications: readNotifications(reader),
  };
  if (problems.length > 0) throw new InputError(problems);
  return Object.freeze(inputs);
}

function overridesOf(read: InputReader['read']): PlanOverrides {
  const given: [keyof PlanOverrides, string][] = [
    ['model', read('model')],
    ['version', read('version')],
    ['group', read('group')],
    ['preset', read('preset')],
    ['rolloutPercentage', read('rollout-percentage')],
    ['targetPercentage', read('target-percentage')],
    ['incrementStep', read('increment-step')],
    ['toVersion', read('to-version')],
  ];
  return Object.fromEntries(given.filter(([, text]) => text !== ''));
}

function choice<T extends string>(
  { read, refuse }: InputReader,
  key: InputKey,
  words: readonly [T, ...T[]],
): T {
  const text = read(key);
  const word = words.find((each) => each === text);
  if (word !== undefined) return word;
  const near = words.find((each) => text !== '' && distance(each, text) <= 2);
  refuse(key, `one of ${words.join(', ')}${near === undefined ? '' : `; did you mean ${near}?`}`);
  return words[0];
}

/** A tick that dies leaves the rollout as watched as one that ends: the next tick looks at it (ADR 6). */
function endingPolicy(
  reader: InputReader,
  key: 'on-timeout' | 'on-cancel',
  command: CommandName,
): EndingPolicy {
  const policy = choice(reader, key, ENDING_POLICIES);
  return command === 'advance' ? 'leave' : policy;
}

function apiKey({ read, refuse }: InputReader, command: CommandName): string | null {
  const key = read('api-key');
  if (key === '') {
    if (command !== 'plan')
      refuse('api-key', 'an Octomil API key, as in api-key: ${{ secrets.OCTOMIL_API_KEY }}');
    return null;
  }
  if (key.startsWith('oct_pub_')) {
    refuse(
      'api-key',
      'an organisation key: a publishable key can never change a rollout',
      'a publishable key (oct_pub_…)',
    );
  } else if (!/^[\x21-\x7e]{8,512}$/.test(key)) {
    refuse('api-key', '8 to 512 visible ASCII characters without spaces', 'something else (not shown)');
  }
  return key;
}

function baseUrl({ read, refuse }: InputReader): BaseUrl {
  try {
    return parseBaseUrl(read('api-url'));
  } catch (thrown) {
    // The text may carry credentials, so only the parser's own message is shown.
    refuse('api-url', toError(thrown).message, 'a URL that cannot be used');
    return parseBaseUrl('');
  }
}

function healthPath({ read, refuse }: InputReader): string {
  const path = read('health-path');
  const isPath =
    /^\/[\x21-\x7e]*$/.test(path) && !path.startsWith('//') && !path.includes('..') && !/[?#\\]/.test(path);
  if (!isPath) refuse('health-path', 'a path below the API, starting with one /, without "..", "?" or "#"');
  const unknown = [...path.matchAll(/\{([^}]*)\}/g)].filter(
    (match) => !['model_id', 'rollout_id', 'version', 'group'].includes(match[1] ?? ''),
  );
  if (unknown.length > 0)
    refuse('health-path', 'only the placeholders {model_id}, {rollout_id}, {version} and {group}');
  return path;
}

function duration(
  { read, refuse }: InputReader,
  key: InputKey,
  [least, most, example, range]: readonly [DurationMs, DurationMs, string, string],
): DurationMs {
  const ms = parseDuration(read(key));
  if (ms !== null && ms >= least && ms <= most) return ms;
  refuse(key, `a duration with a unit such as ${example}, ${range}`);
  return least;
}

function poll(reader: InputReader): PollInterval {
  if (reader.read('poll-interval') === 'auto') return { kind: 'auto' };
  const everyMs = duration(reader, 'poll-interval', [SECOND_MS, HOUR_MS, '30s', '1s to 1h, or auto']);
  return { kind: 'fixed', everyMs };
}

function rateLimit({ read, refuse }: InputReader): number {
  const text = read('rate-limit');
  const perMinute = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (perMinute >= 10 && perMinute <= 1000) return perMinute;
  refuse('rate-limit', 'a whole number of requests a minute, 10 to 1000');
  return 100;
}

function textOrNull({ read, refuse }: InputReader, key: InputKey): string | null {
  const text = read(key);
  if (text === '') return null;
  if (!/^[^\p{Cc}]{1,200}$/u.test(text)) refuse(key, 'one line of at most 200 characters');
  return text;
}

const FORCES = ['retry', 'lease'] as const;

function force({ read, refuse }: InputReader): (typeof FORCES)[number] | null {
  const text = read('force');
  if (text === '') return null;
  const known = FORCES.find((each) => each === text);
  if (known === undefined) refuse('force', 'retry, lease, or nothing');
  else if (read('reason') === '') refuse('force', 'a reason beside it: say why it may be done');
  return known ?? null;
}
