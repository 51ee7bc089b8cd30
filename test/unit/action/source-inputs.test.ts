import { describe, expect, it } from 'vitest';
import { InputError, parseInputs } from '../../../src/action/inputs.ts';
import type { InputKey } from '../../../src/action/io-keys.ts';
import { inputDefaults } from '../../support/manifest.ts';

const defaults = inputDefaults();
const KEY = 'edg_live_0123456789';
const SECRET = 'hunter2-hunter2';

function messageOf(given: Partial<Record<InputKey, string>>): string {
  try {
    parseInputs((key) => given[key] ?? (key === 'api-key' ? KEY : (defaults[key] ?? '')));
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown.message;
    throw thrown;
  }
  return '';
}

describe('the inputs of the sources', () => {
  it.each([
    {
      given: { 'prometheus-url': 'http://prometheus.example.com' },
      says: 'input prometheus-url: got something else',
    },
    {
      given: { 'prometheus-url': `https://me:${SECRET}@prometheus.example.com` },
      says: 'Pass it with prometheus-token.',
    },
    {
      given: { 'prometheus-url': `https://prometheus.example.com?token=${SECRET}` },
      says: 'input prometheus-url',
    },
    { given: { 'health-url': 'health' }, says: 'input health-url' },
    { given: { 'health-token': `${SECRET}\nx` }, says: 'input health-token: got something else (not shown)' },
    { given: { 'datadog-site': 'evil.example' }, says: 'input datadog-site: got "evil.example"' },
  ])('are refused by name, without what may be a secret: $given', ({ given, says }) => {
    expect(messageOf(given)).toContain(says);
    expect(messageOf(given)).not.toContain(SECRET);
  });

  it.each([
    { 'prometheus-url': 'https://prometheus.example.com/prom', 'prometheus-token': 'me:secret' },
    { 'prometheus-url': 'http://127.0.0.1:9090' },
    { 'datadog-site': 'datadoghq.eu' },
    { 'health-url': 'https://health.example.com' },
  ])('are taken: %j', (given) => {
    expect(messageOf(given)).toBe('');
  });
});
