/** The closed list of reason codes: public API, each with one sentence of meaning and one of advice. Pure. */

interface ReasonText {
  readonly meaning: string;
  readonly advice: string;
}

/** Every reason code with its sentences. A code is never renamed or reused within a major version. */
export const REASONS = {
  // How a rollout ends well.
  completed: {
    meaning: 'The candidate serves the target percentage, the bake has passed, and the devices were counted.',
    advice: 'Nothing to do.',
  },
  completed_unconfirmed_devices: {
    meaning:
      'The candidate serves the target percentage and the bake has passed, but the API could not count devices.',
    advice: 'Check on the dashboard that the devices run the new version.',
  },
  already_completed: {
    meaning: 'This version was already rolled out to the target percentage and its bake is over.',
    advice: 'Nothing to do.',
  },
  plan_valid: {
    meaning: 'The plan is valid and was expanded.',
    advice: 'Merge it, or run it with `command: run`.',
  },
  planned_for_fork: {
    meaning: 'The pull request comes from a fork, so the plan was checked and nothing was changed.',
    advice: 'Merge it: the workflow rolls out from a branch of this repository only.',
  },
  planned_after_fork: {
    meaning:
      'A pull request from a fork, or anybody, may have started the workflow before this one, so the plan was checked and nothing was changed.',
    advice:
      "Let a push start the first workflow, as with `if: github.event.workflow_run.event == 'push'`: a rollout follows what was merged.",
  },
  status_reported: { meaning: 'The state of the rollout was read.', advice: 'Nothing to do.' },
  rolled_back_by_request: {
    meaning: 'An operator asked for the rollback and it is confirmed.',
    advice: 'Run the candidate again with `force: retry` and a `reason` once it is fixed.',
  },
  rolled_back_by_request_unconfirmed_devices: {
    meaning: 'An operator asked for the rollback and the API accepted it, but it could not count devices.',
    advice: 'Check on the dashboard that the devices run the restored version.',
  },

  nothing_to_advance: {
    meaning: 'There is no rollout of this version, and a scheduled run creates none.',
    advice: 'Create it with `command: advance` or `run` on another event, such as `workflow_dispatch`.',
  },
  rolled_back_earlier: {
    meaning: 'This version was rolled back earlier, and the devices run the version before it.',
    advice: 'Release a new version, or set `force: retry` with a `reason`; disable the schedule until then.',
  },

  // What an operator asked for.
  paused_by_request: {
    meaning: 'An operator asked for the pause, and the API shows the rollout paused.',
    advice: 'The candidate still serves its devices: resume it with `command: resume`, or roll it back.',
  },
  resumed_by_request: {
    meaning: 'An operator asked for the rollout to be resumed, and the API shows it running.',
    advice: 'Run or schedule the plan again where no job watches it: nothing is advanced without one.',
  },
  percentage_set_by_request: {
    meaning: 'An operator asked for the percentage, and the API shows it.',
    advice: 'Run or schedule the plan again where no job watches it: nothing is judged without one.',
  },
  nothing_to_change: {
    meaning: 'The rollout already is as the operator asked for, so nothing was written.',
    advice: 'Nothing to do.',
  },
  no_rollout_in_force: {
    meaning: 'No rollout that the command could be about is in force.',
    advice: 'Check `model`, `version` and `group`; `command: status` shows what there is.',
  },
  rollout_ambiguous: {
    meaning: 'Several rollouts that the command could be about are in force.',
    advice: 'Set `version`, and `group` for a rollout of a group, so that one is left.',
  },
  status_forbids_command: {
    meaning: "The rollout's status does not allow the command.",
    advice: 'Do what the message says instead.',
  },
  paused_by_gate: {
    meaning: 'A critical gate proved harm and paused the rollout, so it is not resumed just like that.',
    advice: 'Roll back, or set `force: retry` with a `reason` once you know that the harm is gone.',
  },
  percentage_would_fall: {
    meaning: 'The percentage asked for is below the present one, and only a rollback takes devices back.',
    advice: 'Roll back, or pause the rollout to keep it where it is.',
  },
  percentage_not_in_plan: {
    meaning: 'The plan that was given has no stage at the percentage asked for.',
    advice: 'Set the percentage of a stage, or leave `plan` out to set any.',
  },
  change_not_confirmed: {
    meaning: 'The API accepted the change, and shows something else afterwards.',
    advice: 'Look at the rollout in Octomil and make the change there; somebody else may be changing it.',
  },

  // What a rollout waits for.
  not_before: {
    meaning: 'The plan does not start before a given time.',
    advice: 'Wait, or change `not_before`.',
  },
  warming_up: { meaning: 'The stage is warming up; its evidence does not count yet.', advice: 'Wait.' },
  soaking: { meaning: 'The stage has not soaked for its full time.', advice: 'Wait.' },
  baking: { meaning: 'The target percentage is reached and the bake is running.', advice: 'Wait.' },
  more_evidence_needed: {
    meaning: 'A gate has seen too few trials to pass.',
    advice: 'Wait, enlarge the stage, or lower `min_samples`.',
  },
  no_memory: {
    meaning:
      'The API does not tell when this stage was entered, so a tick cannot know whether it may advance.',
    advice:
      'Use `command: run`, whose own clock measures the stage, an API that keeps the history, or `environment:` with `permissions: deployments: write`, so that GitHub remembers it.',
  },
  leaning_to_harm: {
    meaning: 'The evidence speaks for harm at 10:1 or more without proving it, so nothing advances.',
    advice: 'Look at the gate named; the rollout goes on by itself when more evidence clears it.',
  },
  no_data: {
    meaning: 'The health source answered, but with nothing measured in this stage.',
    advice: 'Check that devices of this version send telemetry and that the window is not empty.',
  },
  measurement_failed: {
    meaning: 'The health source could not be read.',
    advice: 'Check the source, its credentials and its route; the rollout does not advance without it.',
  },
  min_devices_missing: {
    meaning: 'Fewer devices run the candidate than the stage asks for.',
    advice: 'Wait for devices to sync, or lower `min_devices`.',
  },
  adoption_low: {
    meaning: 'Too few of the assigned and reachable devices run the candidate.',
    advice: 'Look at failed downloads and at devices that have not synced.',
  },
  hold_gate_failing: {
    meaning: 'A gate with severity `hold` fails.',
    advice: 'Fix what it measures; the rollout goes on by itself once it passes.',
  },
  lease_held: {
    meaning: 'Another run acted on this rollout last and expects to act again.',
    advice: 'Wait for its lease to end, or take it over with `force: lease` and a `reason`.',
  },
  paused_by_other: {
    meaning: 'Somebody paused the rollout. Health is watched, nothing is advanced.',
    advice: 'Resume it in Octomil when you are ready; the run goes on by itself.',
  },
  status_unknown: {
    meaning: 'The API shows a status that is not documented.',
    advice: 'Look at the rollout in Octomil; it does not advance in this status.',
  },
  server_unreadable: {
    meaning: 'The rollout could not be read from the API.',
    advice: 'Check the API and the network; nothing is changed while the state is not known.',
  },
  policy_minimum_duration: {
    meaning: "The organisation's policy asks for more time between two advances.",
    advice: 'Wait; the rollout goes on by itself once the time is over.',
  },
  policy_step_too_large: {
    meaning: "The organisation's policy allows only smaller steps.",
    advice: 'Put more stages into the plan, or ask whoever keeps the policy for larger steps.',
  },
  starting: { meaning: 'The rollout is created and not started yet.', advice: 'Wait.' },
  adopted: { meaning: 'A rollout of this plan was found and is continued.', advice: 'Nothing to do.' },

  // What a rollout does.
  stage_passed: {
    meaning: 'Every gate of the stage has passed, after its soak or after half of it with proof of safety.',
    advice: 'Nothing to do.',
  },
  confirming_rollback: {
    meaning: 'The rollback is accepted; devices are being counted.',
    advice: 'Wait; devices revert at their next sync.',
  },

  // How a rollout ends badly.
  gate_failed: {
    meaning: 'A critical gate proved harm and the fleet was rolled back.',
    advice: 'Fix the candidate and release it as a new version.',
  },
  gate_failed_unconfirmed_devices: {
    meaning:
      'A critical gate proved harm and the rollback was accepted, but the API could not count devices.',
    advice: 'Check on the dashboard that the devices run the restored version.',
  },
  gate_failed_paused: {
    meaning: 'A critical gate proved harm and the plan says `on_fail: pause`.',
    advice: 'The candidate still serves its devices: roll back, or resume when you have looked.',
  },
  gate_failed_alert: {
    meaning: 'A critical gate proved harm and the plan says `on_fail: alert`.',
    advice: 'The candidate still serves its devices: roll back, or pause it.',
  },
  deadline_passed: {
    meaning: 'A deadline of the plan passed without the evidence to go on.',
    advice: 'The rollout is paused; look at what was missing, then run again.',
  },
  deadline_passed_rolled_back: {
    meaning: 'A deadline of the plan passed without the evidence and the plan says `on_deadline: rollback`.',
    advice: 'Look at what was missing before you run the version again.',
  },
  deadline_passed_rolled_back_unconfirmed_devices: {
    meaning: 'A deadline passed, the plan says `on_deadline: rollback`, and the API could not count devices.',
    advice: 'Check on the dashboard that the devices run the restored version.',
  },
  advance_refused: {
    meaning: 'The API refused a change of the rollout.',
    advice: "Read the API's text below; an organisation policy may ask for approval or more time.",
  },
  approval_required: {
    meaning: "The organisation's policy asks for an approval, and none is known.",
    advice:
      'Have the rollout approved in Octomil by somebody with an approval role who did not start it, then run again: the rollout is adopted.',
  },
  evaluation_required: {
    meaning: "The organisation's policy asks for an evaluation of the version, and none is known.",
    advice:
      'Evaluate the version with `octomil eval` and start its rollout in Octomil, then run again: the rollout is adopted.',
  },
  rolled_back_by_server: {
    meaning: 'Octomil or a person rolled this rollout back; the action did not.',
    advice: "Read the rollout's history in Octomil; the organisation's auto-rollback may have acted.",
  },
  rolled_back_by_server_unconfirmed_devices: {
    meaning: 'Octomil or a person rolled this rollout back; the API could not count devices.',
    advice: 'Check on the dashboard that the devices run the restored version.',
  },
  rollback_refused: {
    meaning: 'Harm was proven, and the API did not accept the rollback.',
    advice: 'Roll back by hand now with the command below.',
  },
  rollback_unconfirmed: {
    meaning: 'The rollback was accepted, but too few devices run the restored version.',
    advice: 'Look at the devices that did not revert; the candidate still serves there.',
  },
  no_rollback_target: {
    meaning: 'Harm was proven and no previous version is known.',
    advice: 'Roll back by hand with `command: rollback` and `to-version`.',
  },
  group_not_confirmed: {
    meaning: 'The API did not confirm that the rollout is limited to the group, so it was paused.',
    advice: 'Check the group in Octomil; leave `group` out to roll out to the whole fleet.',
  },
  shadow_refused: {
    meaning: 'The API refuses a rollout at 0%, so there is no shadow stage.',
    advice: 'Remove the 0% stage.',
  },
  percentage_lowered: {
    meaning: 'Somebody lowered the percentage; the action does not raise it again by itself.',
    advice: 'Run again when you want the plan to go on from there.',
  },
  another_version: {
    meaning: 'Another version of this model is being rolled out.',
    advice: 'Finish or roll back that rollout first, or set `on_superseded: replace`.',
  },
  newer_run: {
    meaning: 'This run is an old one: another version was rolled out after it was started.',
    advice: 'Start a new run, or set `force: retry` with a `reason` to put this version in its place.',
  },
  rollout_gone: {
    meaning: 'The rollout failed, or was deleted or cancelled by somebody else.',
    advice: 'Check which version the devices run; run again to start a new rollout.',
  },
  version_was_rolled_back: {
    meaning: 'This version was rolled back before.',
    advice: 'Release a new version, or set `force: retry` with a `reason`.',
  },
  job_time_over: {
    meaning: "The job's time is over before the rollout is.",
    advice: 'Run the same workflow again: it adopts the rollout and goes on.',
  },
  signalled: {
    meaning: 'The job was cancelled.',
    advice: 'Run the same workflow again, or wait for its next tick: it adopts the rollout and goes on.',
  },

  // What stops before the first write.
  invalid_input: { meaning: 'An input is missing or wrong.', advice: 'Correct the input.' },
  invalid_plan: { meaning: 'The plan has problems.', advice: 'Correct the lines named.' },
  plan_exceeds_timeout: {
    meaning: "The plan's soaks and bake do not fit into the job's timeout.",
    advice: 'Raise `timeout`, shorten the plan, or promote it by a schedule with `command: advance`.',
  },
  model_not_found: { meaning: 'The model does not exist.', advice: 'Check `model` and `org-id`.' },
  model_ambiguous: { meaning: 'Several models have this name.', advice: "Use the model's id." },
  version_not_found: { meaning: 'The version does not exist.', advice: 'Upload and publish it first.' },
  group_not_found: { meaning: 'The device group does not exist.', advice: 'Check `group`.' },
  gate_never_proven: {
    meaning: 'A stage has too few devices to ever prove a gate, and the plan says `pass_when: proven`.',
    advice: 'Enlarge the stage, raise the limit, or write `pass_when: not_failed`.',
  },
  latency_baseline_missing: {
    meaning: 'A gate compares with a latency of the previous version that is not known.',
    advice: 'Give the gate a `max`, or a source that tells the latency of the hour before the rollout.',
  },
  too_many_devices: {
    meaning: 'A stage would reach more devices than its `max_devices`.',
    advice: 'Lower the percentage or raise `max_devices`.',
  },
  previous_version_missing: {
    meaning: 'No version is known to roll back to.',
    advice: 'Set `to-version`, or `on_fail: pause` for a first-ever rollout.',
  },
  health_source_missing: {
    meaning: 'The API has no health route, so no gate can be judged.',
    advice: 'Use one of the blocks below.',
  },
  unwatched_not_accepted: {
    meaning: "The plan has no gate and the organisation's auto-rollback is not known to be on.",
    advice: 'Turn it on, add a gate, or write `unwatched: accepted` into the plan.',
  },
  auto_rollback_required: {
    meaning: "The input `auto-rollback: required` is set and the organisation's auto-rollback is not on.",
    advice: 'Turn it on in Octomil, or set `auto-rollback: per-policy`.',
  },

  // What gives up.
  unauthorized: { meaning: 'The API refused the key.', advice: 'Check `api-key` and its scopes.' },
  api_unavailable: {
    meaning: 'The API could not be reached or did not answer completely.',
    advice: 'Run again; the rollout is adopted where it stands.',
  },
  api_protocol: {
    meaning: 'The API answered with something this action does not understand.',
    advice: 'Open an issue with the message; nothing was assumed.',
  },
  api_refused: { meaning: 'The API refused a request.', advice: "Read the API's text below." },
  internal_error: {
    meaning: 'The action failed in a way it should not.',
    advice: 'Open an issue with the log.',
  },
} as const satisfies Record<string, ReasonText>;

/** One reason code. */
export type ReasonCode = keyof typeof REASONS;

/** Returns what a reason code means, in one sentence. */
export function meaningOf(reason: ReasonCode): string {
  return REASONS[reason].meaning;
}

/** Returns what a person should do about a reason code, in one sentence. */
export function adviceFor(reason: ReasonCode): string {
  return REASONS[reason].advice;
}
