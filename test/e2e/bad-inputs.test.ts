/** Whatever is wrong is said before the first write: what was got, what is expected, what to do. */
import { describe, expect, it } from 'vitest';
import { BAD_INPUTS } from '../support/bad-inputs.ts';
import { rehearse, startEmulatorProcess } from '../support/rehearsal.ts';
import { findRuntimes } from '../support/runtimes.ts';

describe.each(findRuntimes())('on Node $version', ({ path: node }) => {
  it.concurrent.each(BAD_INPUTS)(
    'refuses $title before the first write',
    async ({ inputs, flags, gives }) => {
      const emulator = await startEmulatorProcess(
        ['--scenario', 'healthy', '--profile', 'full', ...(flags ?? [])],
        node,
      );
      try {
        const step = await rehearse({ emulator, node, inputs });
        const log = step.log.join('\n');
        expect({ outcome: step.outputs['outcome'], reason: step.outputs['reason-code'] }, log).toEqual({
          outcome: gives.outcome,
          reason: gives.reason,
        });
        expect(step.exitCode).toBe(1);
        const errors = step.annotations.filter((each) => each.type === 'error');
        expect(errors).toHaveLength(1);
        for (const text of gives.says) expect(errors[0]?.message).toContain(text);
        const writes = (await emulator.requests()).filter((request) => request.method !== 'GET');
        expect(writes).toEqual([]);
      } finally {
        await emulator.stop();
      }
    },
  );
});
