import type { z } from "zod";
import type { CartoErrorCode } from "../error/error-code.ts";
import type { OAuthClient } from "../kinds/oauth-client/oauth-client.ts";
import type { AccessToken } from "./access-token.ts";
import {
  type ClientChange,
  type NewClient,
  propertyOf,
  toModel,
  toWire,
  WireClient,
  WireError,
  WirePage,
} from "./credentials-wire.ts";
import { CartoError } from "./errors.ts";
import type { Credential, HttpAnswer, HttpRequest } from "./http.ts";
import { refusalText } from "./refusal-text.ts";
import { serverText } from "./server-text.ts";

/*
 * CARTO's REST API for OAuth clients: this file knows its paths and methods, credentials-wire.ts its members, and no other file knows
 * either. CARTO publishes no reference for it: host, paths, methods and fields are assumed, and written down in docs/credentials-api.yaml.
 */

const PAGE_SIZE = 100;

const CODE_OF_STATUS: Record<number, CartoErrorCode> = {
  400: "invalid_request",
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
};

/** What came of a create. */
export interface Creation {
  /** With its secret. */
  client: OAuthClient;
  /** Whether it had been created under this key before. */
  existed: boolean;
  /** Whether an earlier attempt of the request may have created one, too: its answer was lost. */
  repeated: boolean;
}

/** The five calls on OAuth clients, for the calling user. All throw what {@link Http.request} throws as well. */
export class CredentialsApi {
  readonly #url: string;
  readonly #token: AccessToken;
  readonly #destination: Pick<Credential, "namedBy" | "trust">;

  /**
   * @param baseUrl the tenant's workspace API, without trailing slash
   * @param destination who names that URL, and which hosts are trusted
   */
  constructor(baseUrl: string, token: AccessToken, destination: Pick<Credential, "namedBy" | "trust">) {
    this.#url = `${baseUrl}/credentials/oauth-clients`;
    this.#token = token;
    this.#destination = destination;
  }

