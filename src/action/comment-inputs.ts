/** The inputs of the comment on a pull request. */
import type { InputReader } from './input-reader.ts';
import type { InputKey } from './io-keys.ts';

/** When a comment is written: `auto` on pull requests and merged commits, `always` wherever one can be found. */
export const COMMENT_WISHES = ['auto', 'always', 'never'] as const;

export type CommentWish = (typeof COMMENT_WISHES)[number];

/** Whether a comment is wanted, and the token for it. */
export interface CommentInputs {
  readonly wish: Exclude<CommentWish, 'never'>;
  /** A secret: it goes to GitHub's API only. */
  readonly token: string;
}

/** Returns what `comment` and `github-token` say; null where no comment is written. Notes a problem for each wrong one. */
export function readComment({ read, refuse }: InputReader): CommentInputs | null {
  const wish = COMMENT_WISHES.find((each) => each === read('comment'));
  const token = read('github-token');
  if (wish === undefined) refuse('comment', `one of ${COMMENT_WISHES.join(', ')}`);
  if (wish === undefined || wish === 'never') return null;
  if (token !== '') return { wish, token };
  if (wish === 'always') refuse('github-token', 'a token for the comment, as in ${{ github.token }}');
  return null;
}

/** Returns what `readComment` returns, or null where an input is wrong. Never throws. */
export function commentOf(read: (key: InputKey) => string): CommentInputs | null {
  return readComment({ read, refuse: () => {} });
}
