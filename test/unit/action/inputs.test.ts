import { describe, expect, it } from 'vitest';
import { InputError, parseInputs } from '../../../src/action/inputs.ts';
import type { InputKey } from '../../../src/action/io-keys.ts';
import { inputDefaults } from '../../support/manifest.ts';

const defaults = inputDefaults();

const KEY = 'edg_live_0123456789';

const SET = { command: 'set', reason: 'r' };

/** Reads inputs as the runner gives them: the manifest's defaults under what the workflow says. */
function reading(given: Partial<Record<InputKey, string>>) {
  return (key: InputKey): string => given[key] ?? defaults[key] ?? '';
}

function problemsOf(given: Partial<Record<InputKey, string>>): readonly string[] {
  try {
    parseInputs(reading(given));
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown.message.split('\n');
    throw thrown;
  }
  return [];
}

describe('parseInputs', () => {
  it('takes the defaults of action.yml with nothing but a key', () => {
    expect(parseInputs(reading({ 'api-key': KEY }))).toMatchObject({
      command: 'run',
      plan: '',
      overrides: {},
      apiKey: KEY,
      orgId: null,
      healthPath: '/models/{model_id}/rollouts/{rollout_id}/health',
      timeoutMs: 20_700_000,
      poll: { kind: 'auto' },
      rateLimitPerMinute: 100,
      onTimeout: 'pause',
      onCancel: 'pause',
      autoRollbackRequired: false,
      toVersion: null,
      percentage: null,
      reason: null,
      retry: false,
      notifications: null,
    });
  });

  it('wants a comment where there is a token, unless the workflow does not', () => {
    const token = { 'api-key': KEY, 'github-token': 'ghs_1' };
    expect(parseInputs(reading(token)).comment).toEqual({ wish: 'auto', token: 'ghs_1' });
    expect(parseInputs(reading({ ...token, comment: 'never' })).comment).toBeNull();
    expect(parseInputs(reading({ ...token, 'github-token': '' })).comment).toBeNull();
  });

  it('tells what ended, and not what goes on, unless the workflow names other outcomes', () => {
    const url = { 'api-key': KEY, 'webhook-url': 'https://hooks.example/services/T0?sig=x' };
    const { notifications } = parseInputs(reading(url));
    expect(notifications).toEqual({
      webhook: { url: new URL(url['webhook-url']), secret: null },
      format: 'json',
      outcomes: [
        'completed',
        'rolled_back',
        'rolling_back',
        'rollback_failed',
        'held',
        'timed_out',
        'cancelled',
        'superseded',
        'error',
      ],
    });
    const given = { ...url, 'webhook-on': ' held,\n waiting held ', 'webhook-format': 'teams' };
    expect(parseInputs(reading(given)).notifications).toMatchObject({
      format: 'teams',
      outcomes: ['held', 'waiting'],
    });
  });

  it('needs no key to validate a plan', () => {
    expect(parseInputs(reading({ command: 'plan' })).apiKey).toBeNull();
  });

  it('hands the plan inputs over as the text that was written', () => {
    const inputs = parseInputs(
      reading({ 'api-key': KEY, version: '1.10', model: 'm', 'rollout-percentage': '5' }),
    );
    expect(inputs.overrides).toEqual({ version: '1.10', model: 'm', rolloutPercentage: '5' });
  });

  it.each([
    { percentage: '25', gives: 25 },
    { percentage: '25%', gives: 25 },
    { percentage: '12.5', gives: 12.5 },
    { percentage: '0.5%', gives: 0.5 },
    { percentage: '0', gives: 0 },
    { percentage: '100%', gives: 100 },
  ])('reads the percentage $percentage of set as a share of the fleet', ({ percentage, gives }) => {
    expect(parseInputs(reading({ 'api-key': KEY, ...SET, percentage })).percentage).toBe(gives);
  });

  it.each(['pause', 'resume'] as const)("takes %s with a person's reason of 300 characters", (command) => {
    const reason = 'x'.repeat(300);
    expect(parseInputs(reading({ 'api-key': KEY, command, reason }))).toMatchObject({ command, reason });
  });

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(parseInputs(reading({ 'api-key': KEY })))).toBe(true);
  });

  const refused: readonly [title: string, given: Partial<Record<InputKey, string>>, message: RegExp][] = [
    [
      'a missing key',
      { 'api-key': '' },
      /^input api-key: got nothing, expected an Octomil API key, as in api-key: \$\{\{ secrets/,
    ],
    [
      'a publishable key',
      { 'api-key': 'oct_pub_live_abcdef' },
      /^input api-key: got a publishable key \(oct_pub_…\), expected an organisation key/,
    ],
    [
      'a key with a line break',
      { 'api-key': 'edg_live_0123\nx' },
      /^input api-key: got something else \(not shown\), expected 8 to 512 visible ASCII/,
    ],
    [
      'a command with a typo',
      { command: 'rollbak' },
      /^input command: got "rollbak", expected one of run, advance, plan, status, rollback, pause, resume, set; did you mean rollback\?$/,
    ],
    [
      'a command of a later release',
      { command: 'simulate' },
      /^input command: got "simulate", expected one of run, advance, plan, status, rollback, pause, resume, set$/,
    ],
    [
      'http beyond this machine',
      { 'api-url': 'http://api.octomil.com/api/v1' },
      /^input api-url: .*expected api-url starts with http:\/\/; expected https:\/\//,
    ],
    [
      'a URL with credentials',
      { 'api-url': 'https://user:hunter2@api.octomil.com' },
      /^input api-url: .*user name or password/,
    ],
    [
      'a URL with a query',
      { 'api-url': 'https://api.octomil.com/?key=1' },
      /^input api-url: .*query or fragment/,
    ],
    ['no URL at all', { 'api-url': 'octomil' }, /^input api-url: .*is not an address/],
    [
      'a bare timeout',
      { timeout: '5' },
      /^input timeout: got "5", expected a duration with a unit such as 5h45m, 1m to 5d$/,
    ],
    ['a timeout below the range', { timeout: '30s' }, /^input timeout: got "30s", .*1m to 5d$/],
    ['a timeout above the range', { timeout: '6d' }, /^input timeout: got "6d", .*1m to 5d$/],
    [
      'a poll interval below the range',
      { 'poll-interval': '0s' },
      /^input poll-interval: got "0s", .*1s to 1h, or auto$/,
    ],
    [
      'a poll interval above the range',
      { 'poll-interval': '2h' },
      /^input poll-interval: got "2h", .*1s to 1h, or auto$/,
    ],
    [
      'a rate limit that is no number',
      { 'rate-limit': 'many' },
      /^input rate-limit: got "many", expected a whole number of requests a minute, 10 to 1000$/,
    ],
    ['a rate limit below the range', { 'rate-limit': '9' }, /^input rate-limit: got "9"/],
    [
      'an unknown ending policy',
      { 'on-timeout': 'pausee' },
      /^input on-timeout: got "pausee", expected one of pause, leave, rollback; did you mean pause\?$/,
    ],
    [
      'an unknown cancel policy',
      { 'on-cancel': 'stop' },
      /^input on-cancel: got "stop", expected one of pause, leave, rollback$/,
    ],
    [
      'a health path on another host',
      { 'health-path': '//evil.example/x' },
      /^input health-path: got "\/\/evil.example\/x", expected a path below the API/,
    ],
    ['a health path that climbs', { 'health-path': '/../admin' }, /^input health-path: got/],
    [
      'a health path with an unknown placeholder',
      { 'health-path': '/{key}' },
      /^input health-path: .*only the placeholders/,
    ],
    ['a reason of two lines', { reason: 'a\nb' }, /^input reason: got "a\\nb", expected one line/],
    [
      'a pause without a reason',
      { command: 'pause', reason: '' },
      /^input reason: got nothing, expected why, in one line/,
    ],
    ['a resume without a reason', { command: 'resume' }, /^input reason: got nothing/],
    [
      'a percentage without a reason',
      { command: 'set', percentage: '25' },
      /^input reason: got nothing, expected why/,
    ],
    [
      'a reason of 301 characters',
      { command: 'pause', reason: 'x'.repeat(301) },
      /expected one line of at most 300 characters$/,
    ],
    [
      'set without a percentage',
      { command: 'set', reason: 'r' },
      /^input percentage: got nothing, expected the share of the fleet, 0 to 100, such as 25 or 12.5%$/,
    ],
    ['a percentage above 100', { ...SET, percentage: '100.5' }, /^input percentage: got "100.5"/],
    ['a percentage below 0', { ...SET, percentage: '-5' }, /^input percentage: got "-5"/],
    ['a percentage in words', { ...SET, percentage: 'half' }, /^input percentage: got "half"/],
    ['a percentage in hexadecimal', { ...SET, percentage: '0x10' }, /^input percentage: got "0x10"/],
    [
      'a bare number that may be a ratio',
      { ...SET, percentage: '0.5' },
      /^input percentage: got "0.5", expected a number with %; did you mean 0.5% or 50%\?$/,
    ],
    [
      'a percentage of another command',
      { command: 'rollback', percentage: '50' },
      /^input percentage: got "50", expected nothing: only command set takes a percentage$/,
    ],
    [
      'a webhook without encryption',
      { 'webhook-url': 'http://hooks.example/hush' },
      /^input webhook-url: got an address that cannot be used \(not shown\), expected an https address/,
    ],
    [
      'a webhook with a user name',
      { 'webhook-url': 'https://user:hush@hooks.example/' },
      /^input webhook-url: got an address that cannot be used \(not shown\), expected [^h]*https/,
    ],
    [
      'a webhook that is no address',
      { 'webhook-url': 'hooks.example/hush' },
      /^input webhook-url: .*not shown/,
    ],
    [
      'a webhook with a fragment',
      { 'webhook-url': 'https://hooks.example/#hush' },
      /^input webhook-url: .*not shown/,
    ],
    [
      'a webhook secret that is short',
      { 'webhook-url': 'https://hooks.example/', 'webhook-secret': 'hush' },
      /^input webhook-secret: got something else \(not shown\), expected 16 to 512 visible/,
    ],
    [
      'a webhook secret without a webhook',
      { 'webhook-secret': '0123456789abcdef' },
      /^input webhook-secret: got a secret \(not shown\), expected a webhook-url beside it$/,
    ],
    [
      'an outcome that there is not',
      { 'webhook-on': 'completed, rolledback' },
      /^input webhook-on: got "completed, rolledback", expected outcomes .*; did you mean rolled_back\?$/,
    ],
    ['no outcome to tell', { 'webhook-on': ' , ' }, /^input webhook-on: .*, expected outcomes with commas/],
    [
      'an unknown format',
      { 'webhook-format': 'slack' },
      /^input webhook-format: got "slack", expected one of json, teams$/,
    ],
    [
      'an unknown wish for a comment',
      { comment: 'yes' },
      /^input comment: got "yes", expected one of auto, always, never$/,
    ],
    [
      'a comment without a token',
      { comment: 'always', 'github-token': '' },
      /^input github-token: got nothing, expected a token for the comment/,
    ],
    ['an unknown force', { force: 'yes' }, /^input force: got "yes", expected retry, lease, or nothing$/],
    ['force without a reason', { force: 'retry' }, /^input force: got "retry", expected a reason beside it/],
    [
      'a version to return to with a control character',
      { 'to-version': '1\u0007' },
      /^input to-version: got "1\\u0007", expected one line/,
    ],
  ];

  it.each(refused)('refuses %s, saying what was got and what is expected', (_title, given, message) => {
    const problems = problemsOf({ 'api-key': KEY, ...given });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  it('reports every problem at once', () => {
    const problems = problemsOf({ 'api-key': '', timeout: '1', 'rate-limit': '1', command: 'x' });
    expect(problems.map((line) => line.split(':')[0])).toEqual([
      'input command',
      'input api-key',
      'input timeout',
      'input rate-limit',
    ]);
  });

  it('never repeats a key or the credentials of a URL', () => {
    const lines = problemsOf({ 'api-key': 'se cret-key', 'api-url': 'https://user:hunter2@x' }).join('\n');
    expect(lines).not.toContain('cret-key');
    expect(lines).not.toContain('hunter2');
  });
});
