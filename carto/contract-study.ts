import { ASSUMED } from "./contract.ts";
import { isName, type Learned, type Lesson } from "./contract-lesson.ts";
import { CartoError } from "./errors.ts";
import type { HttpAnswer, HttpRequest } from "./http.ts";
import { updatedName } from "./probe-name.ts";

/*
 * What a probe knows of a tenant's contract so far, and the requests that show more of it.
 */

/** Sends one request, with the path below the tenant's base URL. */
export type SendRequest = (request: Omit<HttpRequest, "url"> & { path: string }) => Promise<HttpAnswer>;

/** What is known before the first request. */
export interface KnownValues {
  /** The name of the throwaway clients. */
  name: string;
  /** The calling user; unset: unknown. */
  userId: string | undefined;
  /** ID of the client that the caller logs in with; unset: unknown. */
  ownClientId: string | undefined;
  /** What no message and no draft may hold. */
  secrets: readonly string[];
}

/** A JSON object. */
export type Members = Record<string, unknown>;

const OAUTH_CLIENTS = ASSUMED["oauth-clients"];
/** Where the clients are assumed to be. */
export const ASSUMED_PATH = String(OAUTH_CLIENTS.paths.collection);

/** The login URL of the probe's clients. */
export const LOGIN_URL = "https://probe.example.com/login";

const ID_NAME = /(^|[_-])(id|uuid|identifier)$|(Id|ID|Uuid)$/;
/** Names of members that may hold a secret. */
export const SECRET_NAME = /secret|^token$/i;

/** Ends the lesson: the rest could only be guessed. */
export class Stop extends CartoError {
  constructor(message: string) {
    super("unexpected_answer", message);
  }
}

/** What is known of a tenant so far, and the requests that show more. */
export class Study {
  readonly lesson: Lesson = { learned: [], unknown: [], complete: false };
  readonly send: SendRequest;
  readonly known: KnownValues;
  readonly signal: AbortSignal;
  /** The tenant's word for each assumed member. */
  readonly words: Record<string, string> = {};
  readonly created = new Set<string>();
  path = ASSUMED_PATH;
  /** The member of a listing that holds the clients. */
  data = "data";
  createMethod: "POST" | "PUT" = "POST";
  updateMethod: "PATCH" | "PUT" = "PATCH";
  /** Whether a create was sent. */
  mayExist = false;
  /** Whether only what was created is being deleted. */
  cleaning = false;
  /** Of the first client; empty: not known yet. */
  id = "";
  /** The create that succeeded: what was sent and answered, and the listing before it. */
  first: { body: Members; key: string; answer: Members; total: Members; status: number } | undefined;

  constructor(send: SendRequest, known: KnownValues, signal: AbortSignal) {
    this.send = send;
    this.known = known;
    this.signal = signal;
  }

  /** The member of an answer that holds a value. */
  byValue(entry: string, value: string, answer: Members, because: string): void {
    const holding = this.names(answer).filter((name) => answer[name] === value && !SECRET_NAME.test(name));
    const [only] = holding;
    if (holding.includes(this.word(entry))) this.learn("members", entry, this.word(entry), because);
    else if (holding.length === 1 && only !== undefined) this.learn("members", entry, only, because);
    else this.open(`the name of ${entry}`);
  }

  /** The member that is the ID: a read with its value finds a client of the probe. Nothing that may be a secret is put in a path. */
  async idOf(item: Members): Promise<{ name: string; value: string } | undefined> {
    const names = this.names(item).filter((name) => name === "client_id" || ID_NAME.test(name));
    for (const name of names.sort((a, b) => Number(b === "client_id") - Number(a === "client_id"))) {
      const value = item[name];
      if (typeof value !== "string" || !/^[\w.~|-]{1,128}$/.test(value) || /^\.+$/.test(value)) continue;
      const read = membersOf((await this.ask("GET", this.one(value)))?.body);
      if (Object.values(read).some((text) => isOwn(text, this.known.name))) return { name, value };
    }
    return undefined;
  }

