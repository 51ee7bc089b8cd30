/** Changes to a report that somebody could make: one for each kind of field, and where each has to be found. */
import { reportDigest } from '../../src/report/report-digest.ts';

/** A report as JSON that may be changed. */
// biome-ignore lint/suspicious/noExplicitAny: the whole point is to write where nobody may
export type Tampered = any;

/** One change; `found` is where the check has to see it, when the report's own digest was made anew. */
export interface Tampering {
  readonly what: string;
  change(report: Tampered): void;
  readonly found: RegExp;
}

function breach(report: Tampered): Tampered {
  return report.looks.find((look: Tampered) => look.command.kind === 'roll_back');
}

function soaking(report: Tampered): Tampered {
  return report.looks.find((look: Tampered) => look.number === 3);
}

/** Returns a change of the first reading of the deciding look. */
function reading(change: (reading: Tampered) => void): Tampering['change'] {
  return (report) => change(breach(report).inputs.look.readings[0]);
}

/** Changes of the report of a rollout that passed its first stage and was rolled back in its second. */
export const TAMPERINGS: readonly Tampering[] = [
  {
    what: 'the evidence',
    change: reading((each) => (each.evidence.candidate.events -= 1)),
    found: /gates\[0\]/,
  },
  {
    what: 'the trials',
    change: reading((each) => (each.evidence.candidate.trials += 1)),
    found: /gates\[0\]/,
  },
  {
    what: 'the last bit of a count',
    change: reading((each) => (each.evidence.candidate.trials *= 1 + Number.EPSILON)),
    found: /looks\[\d+\]/,
  },
  {
    what: 'the devices',
    change: reading((each) => (each.evidence.candidate.devices += 1)),
    found: /gates\[0\]/,
  },
  {
    what: 'the baseline',
    change: reading((each) => (each.evidence.baseline.events = 0)),
    found: /gates\[0\]/,
  },
  {
    what: 'the end of a window',
    change: reading((each) => (each.evidence.covered.to -= 60_000)),
    found: /gates\[0\]/,
  },
  { what: 'what was asked for', change: reading((each) => (each.asked.from -= 1)), found: /looks\[\d+\]/ },
  {
    what: 'an earlier stage',
    change: reading((each) => (each.earlier[0].candidate.events = 0)),
    found: /looks\[\d+\]/,
  },
  {
    what: 'a reading that is left out',
    change: (report) => breach(report).inputs.look.readings.pop(),
    found: /\.inputs$/,
  },
  {
    what: 'the time of a look',
    change: (report) => (breach(report).inputs.look.at += 1_000),
    found: /\.at$/,
  },
  {
    what: 'the poll interval',
    change: (report) => (soaking(report).inputs.look.poll.every_ms *= 2),
    found: /command\.until/,
  },
  {
    what: "the server's percentage",
    change: (report) => (soaking(report).inputs.look.server.rollout.percentage = 7),
    found: /percentage/,
  },
  {
    what: "the server's status",
    change: (report) => (soaking(report).inputs.look.server.rollout.status = 'paused'),
    found: /command|reason/,
  },
  {
    what: "the stage's entry",
    change: (report) => (soaking(report).inputs.state.stage_entered_at -= 3_600_000),
    found: /looks\[\d+\]/,
  },
  {
    what: 'the memory of the last evidence',
    change: (report) => (soaking(report).inputs.state.last_evidence_at -= 1),
    found: /state\.last_evidence_at|digest/,
  },
  {
    what: 'the version to return to',
    change: (report) => (breach(report).inputs.state.previous_version = '9.9.9'),
    found: /to_version/,
  },
  {
    what: 'a limit',
    change: (report) => (report.plan.stages[1].gates[0].max_ratio = 0.9),
    found: /gates\[0\]/,
  },
  { what: 'a soak', change: (report) => (report.plan.stages[0].soak_ms = 1), found: /looks\[\d+\]/ },
  { what: 'what harm does', change: (report) => (report.plan.on_fail = 'alert'), found: /command/ },
  {
    what: 'the time that a rollback may take',
    change: (report) => (report.plan.rollback.timeout_ms += 1),
    found: /digest/,
  },
  { what: 'the policy', change: (report) => (report.policy.max_step = 1), found: /looks\[\d+\]/ },
  {
    what: 'a verdict',
    change: (report) => (breach(report).gates[0].verdict = 'pass'),
    found: /gates\[0\]\.verdict$/,
  },
  {
    what: 'the evidence of harm',
    change: (report) => (breach(report).gates[0].log_odds_limit -= 1e-12),
    found: /log_odds_limit$/,
  },
  { what: 'the odds', change: (report) => (breach(report).log_odds = 0), found: /log_odds$/ },
  {
    what: 'a sentence',
    change: (report) => (breach(report).gates[0].sentence = 'all is well'),
    found: /sentence$/,
  },
  {
    what: 'a command',
    change: (report) => (breach(report).command = { kind: 'finish', outcome: 'completed' }),
    found: /command/,
  },
  { what: 'a reason', change: (report) => (breach(report).reason_code = 'soaking'), found: /reason_code$/ },
  {
    what: 'a rollback that is made a success',
    change: (report) => {
      report.looks = report.looks.slice(0, report.looks.indexOf(breach(report)));
      report.looks_taken = report.looks.length;
      report.outcome = 'completed';
      report.reason_code = 'completed';
    },
    found: /^outcome$/,
  },
  {
    what: 'a rollback that is made nothing to do',
    change: (report) => {
      report.looks = report.looks.slice(0, report.looks.indexOf(breach(report)) + 1);
      report.looks_taken = report.looks.length;
      report.outcome = 'waiting';
      report.reason_code = 'stage_passed';
    },
    found: /^outcome$/,
  },
  {
    what: 'looks in the middle that are left out',
    change: (report) => report.looks.splice(1, 1),
    found: /^looks\[1\]\.number$/,
  },
  {
    what: 'the first looks that are left out',
    change: (report) => report.looks.splice(0, 2),
    found: /^looks\[0\]\.number$/,
  },
  {
    what: 'all looks that are left out',
    change: (report) => (report.looks = []),
    found: /^looks_taken$/,
  },
  { what: 'a look that is left out', change: (report) => report.looks.pop(), found: /^looks_taken$/ },
  {
    what: 'two looks that change places',
    change: (report) => report.looks.push(report.looks.shift()),
    found: /number|looks_taken/,
  },
  {
    what: 'what came of a command',
    change: (report) => (breach(report).events = []),
    found: /looks\[\d+\]\.(?:digest|inputs)/,
  },
  { what: 'the end', change: (report) => (report.outcome = 'completed'), found: /^outcome$/ },
  {
    what: 'the reason of the end',
    change: (report) => (report.reason_code = 'completed'),
    found: /^reason_code$/,
  },
  {
    what: 'a key that nobody knows',
    change: (report) => (report.looks[0].forged = true),
    found: /looks\[0\]/,
  },
  { what: 'the plan that is left out', change: (report) => (report.plan = null), found: /^plan$/ },
  { what: 'no report at all', change: (report) => delete report.schema_version, found: /schema_version/ },
];

/** Returns a copy of a report with a change, and with a digest over the whole as if it had been written so. */
export function tampered(report: string, change: Tampering['change']): unknown {
  const copy: Tampered = JSON.parse(report);
  change(copy);
  const { digest: _before, ...rest } = copy;
  return { ...rest, digest: reportDigest(rest) };
}
