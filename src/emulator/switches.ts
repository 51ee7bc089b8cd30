/** The conflicts of the public API sources as switches, and the two profiles that set them. */

/** Every switch: its values, and what it changes. */
export const SWITCHES = {
  'rollout-id': {
    values: ['string', 'integer'],
    meaning: 'rollout ids are text (docs) or numbers (octomil-python)',
  },
  'id-field': { values: ['rollout_id', 'id'], meaning: "the field with a rollout's id" },
  'percentage-field': {
    values: ['percentage', 'rollout_percentage', 'current_percentage'],
    meaning: "the field with a rollout's percentage",
  },
  list: { values: ['bare', 'rollouts', 'items', 'data'], meaning: 'the envelope of a list of rollouts' },
  'active-route': {
    values: ['present', 'absent'],
    meaning: 'lists of active rollouts; when absent, `active` is taken for a rollout id',
  },
  'error-body': {
    values: ['documented', 'contract', 'fastapi', 'text'],
    meaning: 'the shape of an error: {error,message,status_code}, {code,message}, {detail} or plain text',
  },
  'rollback-route': { values: ['present', 'absent'], meaning: 'POST /models/{id}/rollback' },
  'health-route': { values: ['present', 'absent'], meaning: 'health by version of a rollout' },
  'health-latency': {
    values: ['buckets', 'percentiles', 'bare'],
    meaning:
      'health tells a histogram of the latency; its percentiles; or percentiles, failure rate and mean quality without saying of how many requests',
  },
  'health-devices': {
    values: ['all', 'active', 'none'],
    meaning:
      'health tells active devices and those with failures; active ones, not those with failures; or neither, so crashes neither',
  },
  'affected-devices': {
    values: ['counts', 'count', 'list', 'absent'],
    meaning: 'assigned, reachable and running devices, a bare count, a list of device ids, or no route',
  },
  history: {
    values: ['full', 'bare', 'absent'],
    meaning: 'status-history with reason, percentage and time, with the status alone, or no route',
  },
  group: {
    values: ['echoed', 'ignored', 'silent'],
    meaning:
      'a group is honoured and shown; ignored, so the whole fleet is served; or honoured and not shown',
  },
  'second-rollout': {
    values: ['409', 'when-paused', 'accepted'],
    meaning: 'a create beside an unfinished rollout: refused, accepted when that one is paused, or accepted',
  },
  'start-immediately': { values: ['honoured', 'ignored'], meaning: 'ignored: every new rollout is pending' },
  verbs: { values: ['object', 'empty'], meaning: 'verbs answer with the rollout, or with 204 and nothing' },
  'policy-told': {
    values: ['all', 'flags'],
    meaning:
      "the organisation's settings tell every rule (docs /advanced/policy), or only auto-rollback and approval (octomil-python)",
  },
  'policy-status': {
    values: ['409', '403', '422'],
    meaning: 'the status of a request that the policy refuses; its text tells which rule it is',
  },
  'zero-percent': { values: ['accepted', 'refused'], meaning: 'a rollout may be created at 0%' },
  'experiment-share': {
    values: ['told', 'untold'],
    meaning:
      "a running experiment tells its share of the traffic (octomil-python's create), or not (docs /features/experiments)",
  },
  completed: {
    values: ['at-target', 'when-synced', 'never'],
    meaning: 'a rollout at 100% completes at once, when 95% of the reachable devices run it, or never',
  },
  timestamps: { values: ['present', 'absent'], meaning: 'created_at and updated_at of rollouts' },
  'versions-as': {
    values: ['string', 'integer'],
    meaning: 'versions that are whole numbers are sent as numbers',
  },
} as const;

/** The name of a switch. */
export type SwitchName = keyof typeof SWITCHES;

/** A value for every switch. */
export type Switches = { readonly [Name in SwitchName]: (typeof SWITCHES)[Name]['values'][number] };

const FULL: Switches = {
  'rollout-id': 'string',
  'id-field': 'rollout_id',
  'percentage-field': 'percentage',
  list: 'rollouts',
  'active-route': 'present',
  'error-body': 'documented',
  'rollback-route': 'present',
  'health-route': 'present',
  'health-latency': 'buckets',
  'health-devices': 'all',
  'affected-devices': 'counts',
  history: 'full',
  group: 'echoed',
  'second-rollout': '409',
  'start-immediately': 'honoured',
  verbs: 'object',
  'policy-told': 'all',
  'policy-status': '409',
  'zero-percent': 'accepted',
  'experiment-share': 'told',
  completed: 'when-synced',
  timestamps: 'present',
  'versions-as': 'string',
};

/** What each profile sets: everything that can be hoped for, or only what is documented. */
export const PROFILES = {
  full: FULL,
  documented: {
    ...FULL,
    list: 'bare',
    'rollback-route': 'absent',
    'health-route': 'absent',
    'affected-devices': 'count',
    history: 'bare',
    group: 'silent',
    'second-rollout': 'when-paused',
    'policy-told': 'flags',
    'zero-percent': 'refused',
    'experiment-share': 'untold',
    completed: 'at-target',
  },
} as const satisfies Record<string, Switches>;

/** The name of a profile. */
export type ProfileName = keyof typeof PROFILES;

/** Every profile's name. */
export const PROFILE_NAMES = Object.keys(PROFILES) as readonly ProfileName[];

/** Every switch's name. */
export const SWITCH_NAMES = Object.keys(SWITCHES) as readonly SwitchName[];

/**
 * Returns one switch from `name=value`.
 *
 * Errors: RangeError that names the valid names or values.
 */
export function parseSwitch(text: string): Partial<Switches> {
  const [name = '', value = ''] = text.split('=', 2);
  const known = SWITCH_NAMES.find((candidate) => candidate === name);
  if (known === undefined) {
    throw new RangeError(`no switch "${name}"; expected one of ${SWITCH_NAMES.join(', ')}`);
  }
  const values: readonly string[] = SWITCHES[known].values;
  if (!values.includes(value)) {
    throw new RangeError(`${name}=${value}: expected ${values.map((one) => `${name}=${one}`).join(' or ')}`);
  }
  return { [known]: value };
}
