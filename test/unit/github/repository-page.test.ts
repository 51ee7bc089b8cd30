/** Pages of the repository on GitHub, from what the runner says of itself. */
import { describe, expect, it } from 'vitest';
import { deploymentsPage } from '../../../src/github/repository-page.ts';

const RUNNER = { GITHUB_SERVER_URL: 'https://github.example:8443', GITHUB_REPOSITORY: 'acme/models' };

const on = (variables: Readonly<Record<string, string>>) => (name: string) => variables[name] ?? '';

describe('the page of the deployments of an environment', () => {
  it.each([
    { environment: 'production', gives: 'https://github.example:8443/acme/models/deployments/production' },
    {
      environment: 'eu/prod #1',
      gives: 'https://github.example:8443/acme/models/deployments/eu%2Fprod%20%231',
    },
    {
      environment: '../../x?y',
      gives: 'https://github.example:8443/acme/models/deployments/..%2F..%2Fx%3Fy',
    },
    {
      environment: 'half \ud83d',
      gives: 'https://github.example:8443/acme/models/deployments/half%20%EF%BF%BD',
    },
    { environment: 'ü'.repeat(255), gives: null },
  ])('of "$environment" is $gives', ({ environment, gives }) => {
    expect(deploymentsPage(environment, on(RUNNER))).toBe(gives);
  });

  it.each([
    { title: 'outside a workflow', runner: {} },
    { title: 'of a server that is no web address', runner: { ...RUNNER, GITHUB_SERVER_URL: 'github' } },
    { title: 'of a repository without an owner', runner: { ...RUNNER, GITHUB_REPOSITORY: 'models' } },
  ])('is not known $title', ({ runner }) => {
    expect(deploymentsPage('production', on(runner))).toBeNull();
  });
});
