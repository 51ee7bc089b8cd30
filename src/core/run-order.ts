/** Which of two workflow runs was started later. Pure. */

/**
 * Returns whether the run of `label` was started after that of `than`; false where either is not told.
 *
 * Labels are run id, run number and attempt, joined by dots. GitHub counts run ids up over all workflows of a
 * server, so they order runs of different workflows too; a re-run keeps the id of the run that it repeats.
 */
export function isNewerRun(label: string, than: string): boolean {
  const [one, other] = [runIdOf(label), runIdOf(than)];
  return one !== null && other !== null && one > other;
}

function runIdOf(label: string): bigint | null {
  const id = /^(\d{1,20})(?:\.|$)/.exec(label)?.[1];
  return id === undefined ? null : BigInt(id);
}