  /** All clients of the calling user, oldest first, without secrets: one call per 100. */
  async list(): Promise<OAuthClient[]> {
    const clients: OAuthClient[] = [];
    for (let page = 1; ; page++) {
      const answer = await this.#call({
        subject: "Listing OAuth clients",
        method: "GET",
        url: `${this.#url}?page=${page}&page_size=${PAGE_SIZE}`,
        repeatable: true,
      });
      const { data, page_size: size, total } = this.#parse(WirePage, answer, "Listing OAuth clients");
      clients.push(...data.map(toModel));
      if (clients.length >= total || data.length < size) return clients;
    }
  }

  /**
   * @param name of the client where it is known, for messages
   * @returns the client with its secret; undefined when the calling user has no such client
   */
  async get(clientId: string, name?: string): Promise<OAuthClient | undefined> {
    const subject = `Reading ${title(clientId, name)}`;
    try {
      const answer = await this.#call({ subject, method: "GET", url: this.#urlOf(clientId), repeatable: true });
      return toModel(this.#parse(WireClient, answer, subject));
    } catch (error) {
      if (error instanceof CartoError && error.code === "not_found") return undefined;
      throw error;
    }
  }

  /**
   * @param key the idempotency key; undefined where the API is said not to honour one
   * @throws CartoError `conflict` When the key created a client that was declared otherwise; it names that client.
   * @throws CartoError `create_unconfirmed` When the answer was lost and nothing says whether the client exists.
   */
  async create(client: NewClient, key: string | undefined): Promise<Creation> {
    const subject = `Creating the ${client.kind === "spa" ? "SPA" : "M2M"} OAuth client ${JSON.stringify(client.name)}`;
    const request: HttpRequest = {
      subject,
      method: "POST",
      url: this.#url,
      headers: key === undefined ? {} : { "idempotency-key": key },
      body: JSON.stringify({ type: client.kind, ...toWire(client) }),
      repeatable: key !== undefined,
    };
    try {
      const answer = await this.#call(request);
      const created = toModel(this.#parse(WireClient.required({ client_secret: true }), answer, subject));
      return { client: created, existed: answer.status === 200, repeated: answer.unconfirmed };
    } catch (error) {
      const lost = error instanceof CartoError && error.unconfirmed;
      throw key === undefined && lost ? unconfirmed(subject, error) : error;
    }
  }

  /**
   * @param name of the client before the change, for messages
   * @throws CartoError `not_found` When the calling user has no such client.
   */
  async update(clientId: string, change: ClientChange, name?: string): Promise<OAuthClient> {
    const subject = `Updating ${title(clientId, name)}`;
    const answer = await this.#call({
      subject,
      method: "PATCH",
      url: this.#urlOf(clientId),
      body: JSON.stringify(toWire(change)),
      repeatable: true, // every member is set whole
    });
    return toModel(this.#parse(WireClient, answer, subject));
  }

  /**
   * @param name of the client where it is known, for messages
   * @returns whether there was such a client of the calling user
   */
  async delete(clientId: string, name?: string): Promise<boolean> {
    try {
      await this.#call({
        subject: `Deleting ${title(clientId, name)}`,
        method: "DELETE",
        url: this.#urlOf(clientId),
        repeatable: true,
      });
      return true;
    } catch (error) {
      if (error instanceof CartoError && error.code === "not_found") return false;
      throw error;
    }
  }

  #urlOf(clientId: string): string {
    return `${this.#url}/${encodeURIComponent(clientId)}`;
  }

  async #call(request: HttpRequest): Promise<HttpAnswer> {
    const json = request.body === undefined ? {} : { "content-type": "application/json" };
    const sent = { ...request, headers: { ...request.headers, ...json } };
    const answer = await this.#token.send(sent, this.#destination);
    if (answer.status < 400) return answer;
    // Where no client was named, 404 speaks of the API itself.
    const apiUrl = request.url.startsWith(`${this.#url}/`) ? undefined : this.#url;
    throw refusal(request.subject, answer, apiUrl, this.#token.secrets());
  }

  #parse<T>(schema: z.ZodType<T>, answer: HttpAnswer, subject: string): T {
    const parsed = schema.safeParse(answer.body);
    if (parsed.success) return parsed.data;
    const paths = parsed.error.issues.map((issue) => issue.path.join(".") || "the body").join(", ");
    throw new CartoError(
      "unexpected_answer",
      `${subject}: the answer breaks the assumed contract at ${paths}. Compare docs/credentials-api.yaml with your tenant (README, "What is assumed").`,
      { status: answer.status, unconfirmed: true },
    );
  }
}

function title(clientId: string, name: string | undefined): string {
  return `OAuth client ${clientId}${name === undefined ? "" : ` (${JSON.stringify(name)})`}`;
}

/** @param secrets that a server may not make a message show */
function refusal(
  subject: string,
  { status, body, unconfirmed }: HttpAnswer,
  apiUrl: string | undefined,
  secrets: readonly string[],
): CartoError {
  const wire = WireError.safeParse(body);
  const { error, client_id: clientId, issues = [], ...texts } = wire.success ? wire.data : { error: "" };
  const said = serverText(texts.description ?? texts.error_description, secrets);
  const description = said === undefined ? "" : ` The server says: ${said}`;
  if (status === 404 && apiUrl !== undefined) {
    const what = `there is no OAuth clients API at ${apiUrl} (404). Check carto:credentialsUrl, or unset it to have it discovered.`;
    return new CartoError("unexpected_answer", `${subject}: ${what}${description}`, { status });
  }
  const code = error === "plan_required" ? "plan_required" : (CODE_OF_STATUS[status] ?? "unexpected_answer");
  const reasons = issues.map(
    ({ path, message }) => `${propertyOf(path)}: ${serverText(message, secrets) ?? "refused"}`,
  );
  return new CartoError(code, `${subject}: ${refusalText(code, status, reasons)}${description}`, {
    status,
    unconfirmed,
    ...(clientId !== undefined && { clientId }),
  });
}

function unconfirmed(subject: string, cause: unknown): CartoError {
  return new CartoError(
    "create_unconfirmed",
    `${subject}: no usable answer came, so the client may exist. Look for it with \`pulumi-carto unmanaged\`, delete or import it, then run again.`,
    { cause },
  );
}
