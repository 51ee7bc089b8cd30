/** What people paste does what it says, whatever servers and plans call things. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { nextStepsAfter, resumeStep, scheduledWorkflow } from '../../../src/action/next-steps.ts';
import { healthSourceMissingBlocks } from '../../../src/report/health-missing.ts';
import { HOSTILE_TEXTS } from '../../support/hostile-text.ts';
import { PLAN } from '../../support/run-records.ts';

const OPENING = '$' + '{{';
const OWN = /\$\{\{ secrets\.(?:OCTOMIL_API_KEY|PROMETHEUS_TOKEN|HEALTH_TOKEN) \}\}/g;
const LITERAL = `${OPENING} '${OPENING}' }}`;
const texts = {
  ...HOSTILE_TEXTS,
  'two expressions': `a${OPENING}b}}${OPENING}${OPENING} toJSON(secrets) }}`,
};

function blocksFor(text: string): readonly string[] {
  const plan = { ...PLAN, model: text, version: text, group: text };
  return [
    ...nextStepsAfter(plan, 'rollback_failed', { target: text, driver: 'run' }),
    scheduledWorkflow(plan),
    ...healthSourceMissingBlocks(plan),
  ].map(({ code }) => code ?? '');
}

describe('what is ready to paste', () => {
  it.each(Object.entries(texts))('evaluates nothing of %s', (_what, text) => {
    for (const code of [...blocksFor(text), resumeStep({ model: text, version: text, group: text })]) {
      // GitHub evaluates what stands between the marks, once: the literal is all that may.
      const rest = code.replace(OWN, '').replaceAll(LITERAL, '');
      expect(rest).not.toContain(OPENING);
    }
  });

  it.each(Object.entries(texts))('still means %s', (_what, text) => {
    const [rollback = ''] = blocksFor(text);
    const [{ with: inputs }] = parse(rollback);
    const meant = (scalar: string): string => scalar.replaceAll(LITERAL, OPENING);
    expect([inputs.model, inputs.group, inputs['to-version']].map(meant)).toEqual([text, text, text]);
  });
});
