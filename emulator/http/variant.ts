import { readFile, stat } from "node:fs/promises";
import { systemCode } from "../../error/system-code.ts";
import type { Answer, Call } from "./answer.ts";
import { EmulatorError } from "./emulator-error.ts";
import { isObject } from "./json.ts";

/*
 * A tenant that speaks otherwise than the assumed contract: the emulator's own reading of the file that `carto:contract` names. Calls are
 * put into the assumed words before the emulator sees them, and answers into the tenant's words before they are sent.
 */

/** Where an API is served, by its name in the file: the assumed collection, and the name of the ID in its path. */
const APIS: Record<string, { base: string; collection: string; id: string }> = {
  "oauth-clients": { base: "/workspace-api", collection: "/credentials/oauth-clients", id: "client_id" },
  applications: { base: "/workspace-api", collection: "/applications", id: "application_id" },
  "api-access-tokens": { base: "/api", collection: "/v3/tokens", id: "token" },
};

const MAX_BYTES = 64 * 1024;

const GROUPS = ["paths", "methods", "members", "list", "paging", "statuses"];

const STATUSES: Record<string, number> = {
  existed: 200,
  invalid_request: 400,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
};

const METHODS: Record<string, string> = { create: "POST", update: "PATCH" };

/** One API's part of the file; a group that is left out is empty. */
type Terms = Record<string, Record<string, unknown>>;

/** How the emulator speaks where it differs from the assumed contract. */
export class Variant {
  readonly #apis: Record<string, Terms>;

  constructor(apis: Record<string, Terms>) {
    this.#apis = apis;
  }

  /** The method and path that a route of the assumed contract is served under. */
  spelling(route: string): string {
    const [method = "", path = ""] = route.split(" ");
    const found = this.#find(path);
    if (found === undefined) return route;
    const { terms, base, collection, id } = found;
    const isOne = path !== base + collection;
    const own = terms.paths?.[isOne ? "one" : "collection"];
    const call = Object.keys(METHODS).find((name) => METHODS[name] === method && (name === "update") === isOne);
    const spelt = own === undefined ? path : base + String(own).replace("{id}", `{${id}}`);
    return `${(call && terms.methods?.[call]) ?? method} ${spelt}`;
  }

  /** A call in the assumed words. */
  read(route: string, call: Call): Call {
    const terms = this.#find(route.split(" ")[1] ?? "")?.terms;
    if (terms === undefined) return call;
    const url = new URL(call.url);
    const query = [...url.searchParams].map(([name, value]): [string, string] => {
      const shown = assumedName(terms.paging, name);
      return [
        shown,
        shown === "page" && /^\d{1,15}$/.test(value) ? String(Number(value) + 1 - firstPage(terms)) : value,
      ];
    });
    url.search = new URLSearchParams(query).toString();
    const method = route.split(" ")[0] ?? call.method;
    const whole = method === METHODS.update && this.spelling(route).startsWith("PUT ");
    return { ...call, method, url, body: bodyIn(terms.members, call.body), ...(whole && { whole }) };
  }

  /** An answer in the tenant's words. */
  write(route: string, answer: Answer): Answer {
    const [method = "", path = ""] = route.split(" ");
    const found = this.#find(path);
    if (found === undefined) return answer;
    const { terms, base, collection } = found;
    const meaning = Object.keys(STATUSES).find((name) => STATUSES[name] === answer.status);
    const isCreate = method === "POST";
    const own = meaning !== undefined && (meaning !== "existed" || isCreate) ? terms.statuses?.[meaning] : undefined;
    const status = own === undefined ? answer.status : Number(own);
    if (!isObject(answer.body)) return { ...answer, status };
    const isListing = method === "GET" && path === base + collection && answer.status === 200;
    const toOwn = (name: string) => String(terms.members?.[name] ?? name);
    const body = isListing
      ? Object.fromEntries(
          Object.entries(answer.body).map(([name, value]) => [
            String(terms.list?.[name] ?? name),
            name === "data" ? named(value, toOwn) : name === "page" ? Number(value) - 1 + firstPage(terms) : value,
          ]),
        )
      : named(withPaths(answer.body, toOwn), toOwn);
    return { ...answer, status, body: Object(body) };
  }

