/** docs/emulator.md says what the emulator declares. UPDATE_DOCUMENTS=1 writes its tables anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CATALOGUE_ROUTES } from '../../src/emulator/catalogue-routes.ts';
import { FLEET_ROUTES } from '../../src/emulator/fleet-routes.ts';
import { ORGANISATION_ROUTES } from '../../src/emulator/organisation-routes.ts';
import { ROLLOUT_REPORT_ROUTES } from '../../src/emulator/rollout-reports.ts';
import { ROLLOUT_ROUTES } from '../../src/emulator/rollout-routes.ts';
import { renderEmulatorDocument } from '../support/emulator-document.ts';
import { ROOT } from '../support/source-tree.ts';

const FILE = join(ROOT, 'docs/emulator.md');

describe('docs/emulator.md', () => {
  it('lists every flag, scenario, switch, control route and fault', () => {
    if (process.env['UPDATE_DOCUMENTS'] === '1') {
      writeFileSync(FILE, renderEmulatorDocument(readFileSync(FILE, 'utf8')));
    }
    const text = readFileSync(FILE, 'utf8');
    expect(text, 'docs/emulator.md is out of date; run `npm run docs`').toBe(renderEmulatorDocument(text));
  });

  it('names the last word of every route', () => {
    const text = readFileSync(FILE, 'utf8');
    const routes = [
      ...CATALOGUE_ROUTES,
      ...ROLLOUT_ROUTES,
      ...ROLLOUT_REPORT_ROUTES,
      ...FLEET_ROUTES,
      ...ORGANISATION_ROUTES,
    ];
    const words = routes.map(
      ({ pattern }) => pattern.split('/').findLast((part) => !part.startsWith('{')) ?? '',
    );
    const missing = words.filter(
      (word) => !text.includes(word.replace('-', word === 'device-groups' ? ' ' : '-')),
    );
    expect(missing).toEqual([]);
  });
});
