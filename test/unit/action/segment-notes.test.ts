/** The question whether a source can tell segments apart keeps nobody waiting who has cancelled the job. */
import { expect, it } from 'vitest';
import type { Fleet, Standing } from '../../../src/action/prepare.ts';
import { segmentNotes } from '../../../src/action/segment-notes.ts';
import type { HealthSource } from '../../../src/core/ports.ts';
import { planFrom } from '../../support/run-records.ts';

const plan = planFrom('{ model: m, version: 2.0.0, stages: [5%, 100%], segments: { by: [os] } }');
const fleet = { plan, model: { id: 'mdl_1', name: 'm' }, group: null, api: { now: () => 0 } };
const standing = { landscape: { ours: { id: 'rol_1', version: '2.0.0' }, lastCompleted: null }, history: [] };

/** A source that does not answer before it is given up. */
const silent: Pick<HealthSource, 'name' | 'readSegments'> = {
  name: 'prometheus',
  readSegments: (_query, _by, signal) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new Error('given up')), { once: true });
    }),
};

it('is given up with the job', async () => {
  const job = new AbortController();
  const notes = segmentNotes(fleet as unknown as Fleet, silent as HealthSource, {
    standing: standing as unknown as Standing,
    signal: job.signal,
  });
  job.abort();
  expect(await notes).toEqual(['segments: given up; nothing advances while they cannot be read']);
});
