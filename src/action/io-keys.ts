/** The closed lists of the action's inputs and outputs; a test holds them to action.yml. */

/** Every input, in the order of action.yml. */
export const INPUT_KEYS = [
  'command',
  'model',
  'version',
  'group',
  'plan',
  'preset',
  'rollout-percentage',
  'target-percentage',
  'increment-step',
  'api-key',
  'api-url',
  'org-id',
  'health-path',
  'prometheus-url',
  'prometheus-token',
  'datadog-site',
  'datadog-api-key',
  'datadog-app-key',
  'health-url',
  'health-token',
  'timeout',
  'poll-interval',
  'rate-limit',
  'on-timeout',
  'on-cancel',
  'auto-rollback',
  'to-version',
  'percentage',
  'reason',
  'force',
  'github-token',
  'environment',
  'environment-url',
  'comment',
  'webhook-url',
  'webhook-secret',
  'webhook-on',
  'webhook-format',
] as const;

/** Name of an input as action.yml spells it. */
export type InputKey = (typeof INPUT_KEYS)[number];

/** Every output, in the order of action.yml. */
export const OUTPUT_KEYS = [
  'outcome',
  'reason-code',
  'rollout-id',
  'version',
  'previous-version',
  'percentage',
  'stage',
  'stages-total',
  'next-look-at',
  'affected-devices',
  'decision',
  'report',
  'events',
] as const;

/** What the main step hands over to the post step. */
export const STATE_KEYS = ['rollout', 'ended', 'notification'] as const;

/** Name of a value that the main step hands over to the post step. */
export type StateKey = (typeof STATE_KEYS)[number];

/** Name of an output as action.yml spells it. */
export type OutputKey = (typeof OUTPUT_KEYS)[number];
