/** Text of servers and plans inside a workflow that somebody may paste. Pure. */

const OPENING = '$' + '{{';

/**
 * Returns a text as a YAML scalar of a workflow: it is this text, and no expression that GitHub would evaluate.
 *
 * YAML's double quotes are JSON's, so any text survives; a name that a server or a pull request made up cannot
 * reach for a secret when it is pasted. Never throws.
 */
export function workflowText(text: string): string {
  return JSON.stringify(text).replaceAll(OPENING, () => `${OPENING} '${OPENING}' }}`);
}
