/** Who wrote something on GitHub, and whether that is who the token is. */
import { z } from 'zod';

/** Who wrote something, as GitHub tells. */
export const AUTHOR = z.object({ login: z.string(), type: z.string() });

/** Who wrote something; `type` is `User` for people, and `Bot` for apps and workflows. */
export type Author = Readonly<z.infer<typeof AUTHOR>>;

const ME = z.object({ login: z.string() });

/**
 * Returns who a token is, or null for an app or a workflow, which GitHub does not tell.
 *
 * `ask` sends `GET /user`; rejects with what that rejects with, but for a refusal of tokens that have no user.
 */
export async function loginOf(
  token: string,
  ask: () => Promise<{ readonly data: unknown }>,
): Promise<string | null> {
  // Tokens of apps and workflows have no user, and asking for it is refused.
  if (token.startsWith('ghs_')) return null;
  try {
    return ME.parse((await ask()).data).login;
  } catch (thrown) {
    if ((thrown as { status?: unknown }).status === 403) return null;
    throw thrown;
  }
}

/** Returns whether an author is who the token is: of that login, or, for an app or a workflow, any bot. */
export function isBy(login: string | null, author: Author | null | undefined): boolean {
  if (author === null || author === undefined) return false;
  return login === null ? author.type === 'Bot' : author.login === login;
}
