/** The command that draws the pictures of the summaries anew. */
import { findChromium } from './chromium.ts';
import { findMermaid } from './drawn-diagrams.ts';
import { shownSummaries } from './shown-summaries.ts';
import { drawPictures } from './summary-pictures.ts';

/** Where lines go, each without its line break. */
export interface Voices {
  out(line: string): void;
  err(line: string): void;
}

/** Returns the exit code: 0 when every picture is drawn, 1 when there is nothing to draw with. Rejects when one does not draw. */
export async function main(
  environment: Readonly<Record<string, string | undefined>>,
  { out, err }: Voices,
): Promise<number> {
  const chromium = findChromium(environment);
  if (chromium === null) {
    err('No chromium on PATH and none in CHROMIUM. Install it, or name its path in CHROMIUM.');
    return 1;
  }
  const mermaid = findMermaid();
  if (mermaid === null) {
    err('mermaid is not installed. Run npm ci --ignore-scripts.');
    return 1;
  }
  drawPictures(await shownSummaries(), { chromium, mermaid }, out);
  return 0;
}
