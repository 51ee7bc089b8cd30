/** What an error of GitHub is told as, and whether trying again may help. */
import { describe, expect, it } from 'vitest';
import { troubleOf } from '../../../src/github/github-trouble.ts';

const answer = (status: number, message: string, headers: Readonly<Record<string, string>> = {}) =>
  Object.assign(new Error(message), { status, response: { status, headers } });
/** As octokit throws where no answer came. */
const silence = (message: string) => Object.assign(new Error(message), { status: 500 });

describe('an error of GitHub', () => {
  it('is told without a secret, and without half of one', () => {
    const token = `ghs_${'a'.repeat(500)}`;
    const thrown = new Error(`Headers.append: "token ${token}\n" is an invalid header value.`);
    const { why } = troubleOf(thrown, 'pull-requests: write', [token]);
    expect(why).toBe('Headers.append: "token ***\n" is an invalid header value.');
  });

  it.each([
    { thrown: answer(502, 'Bad gateway'), why: 'it answered 502: Bad gateway', mayPass: true },
    {
      thrown: silence('getaddrinfo ENOTFOUND api.github.com'),
      why: 'it gave no answer: getaddrinfo ENOTFOUND api.github.com',
      mayPass: true,
    },
    { thrown: answer(409, 'Conflict'), why: 'it answered 409: Conflict', mayPass: false },
    {
      thrown: answer(403, 'Resource not accessible by integration'),
      why: 'give the job `permissions: deployments: write` (403: Resource not accessible by integration)',
      mayPass: false,
    },
    {
      thrown: answer(403, 'Forbidden', { 'x-ratelimit-remaining': '0' }),
      why: 'its rate limit is used up (403: Forbidden)',
      mayPass: false,
    },
  ])('is told as $why', ({ thrown, why, mayPass }) => {
    expect(troubleOf(thrown)).toMatchObject({ why, mayPass });
  });
});
