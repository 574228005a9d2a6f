import { randomUUID } from "node:crypto";
import { KINDS } from "../kinds/index.ts";
import { differenceAtCarto } from "../kinds/inputs.ts";
import { defaultUrls, type OAuthClient } from "../kinds/oauth-client/oauth-client.ts";
import type { CredentialsApi } from "./credentials-api.ts";
import { CartoError } from "./errors.ts";
import { updatedName } from "./probe-name.ts";
import { type SeenAnswers, watchAnswers } from "./seen-answers.ts";

/** What a probe looks at, in this order. */
export type ProbePoint =
  | "left"
  | "learned"
  | "unknown"
  | "draft"
  | "create"
  | "read"
  | "key"
  | "update"
  | "list"
  | "delete"
  | "limits"
  | "clean-up";

/** One point of the assumed contract, as a tenant answers it. */
export interface Finding {
  point: ProbePoint;
  /** Whether the tenant fits the assumption, or this package copes with it by itself. */
  ok: boolean;
  /** One sentence. Never a secret. */
  message: string;
  /** The stack setting that follows from it. Absent: none. */
  setting?: { name: "idempotencyKeys" | "requestsPerSecond" | "contract"; value: string };
}

const LOGIN_URL = "https://probe.example.com/login";

/** All URLs are given: nothing is left to CARTO's defaults. */
const URLS = { applicationLoginUrl: LOGIN_URL, ...defaultUrls(LOGIN_URL) };

/**
 * Makes the calls of the assumed contract with one throwaway client, and reports how the tenant answers each. What it created is deleted at
 * the end, whatever happened; also a client whose answer was lost, by its name.
 *
 * @param tell called with each finding
 * @param signal aborted: no further point is looked at, and what was created is deleted
 */
export async function probe(
  api: CredentialsApi,
  name: string,
  tell: (finding: Finding) => void,
  signal: AbortSignal,
): Promise<void> {
  const created = new Set<string>();
  using seen = watchAnswers();
  const points: [ProbePoint, () => Promise<Omit<Finding, "point">>][] = [
    ["create", () => create(api, name, created)],
    ["read", () => read(api, name, only(created))],
    ["key", () => repeatKey(api, name, created)],
    ["update", () => update(api, name, only(created))],
    ["list", () => list(api, only(created), seen)],
    ["delete", () => remove(api, created)],
    ["limits", async () => limits(seen.headers)],
  ];
  try {
    for (const [point, look] of points) {
      if (signal.aborted) return;
      const found = await explained(look);
      tell({ point, ...found });
      if (point === "create" && !found.ok) return;
    }
  } finally {
    const left = await cleanUp(api, name, created);
    if (left !== undefined) tell({ point: "clean-up", ok: false, message: left });
  }
}

/** The key of the create is kept: it is sent again. */
const KEY = Symbol("key");
type Created = Set<string> & { [KEY]?: string };

async function create(api: CredentialsApi, name: string, created: Created): Promise<Omit<Finding, "point">> {
  const key = randomUUID();
  created[KEY] = key;
  const { created: client } = await api.create(declaration(name), key);
  created.add(client.id);
  return { ok: true, message: `a SPA client was created as assumed, ${client.id}` };
}

async function read(api: CredentialsApi, name: string, id: string): Promise<Omit<Finding, "point">> {
  const client = await api.get(id);
  if (client === undefined) return { ok: false, message: `${id} was created, but a read does not find it` };
  const lost = Object.keys(differenceAtCarto(KINDS.spa, { ...client }, declaration(name)));
  if (lost.length > 0) {
    return {
      ok: false,
      message: `CARTO did not keep what was sent for ${lost.join(", ")}: the tenant may use other member names`,
    };
  }
  return client.clientSecret === undefined
    ? { ok: true, message: "a read does not return the secret: `import` needs --secret NAME=VARIABLE for each client" }
    : { ok: true, message: "a read returns the secret" };
}

