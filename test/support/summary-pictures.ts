/** The pictures of the summaries: their files, what they were drawn from, and how they are drawn anew. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import UPNG from 'upng-js';
import { pictureOf } from './chromium.ts';
import type { Style } from './drawn-diagrams.ts';
import { githubPage, PAGE_WIDTH } from './github-page.ts';
import { SHOWN_SUMMARIES } from './shown-summaries.ts';
import { ROOT } from './source-tree.ts';

/** Folder of the pictures, from the root of the repository. */
export const PICTURES_FOLDER = 'docs/images';
/** Styles of GitHub in which every summary is drawn. */
export const STYLES: readonly Style[] = ['light', 'dark'];

/** What to do where a picture is not that of the summary. */
export const DRAW_ANEW =
  'a summary is not the one in its picture: run npm run docs:pictures and look at them';

const RECORD = join(ROOT, PICTURES_FOLDER, 'drawn-from.json');
// Text keeps its edges and the lines of a chart their colours; twice as many cost a tenth more bytes.
const COLOURS = 64;

/** What the pictures were drawn from, as SHA-256 in hexadecimal. */
export interface DrawnFrom {
  /** Markdown of each summary, by its name. */
  readonly summaries: Readonly<Record<string, string>>;
  /** Bytes of each picture, by its file name: a picture of another drawing is noticed. */
  readonly pictures: Readonly<Record<string, string>>;
}

/** Returns the file name of the picture of a summary. */
export function pictureName(summary: string, style: Style): string {
  return `summary-${summary}-${style}.png`;
}

/** File names of all pictures that there should be. */
export const PICTURES: readonly string[] = SHOWN_SUMMARIES.flatMap((name) =>
  STYLES.map((style) => pictureName(name, style)),
);

/** Returns what the committed pictures were drawn from. Errors: throws where the file is missing or no JSON. */
export function readDrawnFrom(): DrawnFrom {
  return JSON.parse(readFileSync(RECORD, 'utf8')) as DrawnFrom;
}

/** Returns the SHA-256 of a text or of bytes, in hexadecimal. */
export function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * Draws each summary in each style into its file, and at last what they were drawn from.
 *
 * `summaries` is Markdown by name; `told` gets one line for each picture. Errors: throws when one does not draw.
 */
export function drawPictures(
  summaries: Readonly<Record<string, string>>,
  tools: { readonly chromium: string; readonly mermaid: string },
  told: (line: string) => void,
): void {
  const pictures: Record<string, string> = {};
  for (const [name, markdown] of Object.entries(summaries)) {
    for (const style of STYLES) {
      const file = pictureName(name, style);
      const { html, height } = githubPage(markdown, style, tools);
      const picture = withFewColours(pictureOf(tools.chromium, html, { width: PAGE_WIDTH, height }));
      writeFileSync(join(ROOT, PICTURES_FOLDER, file), picture);
      pictures[file] = digestOf(picture);
      told(`${file}: ${PAGE_WIDTH}x${height}, ${picture.byteLength} bytes`);
    }
  }
  const digests = Object.entries(summaries).map(([name, markdown]) => [name, digestOf(markdown)]);
  const drawnFrom: DrawnFrom = { summaries: Object.fromEntries(digests), pictures };
  writeFileSync(RECORD, `${JSON.stringify(drawnFrom, null, 2)}\n`);
}

function withFewColours(png: Buffer): Buffer {
  const bytes = new Uint8Array(png);
  const { width, height, ...image } = UPNG.decode(bytes.buffer);
  const frames = UPNG.toRGBA8({ width, height, ...image });
  return Buffer.from(UPNG.encode(frames, width, height, COLOURS));
}
