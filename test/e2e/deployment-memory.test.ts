/** Ticks that only a GitHub deployment connects, from the committed bundle, each a process of its own. */
import { describe, expect, it } from 'vitest';
import { startReceiver } from '../support/chat-stand-ins.ts';
import { GITHUB_TOKEN, startGitHub } from '../support/github-api.ts';
import { rehearse, startEmulatorProcess } from '../support/rehearsal.ts';
import { findRuntimes } from '../support/runtimes.ts';

const PLAN =
  'model: radiology-v1\nversion: 2.0.0\nstages: [5%, 100%]\nsoak: 2s\nbake: 2s\ngates: none\nunwatched: accepted\n';
const FLEET = ['--scenario', 'healthy', '--profile', 'documented', '--devices', '124', '--sync-seconds', '1'];

describe.each(findRuntimes())('on Node $version', ({ path: node }) => {
  it('they take a rollout to its end on an API that gives no times back, tell it once, and never show the token', async () => {
    const receiver = await startReceiver();
    const github = await startGitHub({ now: Date.now });
    const emulator = await startEmulatorProcess(FLEET, node);
    const ends: string[] = [];
    try {
      // Each tick takes longer than a stage soaks, so more of them than this would be a rollout that stands still.
      while (ends.at(-3) !== 'completed' && ends.length < 40) {
        const step = await rehearse({
          emulator,
          node,
          inputs: {
            command: 'advance',
            plan: PLAN,
            environment: 'production',
            'webhook-url': receiver.url,
          },
          options: { githubToken: GITHUB_TOKEN, secrets: [GITHUB_TOKEN], env: github.variables() },
        });
        expect(step.exitCode, step.log.join('\n')).toBe(0);
        const told = step.rawLines.filter((line) => line !== `::add-mask::${GITHUB_TOKEN}`);
        const shown = [...told, step.rawSummary, ...Object.values(step.rawOutputs)].join('\n');
        expect(shown).not.toContain(GITHUB_TOKEN);
        ends.push(step.outputs['outcome'] ?? '');
      }
    } finally {
      await emulator.stop();
      await github.close();
      await receiver.close();
    }
    expect(ends.filter((end) => end === 'advanced')).toHaveLength(2);
    expect(ends.at(-1)).toBe('completed');
    expect(receiver.received.map(({ text }) => JSON.parse(text) as object)).toEqual([
      expect.objectContaining({ outcome: 'completed' }),
    ]);
    const [deployment, ...others] = github.deployments;
    const moments = deployment?.statuses.filter(({ state }) => state === 'in_progress');
    expect([others.length, moments?.length]).toEqual([0, 2]);
  });
});
