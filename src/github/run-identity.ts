/** Which run of which workflow this is, from the runner's environment. */
import { repositoryPage } from './repository-page.ts';

/** The run as it is written into the rollout's history. */
export interface WorkflowRun {
  /** Run id, run number and attempt, joined by dots; `local` outside a workflow. */
  readonly label: string;
  readonly url: string | null;
  /** True when a schedule started the run and no person or push did. */
  readonly isScheduled: boolean;
}

/**
 * Returns the workflow run that `variable` describes.
 *
 * Source: default environment variables of GitHub Actions; the server URL is taken from there, so GitHub
 * Enterprise Server works.
 */
export function readWorkflowRun(variable: (name: string) => string): WorkflowRun {
  const id = variable('GITHUB_RUN_ID');
  const isScheduled = variable('GITHUB_EVENT_NAME') === 'schedule';
  if (!/^\d+$/.test(id)) return { label: 'local', url: null, isScheduled };
  const label = [id, variable('GITHUB_RUN_NUMBER'), variable('GITHUB_RUN_ATTEMPT')].join('.');
  const page = repositoryPage(variable);
  return { label, url: page === null ? null : `${page}/actions/runs/${id}`, isScheduled };
}
