/** Draws the pictures of the summaries in docs/images anew, with Chromium: that of CHROMIUM, or `chromium` on PATH. */
import './typescript/register.mjs';

const { findChromium } = await import('../test/support/chromium.ts');
const { findMermaid } = await import('../test/support/drawn-diagrams.ts');
const { shownSummaries } = await import('../test/support/shown-summaries.ts');
const { drawPictures } = await import('../test/support/summary-pictures.ts');

const chromium = findChromium(process.env);
const mermaid = findMermaid();
if (chromium === null || mermaid === null) {
  const lack =
    chromium === null
      ? 'No chromium on PATH and none in CHROMIUM. Install it, or name its path in CHROMIUM.'
      : 'mermaid is not installed. Run npm ci.';
  console.error(lack);
  process.exitCode = 1;
} else {
  drawPictures(await shownSummaries(), { chromium, mermaid }, (line) => console.log(line));
}
