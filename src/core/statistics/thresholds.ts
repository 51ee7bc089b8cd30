/** The odds at which a rollout is stopped. Pure. */

/** Odds of 100:1, as a logarithm, roll back: a healthy version gets there in at most one rollout of a hundred. */
export const LOG_HARM = Math.log(100);

/** Odds of 10:1, as a logarithm, hold: the version does not advance while they last. */
export const LOG_HOLD = Math.log(10);
