/** Every source of health keeps the same contract; docs/metrics-contract.md is the table. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SOURCE_NAMES } from '../../src/core/series.ts';
import { replaceBetweenMarkers } from '../support/documents.ts';
import { OCTOMIL_STAGE } from '../support/octomil-stage.ts';
import { SITUATION_NAMES, SITUATIONS, type SituationName } from '../support/series-situations.ts';
import type { SeriesStage } from '../support/series-stage.ts';
import { DATADOG_STAGE, FILE_STAGE, HTTP_JSON_STAGE, PROMETHEUS_STAGE } from '../support/series-stages.ts';
import { playCell, renderTable } from '../support/series-suite.ts';
import { ROOT } from '../support/source-tree.ts';

const STAGES: readonly SeriesStage[] = [
  OCTOMIL_STAGE,
  PROMETHEUS_STAGE,
  DATADOG_STAGE,
  HTTP_JSON_STAGE,
  FILE_STAGE,
];
const FILE = join(ROOT, 'docs/metrics-contract.md');
const words: Record<string, Partial<Record<SituationName, string>>> = {};

describe.each(STAGES)('the source $source', (stage) => {
  const possible = SITUATION_NAMES.filter((name) => stage.cannot[name] === undefined);

  it.each(possible)('keeps the contract: %s', async (name) => {
    const cell = await playCell(stage, name);
    expect(cell?.breaches).toEqual([]);
    words[stage.source] = { ...words[stage.source], [name]: cell?.word ?? '' };
  });
});

describe('the contract', () => {
  it('is kept by every source there is', () => {
    expect(STAGES.map(({ source }) => source)).toEqual([...SOURCE_NAMES]);
  });

  it('is an error for a shape that a source cannot answer', async () => {
    const played = await DATADOG_STAGE.play(SITUATIONS['a histogram']);
    const { leaves } = await played.ask();
    await played.close();
    expect(leaves.buckets).toMatchObject({
      kind: 'error',
      why: expect.stringContaining('use counts instead'),
    });
  });

  it('is the table of docs/metrics-contract.md', () => {
    const render = (text: string): string =>
      replaceBetweenMarkers(text, 'contract', renderTable(STAGES, words));
    if (process.env['UPDATE_DOCUMENTS'] === '1') writeFileSync(FILE, render(readFileSync(FILE, 'utf8')));
    const text = readFileSync(FILE, 'utf8');
    expect(text, 'docs/metrics-contract.md is out of date; run `npm run docs`').toBe(render(text));
  });
});
