/**
 * A row of a table of rules: the inputs of a kind are checked by it, docs/rules.md is written from it, and the tests run it: laid over
 * the kind's sample, `example` breaks this rule and no other that refuses, `instead` does not.
 */
export interface Rule {
  /** Stable: `rule` of a failure, a finding and an exemption. */
  id: string;
  /** Number of CARTO's wildcard rule, where it is one of the six. */
  carto?: 1 | 2 | 3 | 4 | 5;
  /** `failure`: CARTO refuses it or it never works. `advice`: accepted, worth a reviewer's eye. */
  level: "failure" | "advice";
  /** Advice that the production policy turns into a failure, unless exempted. */
  dangerous?: true;
  why: string;
  fix: string;
  example: Readonly<Record<string, unknown>>;
  instead: Readonly<Record<string, unknown>>;
}
