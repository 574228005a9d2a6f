import type { z } from "zod";
import type { AccessToken } from "./access-token.ts";
import { CartoError } from "./errors.ts";
import type { Credential, HttpAnswer, HttpRequest } from "./http.ts";

/** What a message about a refusal needs. */
export interface Refused {
  subject: string;
  answer: HttpAnswer;
  apiUrl: string;
  /** Whether the call was about the collection: no resource was named, so 404 speaks of the API itself. */
  onCollection: boolean;
  /** What a server must not make a message show. */
  secrets: readonly string[];
}

/** Where one REST API is, and how it speaks. */
export interface RestApiOptions {
  /** Of the collection, without trailing slash. */
  url: string;
  token: AccessToken;
  /** Who names the URL, and which hosts are trusted. */
  destination: Pick<Credential, "namedBy" | "trust">;
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
    this.url = options.url;
    this.#options = options;
  }

  /**
   * @param refusal the error that a refusal of this call is. Unset: as of all calls
   * @throws CartoError When the call is refused; and what {@link Http.request} throws.
   */
  async call(request: HttpRequest, refusal: RestApiOptions["refusal"] = this.#options.refusal): Promise<HttpAnswer> {
    const { url, token, destination } = this.#options;
    const json = request.body === undefined ? {} : { "content-type": "application/json" };
    const answer = await token.send({ ...request, headers: { ...request.headers, ...json } }, destination);
    if (answer.status < 400) return answer;
    const onCollection = !request.url.startsWith(`${url}/`);
    // An ID may be a secret itself, as that of a token is.
    const named = onCollection ? [] : [decodeURIComponent(request.url.slice(url.length + 1))];
    throw await refusal({
      subject: request.subject,
      answer,
      apiUrl: url,
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

  /** Every page of the collection. */
  async pages<Item>(
    subject: string,
    schema: z.ZodType<{ data: Item[]; page_size: number; total: number }>,
    query = "",
  ): Promise<Item[]> {
    const items: Item[] = [];
    for (let page = 1; ; page++) {
      const url = `${this.url}?${query}page=${page}&page_size=${PAGE_SIZE}`;
      const answer = await this.call({ subject, method: "GET", url, repeatable: true });
      const { data, page_size: size, total } = this.parse(schema, answer, subject);
      items.push(...data);
      if (items.length >= total || data.length < size) return items;
    }
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
    { subject, body, schema, noun, search, refusal }: Create<T>,
    key: string | undefined,
  ): Promise<{ created: T; existed: boolean; repeated: boolean }> {
    const headers = key === undefined ? {} : { "idempotency-key": key };
    const request: HttpRequest = {
      subject,
      method: "POST",
      url: this.url,
      headers,
      body,
      repeatable: key !== undefined,
    };
    try {
      const answer = await this.call(request, refusal);
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
  async update<T>(
    subject: string,
    id: string,
    body: object,
    schema: z.ZodType<T>,
    refusal?: RestApiOptions["refusal"],
  ): Promise<T> {
    const request: HttpRequest = {
      subject,
      method: "PATCH",
      url: this.urlOf(id),
      body: JSON.stringify(body),
      repeatable: true,
    };
    return this.parse(schema, await this.call(request, refusal), subject);
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

  urlOf(id: string): string {
    return `${this.url}/${encodeURIComponent(id)}`;
  }
}

const PAGE_SIZE = 100;

interface Create<T> {
  subject: string;
  body: string;
  schema: z.ZodType<T>;
  /** E.g. `application`. */
  noun: string;
  /** Where a user finds it, e.g. `in the Workspace`. */
  search: string;
  refusal?: RestApiOptions["refusal"];
}

function isNotFound(error: unknown): boolean {
  return error instanceof CartoError && error.code === "not_found";
}
