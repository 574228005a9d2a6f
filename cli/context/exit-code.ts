/** What the command's exit codes mean; documented in docs/command.md. */
export const EXIT = {
  /** Done, or nothing to do. */
  done: 0,
  /** Something went wrong on the way; what had been done is recorded. */
  failed: 1,
  /** `preview --exit-code`: changes are pending. */
  changes: 2,
  /** The arguments or the manifest are wrong; nothing was started. */
  invalid: 3,
  /** `check --exit-code` and `doctor --exit-code`: an API Access Token expires within 30 days. */
  expiring: 4,
  /** A question was answered with anything but yes; nothing was changed. */
  declined: 5,
} as const;

/** An exit code, one of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
