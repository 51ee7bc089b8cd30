/** Renders the tables of docs/emulator.md from what the emulator declares. */
import { CONTROL_ROUTE_HELP } from '../../src/emulator/control-routes.ts';
import { FAULT_KINDS } from '../../src/emulator/fault.ts';
import { FLAGS, type Flag } from '../../src/emulator/flags.ts';
import { PROFILES, SWITCH_NAMES, SWITCHES } from '../../src/emulator/switches.ts';
import { createScenario, SCENARIO_NAMES, USUAL_SCENARIO_SETTINGS } from '../../src/simulation/scenarios.ts';
import { replaceBetweenMarkers } from './documents.ts';
import { code, markdownTable } from './markdown-table.ts';

/** Returns the document with every table made anew. */
export function renderEmulatorDocument(text: string): string {
  const tables = {
    flags: markdownTable(['flag', 'what it does (default)'], flagRows()),
    scenarios: markdownTable(
      ['scenario', 'what happens'],
      SCENARIO_NAMES.map((name) => [code(name), createScenario(name, USUAL_SCENARIO_SETTINGS).sentence]),
    ),
    switches: markdownTable(['switch', 'values', '`full`', '`documented`', 'what it changes'], switchRows()),
    control: markdownTable(['route', 'body, effect'], codeRows(CONTROL_ROUTE_HELP)),
    faults: markdownTable(['kind', 'what the client sees'], codeRows(FAULT_KINDS)),
  };
  return Object.entries(tables).reduce((all, [name, one]) => replaceBetweenMarkers(all, name, one), text);
}

function flagRows(): readonly (readonly string[])[] {
  return Object.entries<Flag>(FLAGS).map(([name, { value, repeatable, meaning }]) => {
    const flag = code(`--${name}${value === undefined ? '' : ` ${value}`}`);
    return [repeatable === true ? `${flag}, repeatable` : flag, meaning];
  });
}

function switchRows(): readonly (readonly string[])[] {
  return SWITCH_NAMES.map((name) => {
    const { values, meaning } = SWITCHES[name];
    const { full, documented } = PROFILES;
    return [code(name), values.map(code).join(', '), code(full[name]), code(documented[name]), meaning];
  });
}

function codeRows(rows: Readonly<Record<string, string>>): readonly (readonly string[])[] {
  return Object.entries(rows).map(([name, meaning]) => [code(name), meaning]);
}
