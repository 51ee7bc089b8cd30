/** Chromium without a window: draws a page, tells what came of it, and takes its picture. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--no-first-run',
  '--hide-scrollbars',
];

// What would depend on the screen: its colours, its density and the grid of its subpixels.
const SAME_EVERYWHERE = [
  '--force-device-scale-factor=1',
  '--force-color-profile=srgb',
  '--disable-lcd-text',
  '--font-render-hinting=none',
];

/** Returns the path of a Chromium: that of the variable CHROMIUM, or `chromium` on PATH; null where there is none. */
export function findChromium(environment: Readonly<Record<string, string | undefined>>): string | null {
  const named = environment['CHROMIUM'] ?? '';
  if (named !== '') return named;
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, 'chromium')).find((path) => existsSync(path)) ?? null;
}

/** Returns the document of a page after its scripts have run, as HTML. Errors: throws when Chromium fails. */
export function documentOf(chromium: string, html: string): string {
  return withPage(html, (url, profile) =>
    execFileSync(
      chromium,
      [...FLAGS, `--user-data-dir=${profile}`, '--virtual-time-budget=60000', '--dump-dom', url],
      {
        encoding: 'utf8',
        maxBuffer: 64 * 1_024 * 1_024,
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    ),
  );
}

/** Returns the picture of a page as PNG, `size` in pixels. Errors: throws when Chromium fails or takes none. */
export function pictureOf(
  chromium: string,
  html: string,
  size: { readonly width: number; readonly height: number },
): Buffer {
  return withPage(html, (url, profile) => {
    const picture = join(dirname(profile), 'picture.png');
    const flags = [
      `--window-size=${size.width},${size.height}`,
      `--screenshot=${picture}`,
      ...SAME_EVERYWHERE,
    ];
    execFileSync(chromium, [...FLAGS, `--user-data-dir=${profile}`, ...flags, url], { stdio: 'ignore' });
    return readFileSync(picture);
  });
}

function withPage<T>(html: string, use: (url: string, profile: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'rollout-chromium-'));
  try {
    const page = join(folder, 'page.html');
    writeFileSync(page, html);
    return use(`file://${page}`, join(folder, 'profile'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
