/** What is remembered of telling people about a rollout. Types only. */

/** What people outside the job were told of a rollout. */
export interface ToldNews {
  /** Null where only the version is known: then its newest rollout. */
  readonly rolloutId: string | null;
  /** 16 hexadecimal digits; null where the rollout is in a situation by now of which nobody is told. */
  readonly key: string | null;
  /** One line of at most 116 characters. */
  readonly sentence: string;
}
