/** The text of `--help`, made from the tables of flags, scenarios, switches, faults and control routes. */
import { createScenario, SCENARIO_NAMES, USUAL_SCENARIO_SETTINGS } from '../simulation/scenarios.ts';
import { CONTROL_ROUTE_HELP } from './control-routes.ts';
import { FAULT_KINDS } from './fault.ts';
import { FLAGS, type Flag } from './flags.ts';
import { PROFILES, SWITCH_NAMES, SWITCHES } from './switches.ts';

/** Returns the help: how to start, then every flag, scenario, switch, fault and control route. */
export function helpText(): string {
  return `Serves a local Octomil API with a simulated fleet on 127.0.0.1 until it is stopped.

Usage: node dist/emulator/index.js [flags]

It prints one line of JSON whose "url" is the API's base, then nothing more; requests to routes that do not
exist are answered with 501 and noted on standard error. Bad flags end it with exit code 2.

Flags (defaults in parentheses):
${rows(Object.entries<Flag>(FLAGS).map(([name, flag]) => [flagName(name, flag), flag.meaning]))}

Scenarios:
${rows(SCENARIO_NAMES.map((name) => [name, createScenario(name, USUAL_SCENARIO_SETTINGS).sentence]))}

Switches for --conflict (what the profile full sets; documented where it differs):
${rows(SWITCH_NAMES.map((name) => [name, switchMeaning(name)]))}

Control routes (no key needed):
${rows(Object.entries(CONTROL_ROUTE_HELP))}

Faults (kind):
${rows(Object.entries(FAULT_KINDS))}
`;
}

function flagName(name: string, { value, repeatable }: Flag): string {
  return `--${name}${value === undefined ? '' : ` ${value}`}${repeatable === true ? ' ...' : ''}`;
}

function switchMeaning(name: (typeof SWITCH_NAMES)[number]): string {
  const { values, meaning } = SWITCHES[name];
  const full = PROFILES.full[name];
  const documented = PROFILES.documented[name];
  const usual = full === documented ? full : `${full}; ${documented}`;
  return `${values.join('|')} (${usual}): ${meaning}`;
}

function rows(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, meaning]) => `  ${name.padEnd(width)}  ${meaning}`).join('\n');
}
