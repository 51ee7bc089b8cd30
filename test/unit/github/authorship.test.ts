/** Whose words on GitHub count as ours. */
import { describe, expect, it, vi } from 'vitest';
import { isBy, loginOf } from '../../../src/github/authorship.ts';

const BOT = { login: 'github-actions[bot]', type: 'Bot' };
const OCTOCAT = { login: 'octocat', type: 'User' };

describe('what counts as written by the token', () => {
  it.each([
    { me: null, author: BOT, isOurs: true },
    { me: null, author: OCTOCAT, isOurs: false },
    { me: null, author: null, isOurs: false },
    { me: null, author: undefined, isOurs: false },
    { me: 'octocat', author: OCTOCAT, isOurs: true },
    { me: 'octocat', author: { login: 'Octocat2', type: 'User' }, isOurs: false },
    { me: 'octocat', author: BOT, isOurs: false },
  ])('of $me: $author.login is $isOurs', ({ me, author, isOurs }) => {
    expect(isBy(me, author)).toBe(isOurs);
  });
});

describe('who a token is', () => {
  const refusal = (status: number) => Object.assign(new Error('refused'), { status });

  it('is not asked for a workflow, which has no user', async () => {
    const ask = vi.fn(async () => ({ data: OCTOCAT }));
    expect(await loginOf('ghs_0123456789', ask)).toBeNull();
    expect(ask).not.toHaveBeenCalled();
  });

  it('is the person of a personal token', async () => {
    expect(await loginOf('github_pat_0123456789', async () => ({ data: OCTOCAT }))).toBe('octocat');
  });

  it('is an app where GitHub says that there is no user', async () => {
    expect(await loginOf('v1.0123456789', () => Promise.reject(refusal(403)))).toBeNull();
  });

  it('is not known where GitHub refuses the token or says something else', async () => {
    await expect(loginOf('github_pat_0', () => Promise.reject(refusal(401)))).rejects.toThrow('refused');
    await expect(loginOf('github_pat_0', async () => ({ data: {} }))).rejects.toThrow();
  });
});
