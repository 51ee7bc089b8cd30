/** The keys that gates of the catalogue and gates of the author have alike. Pure. */
import { margin } from './gate-scalar.ts';
import { key } from './key.ts';
import { choice, yesOrNo } from './scalar.ts';

/** What a failing gate does. */
export const severity = key(choice(['critical', 'hold', 'warn']), {
  description:
    'What a failing gate does: `critical` triggers `on_fail`, `hold` blocks advancing, `warn` only reports.',
  otherwise: "`critical`; in a stage the plan's",
  example: 'hold',
});

/** Whether a gate can be judged before anybody is served. */
export const shadow = key(yesOrNo(), {
  description: 'Whether the series measures mirrored traffic, so that it can be judged at 0%.',
  otherwise: "`false`; in a stage the plan's",
  example: 'true',
});

/** How much worse than the baseline's rate is tolerated. */
export const rateMargin = key(margin(), {
  description:
    "How much worse than the baseline is tolerated, as a share of the baseline's rate; only beside `baseline: current`.",
  otherwise: "`0%`: no worse; in a stage the plan's",
  example: '25%',
});
