import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { systemCode } from "../error/system-code.ts";
import { type ApiContract, type ApiName, ASSUMED, type Contract, type Entries } from "./contract.ts";
import { CartoError } from "./errors.ts";

/** A contract that differs from the assumed one, entry by entry. */
export interface LoadedContract {
  contract: Contract;
  /** Each entry that differs, e.g. `oauth-clients.members.title: label`. */
  changes: readonly string[];
}

const MAX_BYTES = 64 * 1024;

const METHODS: Readonly<Record<string, readonly string[]>> = {
  create: ["POST", "PUT"],
  update: ["PATCH", "PUT"],
};

/**
 * The contract in force.
 *
 * @param setting a file (YAML or JSON, relative to the working directory of this process), or the contract itself as JSON; unset: the assumed contract
 * @throws CartoError `invalid_configuration` When it cannot be read, or an entry cannot be used; it names all of them.
 */
export async function loadContract(setting: string | undefined): Promise<LoadedContract> {
  if (setting === undefined) return { contract: ASSUMED, changes: [] };
  const isText = setting.startsWith("{");
  const title = isText ? "The contract" : `The contract ${JSON.stringify(setting)}`;
  const read = isText ? { text: setting } : await readText(resolve(setting));
  if ("problem" in read) {
    const remedy = `Give the path of a YAML or JSON file of at most ${MAX_BYTES / 1024} kB`;
    throw new CartoError(
      "invalid_configuration",
      `${title} cannot be read: ${read.problem}. ${remedy} (carto:contract, CARTO_CONTRACT).`,
      { cause: read.cause },
    );
  }
  const { parse, YAMLParseError } = await import("yaml");
  let value: unknown;
  try {
    value = parse(read.text);
  } catch (cause) {
    const [place] = (cause instanceof YAMLParseError && cause.linePos) || [];
    const where = place === undefined ? "" : ` at line ${place.line}, column ${place.col}`;
    throw new CartoError(
      "invalid_configuration",
      `${title} cannot be read${where}: write YAML or JSON (carto:contract, CARTO_CONTRACT).`,
      { cause },
    );
  }
  const { contract, changes, failures } = mergeContract(value);
  if (failures.length === 0) return { contract, changes };
  throw new CartoError(
    "invalid_configuration",
    `${title} cannot be used (carto:contract, CARTO_CONTRACT): ${failures.join("; ")}.`,
  );
}

/**
 * The text of a file, of which not more is read than a contract may have.
 *
 * @param path absolute, because a message that only has the relative one does not say where the file was looked for
 */
async function readText(path: string): Promise<{ text: string } | { problem: string; cause?: unknown }> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return { problem: `${path} is not a regular file` };
    if (found.size > MAX_BYTES) return { problem: `${path} is larger than ${MAX_BYTES / 1024} kB` };
    return { text: await readFile(path, "utf8") };
  } catch (cause) {
    const code = systemCode(cause);
    return { problem: code === "ENOENT" ? `${path} does not exist` : `${path} cannot be opened (${code})`, cause };
  }
}

/** Puts an override over the assumed contract; everything that is wrong with it is a failure. */
export function mergeContract(value: unknown): LoadedContract & { failures: string[] } {
  const failures: string[] = [];
  const changes: string[] = [];
  const apis = new Map(members(value, "the contract", Object.keys(ASSUMED), failures));
  const api = (name: ApiName): ApiContract => {
    const assumed = ASSUMED[name];
    if (!apis.has(name)) return assumed;
    const groups = new Map(members(apis.get(name), name, Object.keys(assumed), failures));
    const group = (title: keyof ApiContract): Entries => {
      if (!groups.has(title)) return assumed[title];
      const merged = mergeEntries(assumed[title], groups.get(title), title, `${name}.${title}`);
      failures.push(...merged.failures);
      changes.push(...merged.changes);
      return merged.entries;
    };
    return {
      paths: group("paths"),
      methods: group("methods"),
      members: group("members"),
      list: group("list"),
      paging: group("paging"),
      statuses: group("statuses"),
    };
  };
  const contract = {
    "oauth-clients": api("oauth-clients"),
    applications: api("applications"),
    "api-access-tokens": api("api-access-tokens"),
  };
  return { contract, changes, failures };
}

function mergeEntries(assumed: Entries, given: unknown, group: keyof ApiContract, path: string) {
  const failures: string[] = [];
  const changes: string[] = [];
  const entries: Record<string, string | number> = { ...assumed };
  for (const [entry, actual] of members(given, path, Object.keys(assumed), failures)) {
    const expected = unusable(group, entry, actual);
    if (expected !== undefined) failures.push(`${path}.${entry} must be ${expected}`);
    else if ((typeof actual === "string" || typeof actual === "number") && actual !== assumed[entry]) {
      changes.push(`${path}.${entry}: ${actual}`);
      entries[entry] = actual;
    }
  }
  const values = group === "methods" || group === "paging" ? [] : Object.values(entries);
  const twice = values.find((one, at) => values.indexOf(one) !== at);
  if (twice !== undefined) failures.push(`${path} has ${JSON.stringify(twice)} for two entries`);
  return { entries, changes, failures };
}

/** The members of an object, each of which has to be known. */
function members(value: unknown, path: string, known: readonly string[], failures: string[]): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    failures.push(`${path} must be an object with ${known.join(", ")}`);
    return [];
  }
  return Object.entries(value).filter(([name]) => {
    if (known.includes(name)) return true;
    const shown = JSON.stringify(name.slice(0, 60));
    failures.push(`${path} has no entry ${shown} (known: ${known.join(", ") || "none"})`);
    return false;
  });
}

/** Members that hold a secret. */
const SECRETS = ["client_secret", "token"];

const PATH = /^(\/([A-Za-z0-9._~-]+|\{id\}))+$/;

/** What an entry has to be; undefined when it is. A path stays below the trusted base URL whatever it says. */
function unusable(group: keyof ApiContract, entry: string, value: unknown): string | undefined {
  if (group === "paths") {
    const ids = entry === "one" ? 2 : 1;
    const text = typeof value === "string" && value.length <= 200 ? value : "";
    const dots = text.split("/").some((segment) => /^\.+$/.test(segment));
    return PATH.test(text) && !dots && text.split("{id}").length === ids
      ? undefined
      : `a path such as /things${ids === 2 ? "/{id}, with {id} once" : ""}, without host, query, "//" and ".."`;
  }
  if (group === "methods") {
    const allowed = METHODS[entry] ?? [];
    return allowed.some((method) => method === value) ? undefined : allowed.join(" or ");
  }
  if (group === "statuses") {
    const [least, most] = entry === "existed" ? [200, 299] : [400, 499];
    const whole = Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
    return whole && value !== 401 && value !== 429 ? undefined : `a status from ${least} to ${most}, not 401 or 429`;
  }
  if (entry === "first") return value === 0 || value === 1 ? undefined : "0 or 1";
  if (entry === "size" && group === "paging") {
    return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 1000 ? undefined : "from 1 to 1000";
  }
  if (typeof value !== "string" || !/^[A-Za-z][\w-]{0,63}$/.test(value)) return "a name such as client_id";
  // What is read from another member is no secret: it would stand in the state in plain.
  const exposes = group === "members" && /secret|^token$/i.test(value) && !SECRETS.includes(entry);
  return exposes ? "another name: a member with this name may hold a secret" : undefined;
}
