/** The mark by which a later run knows that a rollback was asked for by this product. Pure. */

const MARK = '[octomil-rollback]';

/** Returns a reason with the mark at its end; the text loses anything that could be mistaken for a mark or a tag. */
export function markRollback(text: string): string {
  return `${text.replaceAll('[', '(').replaceAll(']', ')')} ${MARK}`;
}

/** Returns whether a reason bears the mark. */
export function isMarkedRollback(reason: string | null): boolean {
  return reason?.endsWith(MARK) ?? false;
}
