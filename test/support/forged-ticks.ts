/** Changes to the reports of the ticks of one rollout, each made so well that every report by itself comes out again. */
import { decide } from '../../src/core/decide.ts';
import type { RolloutEvent } from '../../src/core/evolve.ts';
import { asRemembered } from '../../src/core/remembered.ts';
import { withinPolicy } from '../../src/core/within-policy.ts';
import { decodeExact } from '../../src/report/exact-json.ts';
import { lookRecord } from '../../src/report/look-record.ts';
import { lookJson } from '../../src/report/machine-shape.ts';
import { groundOf, inputsOf } from '../../src/report/recomputed-look.ts';
import { type Tampered, type Tampering, tampered } from './tampering.ts';

const HOUR_MS = 3_600_000;
/** More than half of the 15 minutes between two ticks, and less than what makes evidence stale. */
const SWAPPING_MS = 480_000;

/** Returns a copy of a tick's report with a change, all of whose decisions and digests were made anew. */
export function forged(report: string, change: Tampering['change']): Tampered {
  return tampered(report, (copy) => {
    change(copy);
    const ground = groundOf(copy);
    if (ground === null) return;
    const { plan, policy, digest } = ground;
    copy.looks = copy.looks.map((look: Tampered) => {
      const inputs = inputsOf(look, plan);
      const { state, look: seen } = inputs;
      const known = asRemembered(state, seen);
      const decision = withinPolicy(decide(plan, known, seen), { plan, state, look: seen, policy });
      const events = look.events.map(decodeExact) as readonly RolloutEvent[];
      return lookJson({ ...lookRecord(inputs, decision, look.number), events }, digest);
    });
  });
}

/** What somebody did to the reports of seven ticks, as texts, oldest first. */
export interface Forgery {
  readonly what: string;
  change(ticks: readonly string[]): readonly Tampered[];
  /** The tick, from 0 in the order of what was made, and the place at which the check has to see it. */
  readonly found: { readonly tick: number; readonly where: RegExp };
}

function parsed(ticks: readonly string[]): Tampered[] {
  return ticks.map((tick) => JSON.parse(tick));
}

/** Returns a change of one tick. */
function of(index: number, change: Tampering['change']): Forgery['change'] {
  return (ticks) => ticks.map((tick, at) => (at === index ? forged(tick, change) : JSON.parse(tick)));
}

/** Returns a change of the state with which a tick begins. */
function state(index: number, change: (state: Tampered) => void): Forgery['change'] {
  return of(index, (report) => change(report.looks[0].inputs.state));
}

/** Moves everything that one look says of its own time. */
function moved(byMs: number): Tampering['change'] {
  return (report) => {
    const { state: begins, look } = report.looks[0].inputs;
    look.at += byMs;
    for (const age of ['last_evidence_at', 'last_measured_at', 'last_server_at']) begins[age] += byMs;
  };
}

