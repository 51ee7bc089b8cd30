/** The flags of the emulator's command line, and what each is for. */

/** One flag. */
export interface Flag {
  /** What its value is called in the help; absent for a switch without a value. */
  readonly value?: string;
  /** True when it may be given several times. */
  readonly repeatable?: boolean;
  readonly meaning: string;
}

/** Every flag by its name, in the order of the help. */
export const FLAGS = {
  scenario: { value: 'NAME', meaning: 'what happens to the candidate (healthy)' },
  profile: { value: 'NAME', meaning: 'full: everything one can hope for; documented: only what is (full)' },
  port: { value: 'PORT', meaning: 'port on 127.0.0.1; 0 for any free one (0)' },
  seed: { value: 'N', meaning: 'the same seed and writes give the same numbers (1)' },
  'api-key': { value: 'KEY', meaning: 'the only key that is accepted (any but an empty one)' },
  'org-id': { value: 'ID', meaning: 'organisation (org_demo)' },
  model: { value: 'NAME', meaning: 'name of the model (radiology-v1)' },
  'model-id': { value: 'ID', meaning: 'id of the model (mdl_radiology)' },
  models: { value: 'N', meaning: 'models of the organisation; ours is the last one listed (1)' },
  baseline: { value: 'VERSION', meaning: 'version that every device runs at the start (1.0.0)' },
  candidate: { value: 'VERSION', meaning: "version that the scenario's fault is in (2.0.0)" },
  publish: { value: 'VERSION', repeatable: true, meaning: 'a further published version' },
  'first-ever': { meaning: 'the model was never rolled out: devices run nothing' },
  devices: { value: 'N', meaning: 'size of the fleet, 12 to 100000 (124)' },
  groups: { value: 'NAME:N,...', repeatable: true, meaning: 'device groups, each of N devices of its own' },
  'sync-seconds': { value: 'S', meaning: 'a device changes its version every S seconds at most (1)' },
  'requests-per-hour': {
    value: 'N',
    meaning: 'requests of one device; 3600 suits a rehearsal of seconds (3600)',
  },
  diurnal: { meaning: 'traffic halves at 02:00 UTC and rises by half at 14:00 UTC' },
  'telemetry-delay-seconds': { value: 'S', meaning: 'health is known only until S seconds ago (0)' },
  history: {
    value: 'DURATION',
    meaning: 'health of the baseline is known from so long before the start: 0, or up to 7d as in 90m (1h)',
  },
  'at-percentage': { value: 'P', meaning: "percentage at which the scenario's fault shows (25)" },
  'onset-seconds': {
    value: 'S',
    meaning: "time from there to the fault (0; slow-burn: 70% of a stage's soak)",
  },
  'error-percent': {
    value: 'P',
    meaning: 'percent of the requests that error-spike and segment-errors make fail (20; 10)',
  },
  'stage-soak-seconds': { value: 'S', meaning: 'how long your stages soak, for slow-burn (60)' },
  'auto-rollback': { meaning: "the organisation's auto-rollback is on, whatever the scenario" },
  'min-rollout-duration': {
    value: 'DURATION',
    meaning: "the organisation's least time between two raises, as in 90s or 1h (0)",
  },
  'max-rollout-step': { value: 'P', meaning: "the organisation's largest raise, in percent (100)" },
  'require-approval': { meaning: 'the organisation wants an approval, and nobody has given one' },
  'require-eval': { meaning: 'the organisation wants an evaluation, and there is none' },
  segments: { meaning: 'devices can be told apart by device_class, os and region, whatever the scenario' },
  experiment: { meaning: 'an experiment on the model is running' },
  'rate-limit': { value: 'N', meaning: 'requests per minute, then 429 with Retry-After (none)' },
  conflict: { value: 'NAME=VALUE', repeatable: true, meaning: 'sets one switch of the list below' },
  'time-scale': { value: 'N', meaning: 'emulated seconds per second (1)' },
  start: { value: 'TIME', meaning: 'ISO 8601 time at which the world begins (now)' },
  help: { meaning: 'prints this' },
} as const satisfies Record<string, Flag>;

/** The name of a flag. */
export type FlagName = keyof typeof FLAGS;
