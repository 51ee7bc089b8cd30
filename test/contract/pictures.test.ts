/** The pictures of the summaries are all there, all of one drawing, small, and shown to readers. Needs no browser. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SHOWN_SUMMARIES } from '../support/shown-summaries.ts';
import { ROOT } from '../support/source-tree.ts';
import {
  DRAW_ANEW,
  digestOf,
  PICTURES,
  PICTURES_FOLDER,
  readDrawnFrom,
} from '../support/summary-pictures.ts';

const MAX_BYTES = 120_000;

const present = readdirSync(join(ROOT, PICTURES_FOLDER)).filter((name) => name.endsWith('.png'));
const documents = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((path) => join('docs', path)),
]
  .filter((path) => path.endsWith('.md'))
  .map((path) => readFileSync(join(ROOT, path), 'utf8'));

describe('the pictures of the summaries', () => {
  it('are one of each summary in each style, and no others', () => {
    expect(present.toSorted(), DRAW_ANEW).toEqual(PICTURES.toSorted());
  });

  it('are all of the drawing that is on record', () => {
    const { summaries, pictures } = readDrawnFrom();
    expect(Object.keys(summaries).toSorted(), DRAW_ANEW).toEqual(SHOWN_SUMMARIES.toSorted());
    const digests = present.map((name) => [name, digestOf(readFileSync(join(ROOT, PICTURES_FOLDER, name)))]);
    expect(Object.fromEntries(digests), DRAW_ANEW).toEqual(pictures);
  });

  it.each(present)('%s is small', (name) => {
    const bytes = readFileSync(join(ROOT, PICTURES_FOLDER, name)).byteLength;
    expect(bytes, 'shorten the summary, or draw it in fewer colours').toBeLessThan(MAX_BYTES);
  });

  it.each(present)('%s is shown in a document', (name) => {
    const shown = documents.filter((text) => text.includes(name)).length;
    expect(shown, `show it in ${PICTURES_FOLDER}/README.md`).toBeGreaterThan(0);
  });
});

it('every picture in a document says in words what is seen', () => {
  const images = documents.flatMap((text) => text.match(/<img\b[^>]*>/g) ?? []);
  expect(images.length).toBeGreaterThan(0);
  expect(images.filter((image) => !/ alt="[^"]{40,}"/.test(image))).toEqual([]);
});