/** Of the ticks 0 create, 1 wait, 2 raise to 25%, 3 wait, 4 raise to 100%, 5 bake, 6 complete. */
export const FORGERIES: readonly Forgery[] = [
  {
    what: 'the tick that raised to 25% is left out',
    change: (ticks) => parsed(ticks).toSpliced(2, 1),
    found: { tick: 2, where: /state\.percentage$/ },
  },
  {
    what: 'the tick that raised to 100% and the one before it are left out',
    change: (ticks) => parsed(ticks).toSpliced(3, 2),
    found: { tick: 3, where: /state\.percentage$/ },
  },
  {
    what: 'a tick is given twice',
    change: (ticks) => parsed([...ticks, ticks[3] ?? '']),
    found: { tick: 7, where: /^digest$/ },
  },
  {
    what: 'a tick is given again under another time of the job',
    change: (ticks) => [
      ...parsed(ticks),
      forged(ticks[3] ?? '', (report) => (report.started_at = '2026-11-20T11:25:00Z')),
    ],
    found: { tick: 7, where: /^digest$/ },
  },
  {
    what: 'two ticks changed their times',
    change: (ticks) =>
      ticks.map((tick, index) => {
        if (index === 2) return forged(tick, moved(SWAPPING_MS));
        return index === 3 ? forged(tick, moved(-SWAPPING_MS)) : JSON.parse(tick);
      }),
    found: { tick: 3, where: /state\.percentage$/ },
  },
  {
    what: 'a tick is said to be of another rollout',
    change: of(3, (report) => (report.rollout_id = 'rol_other')),
    found: { tick: 3, where: /^rollout_id$/ },
  },
  {
    what: 'a tick of another rollout is among them',
    change: of(3, (report) => {
      report.rollout_id = 'rol_other';
      report.looks[0].inputs.state.rollout_id = 'rol_other';
    }),
    found: { tick: 3, where: /^rollout_id$/ },
  },
  {
    what: 'a tick follows another plan',
    change: of(3, (report) => {
      report.plan.digest = '0123456789ab';
      report.plan_digest = '0123456789ab';
    }),
    found: { tick: 3, where: /^plan_digest$/ },
  },
  {
    what: 'the head names another plan than the looks',
    change: of(3, (report) => (report.plan_digest = '0123456789ab')),
    found: { tick: 3, where: /^plan_digest$/ },
  },
  {
    what: 'the head says another percentage than the looks',
    change: of(3, (report) => (report.percentage = 50)),
    found: { tick: 3, where: /^percentage$/ },
  },
  {
    what: 'a stage was entered an hour earlier',
    change: state(3, (begins) => (begins.stage_entered_at -= HOUR_MS)),
    found: { tick: 3, where: /state\.stage_entered_at$/ },
  },
  {
    what: 'a stage was entered two seconds earlier, where both only read it',
    change: state(6, (begins) => (begins.stage_entered_at -= 2_000)),
    found: { tick: 6, where: /state\.stage_entered_at$/ },
  },
  {
    what: 'an earlier stage is forgotten',
    change: state(5, (begins) => begins.past.shift()),
    found: { tick: 5, where: /state\.past$/ },
  },
  {
    what: 'an earlier stage lasted longer',
    change: state(6, (begins) => (begins.past[0].entered_at -= HOUR_MS)),
    found: { tick: 6, where: /state\.past\[0\]$/ },
  },
  {
    what: 'a tick stands in another stage',
    change: state(3, (begins) => (begins.stage_index = 0)),
    found: { tick: 3, where: /state\.stage_index$/ },
  },
  {
    what: 'a tick would roll back to another version',
    change: state(3, (begins) => (begins.previous_version = '0.9.0')),
    found: { tick: 3, where: /state\.previous_version$/ },
  },
  {
    what: 'the rollout was created on another day',
    change: state(3, (begins) => (begins.created_at -= 24 * HOUR_MS)),
    found: { tick: 3, where: /state\.created_at$/ },
  },
  {
    what: 'a tick remembers a reading of an earlier one',
    change: state(3, (begins) => (begins.last_measured_at -= HOUR_MS)),
    found: { tick: 3, where: /state\.last_(?:evidence|server)_at$/ },
  },
  {
    what: 'all readings of a tick are older than the tick before it',
    change: state(3, (begins) => {
      for (const age of ['last_evidence_at', 'last_measured_at', 'last_server_at']) begins[age] -= HOUR_MS;
    }),
    found: { tick: 3, where: /state\.last_server_at$/ },
  },
  {
    what: 'a tick remembers a refusal',
    change: state(3, (begins) => (begins.max_step_told = 10)),
    found: { tick: 3, where: /state\.max_step_told$/ },
  },
  {
    what: 'a tick that waited says that it raised',
    change: of(1, (report) => {
      const { at } = report.looks[0].inputs.look;
      report.looks[0].events = [{ kind: 'raised', percentage: 25, at }];
      report.percentage = 25;
    }),
    found: { tick: 2, where: /state\.percentage$/ },
  },
  {
    what: 'a tick begins with no rollout in the middle',
    change: of(3, (report) => {
      const { look } = report.looks[0].inputs;
      report.looks[0].inputs = {
        state: { phase: 'absent' },
        look: { ...look, server: { kind: 'gone' }, readings: [] },
      };
    }),
    found: { tick: 3, where: /state\.phase$/ },
  },
];
