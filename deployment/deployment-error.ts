import type { DeploymentErrorCode } from "../error/error-code.ts";
import { PulumiCartoError } from "../error/pulumi-carto-error.ts";

/** Who holds the lock of a stack. */
export interface LockHolder {
  user: string;
  host: string;
  /** Of the `pulumi` that locked it, on that host. */
  pid: number;
  /** RFC 3339. */
  since: string;
}

/** A run that did not finish. Never names a backend's password. */
export class DeploymentError extends PulumiCartoError<DeploymentErrorCode> {
  override readonly name = "DeploymentError";
  /** Of `locked` only, and only where the backend says who it is. */
  readonly holder?: LockHolder;

  constructor(
    code: DeploymentErrorCode,
    message: string,
    options?: ErrorOptions & { holder?: LockHolder | undefined },
  ) {
    super(code, message, options);
    if (options?.holder) this.holder = options.holder;
  }
}

/** What a message calls the command that removes a lock; whatever shows it adds the rest of the command. */
export const CANCEL = "`pulumi-carto cancel`";

/** Where the engine gives no reason of its own: the diagnostics do. */
export const RUN_FAILED = "the run failed";

/** Where the engine needs a passphrase and finds none. */
export const NO_PASSPHRASE =
  "there is no passphrase for the secrets of the stack: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE, or give the environment a `secretsProvider`";

// The CLI distinguishes these by text only, and so does the Automation API for the two that it knows.
const LOCK = /the stack is currently locked by|\[409\] Conflict: Another update is currently in progress/;
const NO_STACK = /no stack named '(.*)' found/;
const HOLDER = /created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/;
// PostgreSQL backend: two first runs make the table at once, or a lock disappears while it is being read.
const BUSY = /failed to create table .*(duplicate key|already exists|concurrently)|sql: no rows in result set/;
const CAUSES: [DeploymentErrorCode, RegExp, string][] = [
  [
    "passphrase",
    /incorrect passphrase/,
    "the passphrase is not the one that the secrets of the stack are encrypted with: check PULUMI_CONFIG_PASSPHRASE",
  ],
  ["passphrase", /passphrase must be set|PULUMI_CONFIG_PASSPHRASE/, NO_PASSPHRASE],
  [
    "backend",
    /PULUMI_ACCESS_TOKEN must be set|pulumi login|not logged in/,
    "no backend is logged in to: give the environment a `backend`, set PULUMI_BACKEND_URL (e.g. s3://bucket, postgres://host/db, file://~) or PULUMI_ACCESS_TOKEN",
  ],
  [
    "backend",
    // The engine writes this file in place; the state itself is replaced in one step.
    /failed to load checkpoint: (unexpected )?EOF/,
    "a killed engine left an empty `.attrs` file beside the state: remove it from `.pulumi/stacks` in the directory of the file backend and run again; the state itself is intact, and a backend URL ending in `?metadata=skip` keeps the engine from writing such files",
  ],
  [
    "backend",
    // Go reads a space after the last character: in the middle of `true`, a number or an escape that is an invalid character.
    /failed to load checkpoint: .*(unexpected end of JSON input|invalid character ' ' )/,
    "the file of the state was cut off, for example because the disk was full: in `.pulumi/stacks/PROJECT` of the file backend, copy `STACK.json.bak` to `STACK.json`, then run `up --refresh`, which finds what was created since",
  ],
  [
    "backend",
    /unable to open bucket|could not (list|open) bucket|failed to ping PostgreSQL|invalid port|connection refused/,
    "the backend cannot be reached: check `backend` of the environment or PULUMI_BACKEND_URL",
  ],
  [
    "plan",
    /decrypting secret value: cipher: message authentication failed/,
    "the secrets of the plan cannot be decrypted: the stack was encrypted anew since the preview; preview again and review",
  ],
  ["plan", /open \S+\.json: no such file/, "the plan does not exist: write it with `preview --save-plan`"],
  [
    "plan",
    /violates plan|resource .* plan/,
    "the run would differ from the plan, so it was stopped: preview again and review",
  ],
];

/** @param stderr what the CLI printed; its first line quotes the command line */
export function explain(stderr: string, cause: unknown): DeploymentError {
  const options = { cause };
  if (LOCK.test(stderr)) {
    const holder = holderIn(stderr);
    const who = holder === undefined ? "another update" : holderText(holder);
    return new DeploymentError(
      "locked",
      `the stack is locked by ${who}: wait for it with --wait, or, if it no longer runs, remove the lock with ${CANCEL}`,
      { ...options, holder },
    );
  }
  const [, missing] = NO_STACK.exec(stderr) ?? [];
  if (missing !== undefined) {
    return new DeploymentError("no_stack", `stack ${missing} does not exist: nothing was ever deployed there`, options);
  }
  if (BUSY.test(stderr)) {
    return new DeploymentError("busy", "another run began at the same moment: run it again", options);
  }
  const found = CAUSES.find(([, pattern]) => pattern.test(stderr));
  if (found !== undefined) {
    const [code, , message] = found;
    const detail = code === "backend" ? /failed to .*|dial .*|no such .*/.exec(stderr)?.[0] : undefined;
    return new DeploymentError(code, detail ? `${message} (${withoutPasswords(detail)})` : message, options);
  }
  const lines = stderr.split("\n").filter((line) => line.startsWith("error: "));
  // The CLI says some things twice.
  const text = [...new Set(lines.map((line) => withoutPasswords(line.slice("error: ".length))))].join("; ");
  return new DeploymentError("failed", text === "" ? RUN_FAILED : `Pulumi: ${text}`, options);
}

function holderIn(stderr: string): LockHolder | undefined {
  const [, user, host, pid, since] = HOLDER.exec(stderr) ?? [];
  return user === undefined || host === undefined || since === undefined
    ? undefined
    : { user, host, pid: Number(pid), since };
}

/** `ana@build-7 (pid 4711) since 2026-07-01T08:00:00Z`. */
export function holderText({ user, host, pid, since }: LockHolder): string {
  return `${user}@${host} (pid ${pid}) since ${since}`;
}

/** Userinfo in URLs masked. */
export function withoutPasswords(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]{0,30}:\/\/)([^\s"]*)/gi, (url, scheme: string, rest: string) => {
    const at = rest.lastIndexOf("@");
    return at < 0 ? url : `${scheme}***${rest.slice(at)}`;
  });
}
