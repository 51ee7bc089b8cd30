/** The tables of the bench in Markdown, one a section. Pure. */
import { numberColumn, renderTable, textColumn } from '../../src/report/markdown-table.ts';
import { RULE_NAMES, type RuleName } from './cell.ts';
import { SECTIONS } from './cells.ts';
import type { CellResult, RuleResult } from './rule-result.ts';

const TITLES: Readonly<Record<RuleName, string>> = {
  argo: 'Argo, failureLimit 3',
  flagger: 'Flagger, threshold 10',
  aws: 'AWS alarm, 3 of 3',
  'mann-whitney': 'Mann-Whitney 98%, as Kayenta',
  'z-peek': 'z-test at each look, p < 0.01',
  'confidence-sequence': 'confidence sequence on devices, as GrowthBook',
  ours: 'ours, level 2',
  'ours-level-1': 'ours, level 1',
  'ours-no-devices': 'ours without device correction',
  'ours-no-restarts': 'ours without restarts',
};

/** Returns the tables of all sections that have results. */
export function renderTables(results: readonly CellResult[]): string {
  const tables = Object.values(SECTIONS).flatMap((section) => {
    const cells = results.filter((cell) => cell.section === section);
    if (cells.length === 0) return [];
    if (section === SECTIONS.faults) return [headed(section, faultTable(cells))];
    if (section === SECTIONS.onset) return [headed(section, onsetTable(cells))];
    const wrong = headed(`${section}: % rolled back [95% interval]`, falseTable(cells));
    if (section !== SECTIONS.healthy) return [wrong];
    return [wrong, headed('Completion of healthy versions, in minutes', completionTable(cells))];
  });
  return tables.join('\n\n');
}

function headed(title: string, table: string): string {
  return `### ${title}\n\n${table}`;
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const titles = columns.map((title) =>
    title === '' || title === 'rule' ? textColumn(title) : numberColumn(title),
  );
  return renderTable({ columns: titles, rows }, { maxRows: rows.length, focus: 0, more: 'rows' });
}

function falseTable(cells: readonly CellResult[]): string {
  const rules = RULE_NAMES.filter((rule) => cells.some((cell) => resultOf(cell, rule) !== undefined));
  return table(
    ['', 'runs', ...rules.map((rule) => TITLES[rule])],
    cells.map((cell) => [
      cell.name,
      String(cell.results[0]?.runs ?? 0),
      ...rules.map((rule) => falseShare(resultOf(cell, rule), cell.results[0]?.runs ?? 0)),
    ]),
  );
}

function falseShare(result: RuleResult | undefined, runs: number): string {
  if (result === undefined) return '–';
  const { count, lower, upper } = result.falsely;
  const fewer = result.runs === runs ? '' : `, ${result.runs} runs`;
  return `${percent(count / result.runs)} [${percent(lower)}–${percent(upper)}${fewer}]`;
}

function completionTable(cells: readonly CellResult[]): string {
  return table(
    ['', 'fixed plan', 'ours, median', 'ours, p95', 'held'],
    cells.flatMap((cell) => {
      const ours = resultOf(cell, 'ours');
      if (ours === undefined) return [];
      const fixed = cell.results.find(({ rule }) => !rule.startsWith('ours'))?.completion?.median;
      const { completion, held, runs } = ours;
      return [
        [
          cell.name,
          minutes(fixed ?? null),
          minutes(completion?.median ?? null),
          minutes(completion?.p95 ?? null),
          `${percent(held / runs)}`,
        ],
      ];
    }),
  );
}

function faultTable(cells: readonly CellResult[]): string {
  return table(
    ['', 'rule', 'runs', 'caught %', 'held %', 'median min', 'p95 min', 'excess bad answers'],
    cells.flatMap((cell) =>
      cell.results.map((result) => [
        cell.name,
        TITLES[result.rule],
        String(result.runs),
        percent((result.caught ?? 0) / result.runs),
        percent(result.held / result.runs),
        minutes(result.detection?.median ?? null),
        minutes(result.detection?.p95 ?? null),
        result.excess === null ? '–' : result.excess.toFixed(0),
      ]),
    ),
  );
}

function onsetTable(cells: readonly CellResult[]): string {
  const first = new Map<string, number>();
  const rows = cells.flatMap((cell) =>
    cell.results.map((result) => {
      const kind = `${result.rule} ${cell.name.slice(0, cell.name.lastIndexOf(','))}`;
      const median = result.detection?.median ?? null;
      if (median !== null && !first.has(kind)) first.set(kind, median);
      const ratio = median === null ? '–' : (median / (first.get(kind) ?? median)).toFixed(1);
      return [
        cell.name,
        TITLES[result.rule],
        String(result.runs),
        falseShare(result, result.runs),
        result.caught === null ? '–' : percent(result.caught / result.runs),
        minutes(median),
        minutes(result.detection?.p95 ?? null),
        ratio,
      ];
    }),
  );
  const columns = ['rule', 'runs', 'falsely %', 'caught %', 'median min after onset', 'p95', 'of onset at 0'];
  return table(['', ...columns], rows);
}

function resultOf(cell: CellResult, rule: RuleName): RuleResult | undefined {
  return cell.results.find((result) => result.rule === rule);
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}

function minutes(value: number | null): string {
  return value === null ? '–' : String(value);
}
