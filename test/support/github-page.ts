/** Markdown as a page that looks like GitHub's: its tables, alerts, folded details and diagrams. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Marked } from 'marked';
import markedAlert from 'marked-alert';
import { documentOf } from './chromium.ts';
import { mermaidScripts, type Style } from './drawn-diagrams.ts';

/** A page that stands still: every diagram in it is drawn, and it has no script. */
export interface DrawnPage {
  readonly html: string;
  /** Whole height in pixels, where the page is `PAGE_WIDTH` pixels wide. */
  readonly height: number;
}

/** Width of a page in pixels, about that of a job summary on a laptop. */
export const PAGE_WIDTH = 950;

const CANVAS: Readonly<Record<Style, string>> = { light: '#ffffff', dark: '#0d1117' };

/** Returns the page of a Markdown text. Errors: throws when a diagram does not draw or Chromium gives no answer. */
export function githubPage(
  markdown: string,
  style: Style,
  tools: { readonly chromium: string; readonly mermaid: string },
): DrawnPage {
  const scripts = `${mermaidScripts(style, readFileSync(tools.mermaid, 'utf8'))}${DRAW}`;
  const html = documentOf(tools.chromium, `${headOf(style)}${bodyOf(markdown)}${scripts}`);
  const [, error] = /<html[^>]* data-error="([^"]*)"/.exec(html) ?? [];
  if (error !== undefined) throw new Error(`A diagram does not draw: ${error}`);
  const [, height] = /<html[^>]* data-height="(\d+)"/.exec(html) ?? [];
  if (height === undefined) throw new Error('Chromium gave no answer: the page did not come to its end');
  return { html, height: Number(height) };
}

function headOf(style: Style): string {
  const file = createRequire(import.meta.url).resolve(`github-markdown-css/github-markdown-${style}.css`);
  return `<!doctype html><html><head><meta charset="utf-8"><style>${readFileSync(file, 'utf8')}
html { background: ${CANVAS[style]}; }
body { box-sizing: border-box; margin: 0; padding: 24px; width: ${PAGE_WIDTH}px; }
.diagram { text-align: center; }
</style></head>`;
}

function bodyOf(markdown: string): string {
  const marked = new Marked({ gfm: true }, markedAlert(), {
    renderer: {
      code: ({ text, lang }) =>
        lang === 'mermaid'
          ? `<div class="diagram">${escaped(text)}</div>`
          : `<pre><code>${escaped(text)}</code></pre>`,
    },
  });
  return `<body><article class="markdown-body">${marked.parse(markdown, { async: false })}</article></body>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

// A diagram in folded details has no size while it is drawn, so all are open until the last one is.
const DRAW = `<script>
(async () => {
  const root = document.documentElement;
  const folded = [...document.querySelectorAll('details')];
  for (const each of folded) each.open = true;
  try {
    for (const [index, each] of [...document.querySelectorAll('.diagram')].entries()) {
      const { svg } = await mermaid.render('diagram' + index, each.textContent);
      each.innerHTML = svg;
    }
  } catch (error) {
    root.dataset.error = String(error);
  }
  for (const each of folded) each.open = false;
  await document.fonts.ready;
  for (const each of document.querySelectorAll('script')) each.remove();
  root.dataset.height = Math.ceil(document.body.getBoundingClientRect().height);
})();
</script>`;
