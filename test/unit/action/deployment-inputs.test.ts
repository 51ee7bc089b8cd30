/** Where a rollout is remembered on GitHub, and what its deployment links to, as the workflow says it. */
import { describe, expect, it } from 'vitest';
import { readDeployments } from '../../../src/action/deployment-inputs.ts';
import type { InputKey } from '../../../src/action/io-keys.ts';

const TOKEN = 'ghs_unit0123456789';
const GIVEN = { environment: 'production', 'github-token': TOKEN };

function reading(given: Readonly<Partial<Record<InputKey, string>>>) {
  const problems: string[] = [];
  const deployments = readDeployments({
    read: (key) => given[key] ?? '',
    refuse: (input, expected, shown) => problems.push(`${input}: ${shown ?? given[input]}, ${expected}`),
  });
  return { deployments, problems };
}

describe('readDeployments', () => {
  it.each([
    { url: '', gives: null },
    { url: 'https://fleet.example.com', gives: 'https://fleet.example.com/' },
    { url: 'HTTP://fleet.internal:8080/eu?view=2#map', gives: 'http://fleet.internal:8080/eu?view=2#map' },
    { url: 'https://flotte.example/übersicht', gives: 'https://flotte.example/%C3%BCbersicht' },
  ])('reads environment-url "$url" as $gives', ({ url, gives }) => {
    const { deployments, problems } = reading({ ...GIVEN, 'environment-url': url });
    expect(problems).toEqual([]);
    expect(deployments).toEqual({ environment: 'production', token: TOKEN, environmentUrl: gives });
  });

  it.each([
    { url: 'fleet.example.com', says: /^environment-url: fleet\.example\.com, an address such as https:/ },
    { url: 'javascript:alert(1)', says: /an address such as https:/ },
    { url: 'ftp://fleet.example.com', says: /an address such as https:/ },
    { url: 'https://fleet.example.com/a b', says: /an address such as https:/ },
    { url: 'https://fleet.example.com/\n::error::x', says: /an address such as https:/ },
    { url: `https://fleet.example.com/${'x'.repeat(1_024)}`, says: /at most 1024 characters/ },
    { url: `https://fleet.example.com/${'ü'.repeat(200)}`, says: /at most 1024 characters/ },
  ])('refuses environment-url "$url"', ({ url, says }) => {
    const { problems } = reading({ ...GIVEN, 'environment-url': url });
    expect(problems).toEqual([expect.stringMatching(says)]);
  });

  it.each(['https://me:hunter22@fleet.example.com', 'https://hunter22@fleet.example.com'])(
    'repeats no credentials of an address that it refuses',
    (url) => {
      const { problems } = reading({ ...GIVEN, 'environment-url': url });
      expect(problems).toEqual([expect.stringContaining('without user name and password')]);
      expect(problems.join()).not.toContain('hunter22');
    },
  );

  it('asks for the environment that an address is of', () => {
    const { deployments, problems } = reading({ 'environment-url': 'https://fleet.example.com' });
    expect(deployments).toBeNull();
    expect(problems).toEqual([expect.stringContaining('an `environment` beside it')]);
  });
});
