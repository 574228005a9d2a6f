import type { Path } from "./failure.ts";

/** A failure of one environment, with the path to what was written. */
export interface EnvironmentFailure {
  path: Path;
  atKey?: boolean;
  reason: string;
  rule: string;
  /** Of variables only: right as written, without value here. */
  unset?: boolean;
  /** Of findings only, as of {@link Finding}. */
  url?: string;
  exemption?: string;
}
