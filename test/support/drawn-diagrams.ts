/** The diagrams of Markdown as GitHub would draw them, in its light or its dark style. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { documentOf } from './chromium.ts';

/** What became of one diagram. */
export interface Drawn {
  /** Kind that was drawn, such as `xychart` or `gantt`; null where nothing was. */
  readonly kind: string | null;
  readonly error: string | null;
  /** Texts in it, in the order of the picture. */
  readonly texts: readonly string[];
}

/** Style of the page. */
export type Style = 'light' | 'dark';

/** Returns the source of each diagram in Markdown; what stands in another block of code is none. */
export function diagramsOf(markdown: string): readonly string[] {
  const blocks = markdown.matchAll(/^(?<fence>`{3,})(?<language>[^`\n]*)\n(?<source>[\s\S]*?)\n\k<fence>$/gm);
  return [...blocks].flatMap(({ groups }) =>
    groups?.['language'] === 'mermaid' ? [groups['source'] ?? ''] : [],
  );
}

/** Returns the path of mermaid's bundle for pages, or null where it is not installed. */
export function findMermaid(): string | null {
  try {
    return createRequire(import.meta.url).resolve('mermaid/dist/mermaid.min.js');
  } catch {
    return null;
  }
}

/** Returns what becomes of each diagram, in order, in one page. Errors: throws when Chromium gives no answer. */
export function draw(
  diagrams: readonly string[],
  style: Style,
  tools: { readonly chromium: string; readonly mermaid: string },
): readonly Drawn[] {
  const document = documentOf(tools.chromium, pageOf(diagrams, style, readFileSync(tools.mermaid, 'utf8')));
  const [, answer] = /<pre id="answer">([A-Za-z0-9+/=]+)<\/pre>/.exec(document) ?? [];
  if (answer === undefined) throw new Error('Chromium gave no answer: the page did not come to its end');
  return JSON.parse(Buffer.from(answer, 'base64').toString('utf8')) as readonly Drawn[];
}

/** Returns the scripts of a page that make `mermaid` ready to draw, with the theme that GitHub uses for the style. */
export function mermaidScripts(style: Style, bundle: string): string {
  const theme = style === 'dark' ? 'dark' : 'default';
  return `<script>${bundle.replaceAll('</script', '<\\/script')}</script>
<script>mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', theme: ${JSON.stringify(theme)} });</script>`;
}

function pageOf(diagrams: readonly string[], style: Style, mermaid: string): string {
  const sources = Buffer.from(JSON.stringify(diagrams), 'utf8').toString('base64');
  return `<!doctype html><meta charset="utf-8"><div id="room" style="width:900px"></div><pre id="answer"></pre>
${mermaidScripts(style, mermaid)}
<script>
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const sources = JSON.parse(new TextDecoder().decode(bytes(${JSON.stringify(sources)})));
(async () => {
  const drawn = [];
  for (const [index, source] of sources.entries()) {
    try {
      const { svg } = await mermaid.render('diagram' + index, source);
      const room = document.getElementById('room');
      room.innerHTML = svg;
      const picture = room.querySelector('svg');
      const texts = [...picture.querySelectorAll('text')].map((each) => each.textContent.trim());
      const kind = picture.getAttribute('aria-roledescription');
      drawn.push({ kind: kind === 'error' ? null : kind, error: null, texts: texts.filter((text) => text !== '') });
    } catch (error) {
      drawn.push({ kind: null, error: String(error), texts: [] });
    }
  }
  const answer = new TextEncoder().encode(JSON.stringify(drawn));
  let binary = '';
  for (const byte of answer) binary += String.fromCharCode(byte);
  document.getElementById('room').innerHTML = '';
  document.getElementById('answer').textContent = btoa(binary);
})();
</script>`;
}
