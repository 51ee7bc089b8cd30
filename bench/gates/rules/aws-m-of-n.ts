/** Amazon CloudWatch alarms: M of the last N datapoints over the threshold. Pure. */
import { breaches, LIMITS, type PeerRule } from './look.ts';

/** How many of how many datapoints raise the alarm. */
export interface AlarmSettings {
  readonly datapointsToAlarm: number;
  readonly evaluationPeriods: number;
}

/**
 * Returns the rule that rolls back when any metric's alarm is raised; a missing datapoint is skipped.
 *
 * Source: Amazon CloudWatch, "Evaluating an alarm",
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html; Amazon SageMaker
 * deployment guardrails and AWS AppConfig roll back on any alarm.
 */
export function awsMofN({ datapointsToAlarm, evaluationPeriods }: AlarmSettings): PeerRule {
  return () => {
    const recent: boolean[][] = LIMITS.map(() => []);
    return (look) => {
      for (const [metric, isBreach] of breaches(look).entries()) {
        if (isBreach === null) continue;
        recent[metric]?.push(isBreach);
        if ((recent[metric]?.length ?? 0) > evaluationPeriods) recent[metric]?.shift();
      }
      return recent.some((points) => points.filter(Boolean).length >= datapointsToAlarm);
    };
  };
}
