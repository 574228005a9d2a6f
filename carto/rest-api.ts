import type { z } from "zod";
import type { AccessToken } from "./access-token.ts";
import { type ApiName, ASSUMED, CHANGEABLE, type Contract } from "./contract.ts";
import { assumedStatus, inward, outward } from "./contract-wire.ts";
import { CartoError } from "./errors.ts";
import type { Credential, HttpAnswer, HttpRequest } from "./http.ts";
import { readPages } from "./pages.ts";

/** What a message about a refusal needs. */
export interface Refused {
  subject: string;
  answer: HttpAnswer;
  /** The body of the request; undefined where it had none. */
  sent: unknown;
  /** What was called, without query. */
  apiUrl: string;
  /** Whether the call was about the collection: no resource was named, so 404 speaks of the API itself. */
  onCollection: boolean;
  /** What a server must not make a message show. */
  secrets: readonly string[];
}

/** Where an API of a tenant is, and what its calls need. */
export interface ApiPlace {
  /** The base of the API's paths, without trailing slash. */
  baseUrl: string;
  /** Who names that URL, and which hosts are trusted. */
  destination: Pick<Credential, "namedBy" | "trust">;
  token: AccessToken;
  /** The contract in force. */
  terms: Contract;
}

/** One REST API, and how it speaks. */
interface RestApiOptions extends ApiPlace {
  api: ApiName;
  /** Where the assumed contract is, e.g. `docs/tokens-api.yaml`. */
  contract: string;
  /** The error that a refusal is. */
  refusal(refused: Refused): CartoError | Promise<CartoError>;
}

/** One collection of a REST API: sends requests, and turns refusals and answers that break the contract into errors. */
export class RestApi {
  readonly url: string;
  readonly #options: RestApiOptions;

  constructor(options: RestApiOptions) {
    this.#options = options;
    this.url = this.urlAt("collection");
  }

  /** @throws CartoError When the call is refused; and what {@link Http.request} throws. */
  async call(request: HttpRequest): Promise<HttpAnswer> {
    const { token, destination, refusal } = this.#options;
    const json = request.body === undefined ? {} : { "content-type": "application/json" };
    const sent = this.#outward(request);
    const received = await token.send({ ...sent, headers: { ...request.headers, ...json } }, destination);
    const answer = this.#inward(request, received);
    if (answer.status < 400) return answer;
    const id = this.#idIn(request.url);
    const onCollection = id === undefined;
    // An ID may be a secret itself, as that of a token is.
    const named = onCollection ? [] : [decodeURIComponent(id)];
    throw await refusal({
      subject: request.subject,
      answer,
      sent: request.body === undefined ? undefined : JSON.parse(request.body),
      apiUrl: request.url.replace(/\?.*/, ""),
      onCollection,
      secrets: [...token.secrets(), ...named],
    });
  }

  /** @throws CartoError `unexpected_answer` When the answer is of another shape; what was sent may have been done. */
  parse<T>(schema: z.ZodType<T>, answer: HttpAnswer, subject: string): T {
    const parsed = schema.safeParse(answer.body);
    if (parsed.success) return parsed.data;
    const paths = parsed.error.issues.map((issue) => issue.path.join(".") || "the body").join(", ");
    throw new CartoError(
      "unexpected_answer",
      `${subject}: the answer breaks the assumed contract at ${paths}. Compare ${this.#options.contract} with your tenant (README, "What is assumed").`,
      { status: answer.status, unconfirmed: true },
    );
  }

  /** Every item of the collection once. */
  async list<Item>(
    subject: string,
    schema: z.ZodType<{ data: Item[]; page_size: number; total: number }>,
    idOf: (item: Item) => string,
    query = "",
  ): Promise<Item[]> {
    const { first = 1, size: asked, page: pageName, page_size: sizeName } = this.#api.paging;
    const read = async (page: number) => {
      const url = `${this.url}?${query}${pageName}=${page}&${sizeName}=${asked}`;
      const answer = await this.call({ subject, method: "GET", url, repeatable: true });
      const { data: items, page_size: size, total } = this.parse(schema, answer, subject);
      return { items, size, total };
    };
    return readPages(read, Number(first), idOf);
  }

