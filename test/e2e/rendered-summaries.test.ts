/**
 * The diagrams of every kind of summary draw in a real browser, also with hostile names in them. Needs Chromium
 * (CHROMIUM, or `chromium` on PATH) and says so where there is none; with REQUIRE_CHROMIUM=1 that fails. Pictures
 * that are not of these summaries are noticed without it.
 */
import { beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { renderSummary } from '../../src/report/summary.ts';
import { findChromium } from '../support/chromium.ts';
import { type Drawn, diagramsOf, draw, findMermaid, type Style } from '../support/drawn-diagrams.ts';
import { hostileRecord } from '../support/hostile-records.ts';
import { HOSTILE_TEXTS } from '../support/hostile-text.ts';
import { SHOWN_SUMMARIES, shownSummaries } from '../support/shown-summaries.ts';
import { DRAW_ANEW, digestOf, readDrawnFrom, STYLES } from '../support/summary-pictures.ts';

const chromium = findChromium(process.env);
const mermaid = findMermaid();
const isRequired = process.env['REQUIRE_CHROMIUM'] === '1';

function drawOrLeave(context: TestContext, diagrams: readonly string[], style: Style): readonly Drawn[] {
  if (chromium !== null && mermaid !== null) return draw(diagrams, style, { chromium, mermaid });
  const lack = chromium === null ? 'no chromium on PATH and none in CHROMIUM' : 'mermaid is not installed';
  expect(isRequired, lack).toBe(false);
  return context.skip(lack);
}

let summaries: Readonly<Record<string, string>> = {};
beforeAll(async () => {
  summaries = await shownSummaries();
});

it.each(SHOWN_SUMMARIES)('the pictures of the summary %s show it as it is now', (name) => {
  expect(digestOf(summaries[name] ?? ''), DRAW_ANEW).toBe(readDrawnFrom().summaries[name]);
});

describe('in a browser', () => {
  it.for(STYLES)('every diagram of every kind of summary draws, in the %s style', (style, context) => {
    const diagrams = SHOWN_SUMMARIES.flatMap((name) =>
      diagramsOf(summaries[name] ?? '').map((source) => ({ name, source })),
    );
    const sources = diagrams.map(({ source }) => source);
    const drawn = drawOrLeave(context, sources, style);
    expect(drawn.map(({ kind, error }) => error ?? kind)).toEqual(
      sources.map((source) => (source.includes('xychart-beta') ? 'xychart' : 'gantt')),
    );
    const of = (name: string) => drawn.filter((_each, index) => diagrams[index]?.name === name);
    for (const name of SHOWN_SUMMARIES)
      expect(
        of(name).map(({ kind }) => kind),
        name,
      ).toContain('gantt');
    for (const name of ['completed', 'waiting', 'rolled-back', 'cancelled', 'rollback-failed']) {
      expect(
        of(name).map(({ kind }) => kind),
        name,
      ).toContain('xychart');
    }
    expect(of('rolled-back').flatMap(({ texts }) => texts)).toEqual(
      expect.arrayContaining(['stage 1 at 5% smoke', 'stage 2 at 25%', 'rollback', '10:00']),
    );
  });

  it('no hostile name keeps a diagram from being drawn or adds to it', (context) => {
    const texts = Object.values(HOSTILE_TEXTS);
    const sources = texts.map((text) => diagramsOf(renderSummary(hostileRecord(text))));
    const drawn = drawOrLeave(context, sources.flat(), 'light');
    expect(drawn.map(({ error }) => error)).toEqual(sources.flat().map(() => null));
    expect(sources.map((each) => each.length)).toEqual(texts.map(() => 1));
    for (const { texts: shown } of drawn) {
      expect(shown.filter((text) => /^stage \d/.test(text)).length).toBeLessThanOrEqual(3);
    }
  });
});
