/** A location in a manifest; both count from 1, as in editors. */
export interface Location {
  line: number;
  column: number;
}

/** A rule broken by a manifest. Data, not an exception: all failures of a file are found at once. */
export interface ManifestFailure extends Location {
  /** As given to the reader. */
  file: string;
  /** E.g. `clients.web.allowedCallbackUrls[2]`; empty where the file as a whole is meant. */
  path: string;
  /** One sentence: what is wrong and what to write instead. */
  reason: string;
  /** Rule id: a row of docs/rules.md for the clients, of docs/command.md for the file itself. */
  rule: string;
  /** The environments it applies to, if not to all. */
  environments?: string[];
}

/** Advice on a client: not wrong, but worth a reviewer's eye. */
export interface ManifestFinding extends ManifestFailure {
  /** The URL or origin it is about; absent where it is about the whole client. */
  url?: string;
  /** The reason of the `allow` entry that exempts it; absent: not exempted. */
  exemption?: string;
}

/** Steps from the root of the document to a value. */
export type Path = readonly (string | number)[];

/** Formats `["clients", "web", "allow", 0]` as `clients.web.allow[0]`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

/** `allow[0].reason` as `["allow", 0, "reason"]`. */
export function parsePath(text: string): Path {
  return (text.match(/[^.[\]]+|\[\d+\]/g) ?? []).map((step) =>
    step.startsWith("[") ? Number(step.slice(1, -1)) : step,
  );
}

/** As compilers print it: `clients.yaml:12:5 clients.web.name: … (rule)`. */
export function formatFailure(failure: ManifestFailure): string {
  // A file that cannot be read has no place in it.
  const place = failure.rule === "file" ? `${failure.file}:` : `${failure.file}:${failure.line}:${failure.column}`;
  const scope = failure.environments === undefined ? "" : ` [${failure.environments.join(", ")}]`;
  const subject = failure.path === "" ? "" : ` ${failure.path}:`;
  return `${place}${scope}${subject} ${failure.reason} (${failure.rule})`;
}
