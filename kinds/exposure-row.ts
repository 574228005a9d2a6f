/** A row of a kind's table of exposures: what a report calls an access of that rule when it is new. */
export interface ExposureRow {
  /** One sentence, for code scanning. docs/report.md explains more. */
  text: string;
  /**
   * Who gains access. `"recognised"`: a host that people see and might recognise; `"none"`: not a host. Unset: a
   * host that nobody reads.
   */
  host?: "recognised" | "none";
}