  /** @returns undefined when the calling user has no such resource */
  async get<T>(subject: string, id: string, schema: z.ZodType<T>): Promise<T | undefined> {
    try {
      const answer = await this.call({ subject, method: "GET", url: this.urlOf(id), repeatable: true });
      return this.parse(schema, answer, subject);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /**
   * Creates a resource, or finds the one that the key created before.
   *
   * @param key the idempotency key; undefined where the API is said not to honour one
   * @param create what to call it with and how to read the answer; `noun` and `search` are for the message of a lost answer
   * @throws CartoError `create_unconfirmed` When the answer was lost and nothing says whether the resource exists.
   */
  async create<T>(
    { subject, body, schema, noun, search }: Create<T>,
    key: string | undefined,
  ): Promise<{ created: T; existed: boolean; repeated: boolean }> {
    const headers = key === undefined ? {} : { "idempotency-key": key };
    const method = this.methodOf("create");
    const request = { subject, method, url: this.url, headers, body, repeatable: key !== undefined };
    try {
      const answer = await this.call(request);
      const created = this.parse(schema, answer, subject);
      return { created, existed: answer.status === 200, repeated: answer.unconfirmed };
    } catch (error) {
      if (key !== undefined || !(error instanceof CartoError && error.unconfirmed)) throw error;
      throw new CartoError(
        "create_unconfirmed",
        `${subject}: no usable answer came, so the ${noun} may exist. Look for it ${search}, delete or import it, then run again.`,
        { cause: error },
      );
    }
  }

  /** Changes a resource; every member is set whole, so the call may be repeated. */
  async update<T>(subject: string, id: string, body: object, schema: z.ZodType<T>): Promise<T> {
    const method = this.methodOf("update");
    const whole = method === "PUT" ? { ...(await this.#changeable(subject, id)), ...body } : body;
    const url = this.urlOf(id);
    const request: HttpRequest = { subject, method, url, body: JSON.stringify(whole), repeatable: true };
    return this.parse(schema, await this.call(request), subject);
  }

  /** @returns whether there was such a resource of the calling user */
  async delete(subject: string, id: string): Promise<boolean> {
    try {
      await this.call({ subject, method: "DELETE", url: this.urlOf(id), repeatable: true });
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  /** The URL of one resource. */
  urlOf(id: string): string {
    // A function: `$` in a replacement has a meaning.
    return this.urlAt("one").replace("{id}", () => encodeURIComponent(id));
  }

  /** The URL of another path of the API, e.g. `groups`. */
  urlAt(path: string): string {
    return `${this.#options.baseUrl}${this.#api.paths[path]}`;
  }

  methodOf(call: "create" | "update"): "POST" | "PUT" | "PATCH" {
    const methods = ["POST", "PUT", "PATCH"] as const;
    return methods.find((method) => method === this.#api.methods[call]) ?? "POST";
  }

  /** The name of a query parameter. */
  parameter(name: string): string {
    return String(this.#api.paging[name]);
  }

  get #api() {
    return this.#options.terms[this.#options.api];
  }

  /** The ID that a URL names, encoded; undefined where it names none. */
  #idIn(url: string): string | undefined {
    const [before = "", after = ""] = this.urlAt("one").split("{id}");
    const isOne = url.startsWith(before) && url.endsWith(after) && !this.#isCollection(url);
    return isOne ? url.slice(before.length, url.length - after.length) : undefined;
  }

  #isCollection(url: string): boolean {
    return url.split("?")[0] === this.url;
  }

  #outward(request: HttpRequest): HttpRequest {
    if (this.#api === ASSUMED[this.#options.api] || request.body === undefined) return request;
    return { ...request, body: JSON.stringify(outward(this.#api, JSON.parse(request.body))) };
  }

  #inward({ subject, url, method }: HttpRequest, answer: HttpAnswer): HttpAnswer {
    const isCollection = this.#isCollection(url);
    // Other paths, such as that of groups, are not spoken of by a contract's members.
    if (this.#api === ASSUMED[this.#options.api] || !(isCollection || this.#idIn(url) !== undefined)) return answer;
    const status = assumedStatus(this.#api, answer.status);
    if (status === undefined) {
      const what = `CARTO answered ${answer.status}, which the contract of carto:contract does not define`;
      throw new CartoError("unexpected_answer", `${subject}: ${what}.`, {
        status: answer.status,
        unconfirmed: answer.unconfirmed,
      });
    }
    const isListing = isCollection && method === "GET" && status < 400;
    return { ...answer, status, body: inward(this.#api, answer.body, isListing) };
  }

  /** All that an update may send, as it is now: what a `PUT` leaves out would be cleared. */
  async #changeable(subject: string, id: string): Promise<Record<string, unknown>> {
    const { body } = await this.call({ subject, method: "GET", url: this.urlOf(id), repeatable: true });
    const names = CHANGEABLE[this.#options.api];
    return Object.fromEntries(Object.entries(Object(body)).filter(([name]) => names.includes(name)));
  }
}

interface Create<T> {
  subject: string;
  body: string;
  schema: z.ZodType<T>;
  /** E.g. `application`. */
  noun: string;
  /** Where a user finds it, e.g. `in the Workspace`. */
  search: string;
}

function isNotFound(error: unknown): boolean {
  return error instanceof CartoError && error.code === "not_found";
}