  async change(change: Members): Promise<HttpAnswer | undefined> {
    const whole = { ...this.declaration(updatedName(this.known.name)), ...change };
    if (this.updateMethod === "PUT") {
      delete whole[this.word("type")];
      return this.ask("PUT", this.one(this.id), whole);
    }
    const answer = await this.ask("PATCH", this.one(this.id), change);
    if (answer?.status !== 405) return answer;
    this.updateMethod = "PUT";
    this.learn("methods", "update", "PUT", "PATCH was answered 405");
    return this.change(change);
  }

  async read(): Promise<Members | undefined> {
    const answer = await this.ask("GET", this.one(this.id));
    return answer && answer.status < 300 ? membersOf(answer.body) : undefined;
  }

  async envelope(): Promise<Members> {
    return membersOf((await this.ask("GET", this.path))?.body);
  }

  refusal(entry: string, status: number | undefined, to: string): void {
    const means = { invalid_request: [400], conflict: [409], not_found: [404, 410] }[entry] ?? [];
    const others = [400, 401, 403, 404, 405, 409, 410, 429].filter((one) => !means.includes(one));
    const isTaken = this.lesson.learned.some(({ group, value }) => group === "statuses" && value === status);
    if (status !== undefined && status >= 400 && status < 500 && !others.includes(status) && !isTaken)
      this.learn("statuses", entry, status, `${to} was answered so`);
    else this.open(`the status of ${entry}: ${to} was answered ${status ?? "with an error"}`);
  }

  learn(group: Learned["group"], entry: string, value: string | number, because: string): void {
    if (group === "members") this.words[entry] = String(value);
    if (OAUTH_CLIENTS[group][entry] !== value) this.lesson.learned.push({ group, entry, value, because });
  }

  open(what: string): void {
    this.lesson.unknown.push(what);
  }

  declaration(name: string): Members {
    return { [this.word("type")]: "spa", [this.word("title")]: name, [this.word("login_uri")]: LOGIN_URL };
  }

  word(entry: string): string {
    return this.words[entry] ?? entry;
  }

  firstAnswer() {
    if (this.first === undefined) throw new Stop("no client was created");
    return this.first;
  }

  one(id: string): string {
    return `${this.path}/${encodeURIComponent(id)}`;
  }

  count(body: Members): number {
    return this.listIn(body)?.items.length ?? 0;
  }

  /** The list in an answer: the assumed member, or the only one that is a list. */
  listIn(body: unknown): { name: string; items: Members[] } | undefined {
    const envelope = membersOf(body);
    const lists = this.names(envelope).filter((name) => Array.isArray(envelope[name]));
    const name = lists.includes("data") ? "data" : lists.length === 1 ? lists[0] : undefined;
    const items = name === undefined ? undefined : envelope[name];
    return name !== undefined && Array.isArray(items) ? { name, items: items.map(membersOf) } : undefined;
  }

  /** Names in an answer that may be shown; others are not seen at all. */
  names(body: Members): string[] {
    return Object.keys(body).filter((name) => isName(name, this.known.secrets));
  }

  /** @returns undefined when no usable answer came */
  async ask(
    method: HttpRequest["method"],
    path: string,
    body?: Members,
    key?: string,
  ): Promise<HttpAnswer | undefined> {
    if (this.signal.aborted && !this.cleaning) throw new Stop("interrupted");
    const request = {
      subject: "Learning the contract",
      method,
      path,
      repeatable: method !== "POST" || key !== undefined,
    };
    try {
      return await this.send({
        ...request,
        headers: {
          ...(body !== undefined && { "content-type": "application/json" }),
          ...(key !== undefined && { "idempotency-key": key }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      // An answer of another kind, such as a redirect or a page, is none; that CARTO cannot be reached ends it all.
      if (!(error instanceof CartoError && error.code === "unexpected_answer")) throw error;
      return undefined;
    }
  }
}

/** The members of a JSON object; of anything else, none. */
export function membersOf(body: unknown): Members {
  return typeof body === "object" && body !== null && !Array.isArray(body) ? { ...body } : {};
}

/** Whether a value is a name of this probe's clients. */
export function isOwn(value: unknown, name: string): boolean {
  return value === name || value === updatedName(name);
}

/** Whether a value is a list of texts. */
export function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string");
}

/** Whether a value is a time (RFC 3339). */
export function isTime(value: unknown): boolean {
  return typeof value === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value);
}

/** Whether two JSON values are equal. */
export function equal(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
