/** A row of a kind's table of exposures: what a report calls an access of that rule when it is new. */
export interface ExposureRow {
  /** One sentence, for code scanning. docs/report.md explains more. */
  text: string;
  /**
   * Who gets in. `"recognised"`: a host that people see, and may take for one that they know; `"none"`: nobody who has a host. Unset: a
   * host that nobody reads.
   */
  host?: "recognised" | "none";
}