async function repeatKey(api: CredentialsApi, name: string, created: Created): Promise<Omit<Finding, "point">> {
  const { created: again } = await api.create(declaration(name), created[KEY]);
  if (created.has(again.id)) return { ok: true, message: "the same idempotency key leads to the same client" };
  // What is in `created` is deleted: an answer may name any client.
  if (again.name !== name) {
    return {
      ok: false,
      message: `a repeated idempotency key was answered with another client, ${again.id}: it was left alone`,
    };
  }
  created.add(again.id);
  return {
    ok: true,
    message: "idempotency keys are not honoured: the same key created a second client",
    setting: { name: "idempotencyKeys", value: "false" },
  };
}

async function update(api: CredentialsApi, name: string, id: string): Promise<Omit<Finding, "point">> {
  const title = updatedName(name);
  await api.update(id, { name: title });
  const client = await api.get(id);
  return client?.name === title
    ? { ok: true, message: "the name was updated, and a read has the new one" }
    : { ok: true, message: "the name was updated, but a read still has the old one: reads lag behind writes" };
}

async function list(api: CredentialsApi, id: string, seen: SeenAnswers): Promise<Omit<Finding, "point">> {
  const before = seen.pages;
  const clients = await api.list();
  const pages = seen.pages - before;
  const listed = clients.find((client: OAuthClient) => client.id === id);
  if (listed === undefined)
    return { ok: false, message: `${id} is not among the ${clients.length} clients of a list call` };
  const secret = listed.clientSecret === undefined ? "without secrets" : "with secrets";
  const size = pages > 1 ? `, on ${pages} pages` : ", on one page";
  return {
    ok: true,
    message: `${clients.length} ${clients.length === 1 ? "client" : "clients"} listed, ${secret}${size}`,
  };
}

async function remove(api: CredentialsApi, created: Set<string>): Promise<Omit<Finding, "point">> {
  const id = only(created);
  await api.delete(id);
  const still = await api.get(id);
  if (still === undefined) created.delete(id);
  return still === undefined
    ? { ok: true, message: "a deleted client is no longer found" }
    : { ok: true, message: "a deleted client can still be read for a while: reads lag behind writes" };
}

function limits(headers: ReadonlyMap<string, string>): Omit<Finding, "point"> {
  if (headers.size === 0) return { ok: true, message: "no answer had a rate limit header" };
  const text = [...headers].map(([name, value]) => `${name}: ${value}`).join(", ");
  // draft-ietf-httpapi-ratelimit-headers: quota and window in seconds.
  const [, quota, window] = /(\d+)\s*;\s*w=(\d+)/.exec(headers.get("ratelimit-policy") ?? "") ?? [];
  const rate = Number(quota) / Number(window);
  const setting = rate > 0 && {
    setting: { name: "requestsPerSecond" as const, value: String(Math.floor(rate * 100) / 100) },
  };
  return { ok: true, message: `rate limit headers seen: ${text}`, ...setting };
}

async function explained(look: () => Promise<Omit<Finding, "point">>): Promise<Omit<Finding, "point">> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof CartoError)) throw error;
    return { ok: false, message: error.message };
  }
}

/** @returns what could not be deleted, and so has to be by hand */
async function cleanUp(api: CredentialsApi, name: string, created: Created): Promise<string | undefined> {
  if (created[KEY] === undefined) return undefined; // nothing was sent
  try {
    for (const { id, name: title } of await api.list()) if (title.startsWith(name)) created.add(id);
    for (const id of created) await api.delete(id);
    return undefined;
  } catch (error) {
    if (!(error instanceof CartoError)) throw error;
    const which = created.size === 0 ? "" : ` (${[...created].join(", ")})`;
    return `the client "${name}"${which} may be left at CARTO: delete it there. ${error.message}`;
  }
}

function declaration(name: string) {
  return { kind: "spa" as const, name, ...URLS };
}

function only(created: ReadonlySet<string>): string {
  const [id = ""] = created;
  return id;
}