  #find(path: string) {
    for (const [name, { base, collection, id }] of Object.entries(APIS)) {
      const terms = this.#apis[name];
      const whole = base + collection;
      if (terms !== undefined && (path === whole || path === `${whole}/{${id}}`))
        return { terms, base, collection, id };
    }
    return undefined;
  }
}

/**
 * Reads the file of a variant, YAML or JSON.
 *
 * @throws EmulatorError `invalid_contract` When it cannot be read, or has an API or a group that does not exist.
 */
export async function readVariant(file: string): Promise<Variant> {
  const refusal = (reason: string, cause?: unknown) =>
    new EmulatorError("invalid_contract", `Contract ${file} cannot be served: ${reason}`, { cause });
  const read = await readText(file);
  if ("problem" in read) {
    const remedy = `give the path of a YAML or JSON file of at most ${MAX_BYTES / 1024} kB`;
    throw refusal(`${read.problem}; ${remedy}`, read.cause);
  }
  const { parse, YAMLParseError } = await import("yaml");
  let document: unknown;
  try {
    document = parse(read.text);
  } catch (cause) {
    const [place] = (cause instanceof YAMLParseError && cause.linePos) || [];
    const where = place === undefined ? "" : ` at line ${place.line}, column ${place.col}`;
    throw refusal(`it is not valid YAML or JSON${where}`, cause);
  }
  const apis = isObject(document) ? Object.entries(document) : [];
  const wrong = apis.flatMap(([name, terms]) =>
    !Object.hasOwn(APIS, name) || !isObject(terms)
      ? [name]
      : Object.keys(terms).flatMap((group) =>
          GROUPS.includes(group) && isObject(terms[group]) ? [] : [`${name}.${group}`],
        ),
  );
  if (apis.length === 0 || wrong.length > 0) {
    const what = apis.length === 0 ? "it names no API" : `${wrong.join(", ")} cannot be used`;
    const known = `${Object.keys(APIS).join(", ")}, each with ${GROUPS.join(", ")}`;
    throw refusal(`${what}; it may have ${known}`);
  }
  return new Variant(Object(document));
}

/** The text of a file, of which not more is read than a contract may have. */
async function readText(file: string): Promise<{ text: string } | { problem: string; cause?: unknown }> {
  try {
    const found = await stat(file);
    if (!found.isFile()) return { problem: "it is not a regular file" };
    if (found.size > MAX_BYTES) return { problem: `it is larger than ${MAX_BYTES / 1024} kB` };
    return { text: await readFile(file, "utf8") };
  } catch (cause) {
    const code = systemCode(cause);
    return { problem: code === "ENOENT" ? "it does not exist" : `it cannot be opened (${code})`, cause };
  }
}

function firstPage({ paging }: Terms): number {
  return Number(paging?.first ?? 1);
}

function assumedName(names: Record<string, unknown> | undefined, own: string): string {
  return Object.entries(names ?? {}).find(([, value]) => value === own)?.[0] ?? unless(names, own);
}

/** Before a name that the variant gave up: no operation understands it then, and a refusal names it as the caller did. */
const GIVEN_UP = "~";

function unless(names: Record<string, unknown> | undefined, name: string): string {
  return names !== undefined && Object.hasOwn(names, name) ? `${GIVEN_UP}${name}` : name;
}

function bodyIn(members: Record<string, unknown> | undefined, text: string): string {
  try {
    return JSON.stringify(named(JSON.parse(text), (name) => assumedName(members, name)));
  } catch {
    return text; // the operation refuses it
  }
}

function named(value: unknown, name: (own: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => named(item, name));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([own, member]) => [name(own), named(member, name)]));
}

function withPaths(body: Record<string, unknown>, name: (own: string) => string): Record<string, unknown> {
  if (!Array.isArray(body.issues)) return body;
  const own = (word: string) => (word.startsWith(GIVEN_UP) ? word.slice(GIVEN_UP.length) : name(word));
  const issues = body.issues.map((issue) => ({ ...issue, path: issue.path.replaceAll(/~?[A-Za-z]\w*/g, own) }));
  return { ...body, issues };
}
