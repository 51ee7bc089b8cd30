/** What a person may get wrong before the first write, with what the action has to say about it. */

/** One mistake: the inputs that make it, and what the first error must contain. */
export interface BadInput {
  readonly title: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  readonly gives: { readonly outcome: string; readonly reason: string; readonly says: readonly string[] };
}

const PLAN = 'model: radiology-v1\nversion: 2.0.0\nstages: [5%, 100%]\nsoak: 2s\nbake: 2s\n';
const invalidInput = { outcome: 'invalid_input', reason: 'invalid_input' } as const;
const invalidPlan = { outcome: 'invalid_plan', reason: 'invalid_plan' } as const;

export const BAD_INPUTS: readonly BadInput[] = [
  {
    title: 'no key',
    inputs: { 'api-key': '' },
    gives: { ...invalidInput, says: ['input api-key: got nothing', 'secrets.'] },
  },
  {
    title: 'a publishable key',
    inputs: { 'api-key': 'oct_pub_live_0123456789' },
    gives: { ...invalidInput, says: ['publishable key', 'expected an organisation key'] },
  },
  {
    title: 'a pause without a reason',
    inputs: { command: 'pause', model: 'radiology-v1' },
    gives: { ...invalidInput, says: ['input reason: got nothing', 'why, in one line'] },
  },
  {
    title: 'a percentage above 100',
    inputs: { command: 'set', model: 'radiology-v1', percentage: '250', reason: 'typo' },
    gives: { ...invalidInput, says: ['input percentage: got "250"', '0 to 100'] },
  },
  {
    title: 'a percentage for a command that takes none',
    inputs: { percentage: '25', plan: PLAN },
    gives: { ...invalidInput, says: ['input percentage: got "25"', 'only command set'] },
  },
  {
    title: 'a pause of what is completed',
    inputs: { command: 'pause', model: 'radiology-v1', reason: 'rehearsal' },
    gives: {
      outcome: 'invalid_input',
      reason: 'status_forbids_command',
      says: ['of 1.0.0 is completed', 'roll back'],
    },
  },
  {
    title: 'a model that does not exist',
    inputs: { plan: PLAN.replace('radiology-v1', 'radiologi-v1') },
    gives: { outcome: 'invalid_input', reason: 'model_not_found', says: ['radiologi-v1', 'radiology-v1'] },
  },
  {
    title: 'a model name that two models have',
    inputs: { plan: PLAN.replace('radiology-v1', 'other-model-1') },
    flags: ['--models', '2', '--model', 'other-model-1'],
    gives: {
      outcome: 'invalid_input',
      reason: 'model_ambiguous',
      says: ['mdl_other_1', 'mdl_radiology', "the model's id"],
    },
  },
  {
    title: 'a version that does not exist',
    inputs: { plan: PLAN.replace('2.0.0', '2.0.1') },
    gives: { outcome: 'invalid_input', reason: 'version_not_found', says: ['2.0.1', '2.0.0'] },
  },
  {
    title: 'YAML that does not parse',
    inputs: { plan: 'model: [radiology\nversion: 2' },
    gives: { ...invalidPlan, says: ['plan:'] },
  },
  {
    title: 'decreasing stages',
    inputs: { plan: PLAN.replace('[5%, 100%]', '[50%, 25%, 100%]') },
    gives: { ...invalidPlan, says: ['plan:3:', 'stages[1]', '25%'] },
  },
  {
    title: 'bare numbers',
    inputs: { plan: `${PLAN}gates: { error_rate: 0.05 }\n` },
    gives: { ...invalidPlan, says: ['gates.error_rate', '0.05', '5%'] },
  },
  {
    title: 'a limit of zero',
    inputs: { plan: `${PLAN}gates: { error_rate: 0% }\n` },
    gives: {
      ...invalidPlan,
      says: ['plan:6:22 gates.error_rate', '0% can never be shown to hold', '85 requests'],
    },
  },
  {
    title: 'a limit that nothing can break',
    inputs: { plan: `${PLAN}gates: { crash_rate: 100% }\n` },
    gives: { ...invalidPlan, says: ['plan:6:22 gates.crash_rate', 'Nothing can break it'] },
  },
  {
    title: 'a margin below zero',
    inputs: { plan: `${PLAN}gates: { error_rate: { margin: -5% } }\n` },
    gives: {
      ...invalidPlan,
      says: ['gates.error_rate.margin: got "-5%"', 'expected 0% or more', 'A margin is'],
    },
  },
  {
    title: 'a margin without a baseline',
    inputs: { plan: `${PLAN}gates: { latency_p95: { max: 1s, margin: 5% } }\n` },
    gives: { ...invalidPlan, says: ['gates.latency_p95.margin: got "5%"', 'baseline: current'] },
  },
  {
    title: 'a bare duration',
    inputs: { plan: PLAN.replace('soak: 2s', 'soak: 5') },
    gives: { ...invalidPlan, says: ['plan:4:7 soak', '"5"', '5m or 5s'] },
  },
  {
    title: 'an unknown key',
    inputs: { plan: `${PLAN}gatess: none\n` },
    gives: { ...invalidPlan, says: ['gatess', 'gates'] },
  },
  {
    title: 'an http URL',
    inputs: { 'api-url': 'http://api.octomil.com/api/v1', plan: PLAN },
    gives: { ...invalidInput, says: ['api-url', 'https://'] },
  },
  {
    title: 'a URL with credentials',
    inputs: { 'api-url': 'https://me:hunter2@api.octomil.com/api/v1', plan: PLAN },
    gives: { ...invalidInput, says: ['api-url', 'user name or password'] },
  },
  {
    title: 'a timeout out of range',
    inputs: { timeout: '6d', plan: PLAN },
    gives: { ...invalidInput, says: ['input timeout: got "6d"', '1m to 5d'] },
  },
  {
    title: 'a poll interval out of range',
    inputs: { 'poll-interval': '2h', plan: PLAN },
    gives: { ...invalidInput, says: ['input poll-interval: got "2h"', '1s to 1h'] },
  },
  {
    title: 'no previous version and no to-version',
    inputs: { plan: PLAN },
    flags: ['--first-ever'],
    gives: { outcome: 'invalid_input', reason: 'previous_version_missing', says: ['to-version'] },
  },
  {
    title: 'a plan that cannot fit into the timeout',
    inputs: { plan: PLAN.replace('soak: 2s', 'soak: 2h'), timeout: '1h' },
    gives: { outcome: 'invalid_plan', reason: 'plan_exceeds_timeout', says: ['2h', '1h'] },
  },
  {
    title: 'a plan file outside the workspace',
    inputs: { plan: '../rollout.yml' },
    gives: { ...invalidPlan, says: ['../rollout.yml'] },
  },
  {
    title: 'an unwatched plan that nobody accepted',
    inputs: { plan: `${PLAN}gates: none\n` },
    gives: { outcome: 'invalid_plan', reason: 'unwatched_not_accepted', says: ['unwatched: accepted'] },
  },
];
