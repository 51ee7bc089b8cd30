/** What a refusal's text says about the organisation's policy: the one place with the phrases that are known. Pure. */
import type { ReasonCode } from '../core/reason-codes.ts';
import type { Percent } from '../core/units.ts';
import type { ErrorBody } from './error-body.ts';

/**
 * The phrases of each rule, in the order in which they are tried.
 *
 * The API documents no code and no text of such a refusal; the words are those of the flags and fields of docs
 * /advanced/policy (`min_rollout_duration`, `--max-rollout-step`, `--require-approval`, `require_eval`).
 */
const PHRASES: readonly (readonly [RegExp, ReasonCode])[] = [
  [/approv/i, 'approval_required'],
  [/evaluat|require[_ -]?eval|min[_ -]?accuracy|quality[_ -]?delta/i, 'evaluation_required'],
  [/min(imum)?[a-z_ -]*duration|between[a-z ]*advances|too (soon|early)/i, 'policy_minimum_duration'],
  [/max(imum)?[a-z_ -]*step|steps? of (at most|up to|no more than)/i, 'policy_step_too_large'],
  [/polic/i, 'advance_refused'],
];

/** Returns the reason code of a refused write that is about a policy; null when it is about something else. */
export function policyReason({ code, text }: Pick<ErrorBody, 'code' | 'text'>): ReasonCode | null {
  const found = PHRASES.find(([phrase]) => phrase.test(text));
  if (found !== undefined) return found[1];
  return code === 'policy_denied' ? 'advance_refused' : null;
}

/**
 * Returns the largest raise that a text speaks of, or null unless it names exactly one percentage.
 *
 * The text is not trusted: it can only make a raise smaller, and 0% or more than 100% is no step.
 */
export function stepInText(text: string): Percent | null {
  const named = [...text.matchAll(/(\d{1,3}(?:\.\d{1,6})?) ?%/g)].map((match) => Number(match[1]));
  const [step, ...more] = named;
  return step !== undefined && more.length === 0 && step > 0 && step <= 100 ? step : null;
}
