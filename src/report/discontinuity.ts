/** What is found where reports do not go on from each other. Types only. */

/** Something in a report that cannot be as it says, given itself and the others. */
export interface Discontinuity {
  /** What the report is called. */
  readonly name: string;
  /** Path in the report, such as `looks[0].inputs.state.percentage`. */
  readonly where: string;
  readonly why: string;
}

/** What was found about reports. */
export interface Findings {
  readonly problems: readonly Discontinuity[];
  /** What is worth knowing and contradicts nothing, such as a plan that was edited in between. */
  readonly remarks: readonly string[];
}
