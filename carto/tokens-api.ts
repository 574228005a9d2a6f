import { z } from "zod";
import type { CartoErrorCode } from "../error/error-code.ts";
import type { ApiAccessToken } from "../kinds/api-access-token/api-access-token.ts";
import { readCartoName } from "../kinds/api-access-token/carto-name.ts";
import { fingerprint } from "../kinds/api-access-token/fingerprint.ts";
import type { AccessToken } from "./access-token.ts";
import { CartoError } from "./errors.ts";
import type { Credential, HttpAnswer, HttpRequest } from "./http.ts";
import { serverText } from "./server-text.ts";

/*
 * The one file that knows CARTO's Tokens API. CARTO documents its paths, methods and requests; what is assumed, the shape of answers
 * above all, is marked in docs/tokens-api.yaml. Paths hold tokens, so no message may name a URL of this API.
 */

const WireToken = z.object({
  token: z.string().min(1).optional(),
  name: z.string(),
  grants: z.array(z.object({ connection_name: z.string(), source: z.string().optional() })),
  referers: z.array(z.string()).nullish(),
  allowed_apis: z.array(z.string()),
  expiration_date: z.string().nullish(),
  owner_id: z.string().optional(),
  created_at: z.string().optional(),
});
const WireList = z.object({ data: z.array(WireToken) });
const WireError = z.object({ issues: z.array(z.object({ path: z.string(), message: z.string() })).optional() });

const CODE_OF_STATUS: Record<number, CartoErrorCode> = {
  400: "invalid_request",
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
};

/** What may be changed of a token; members left out stay as they are. */
export type TokenChange = Partial<Pick<ApiAccessToken, "cartoName" | "grants" | "allowedApis" | "referers">>;

/** What to create. */
export type NewToken = Required<TokenChange> & Pick<ApiAccessToken, "expirationDate">;

/** The five calls on API Access Tokens, for the calling user. All throw what {@link Http.request} throws as well. */
export class TokensApi {
  readonly #url: string;
  readonly #token: AccessToken;
  readonly #destination: Pick<Credential, "namedBy" | "trust">;

  /**
   * @param baseUrl the tenant's API, without trailing slash
   * @param destination who names that URL, and which hosts are trusted
   */
  constructor(baseUrl: string, token: AccessToken, destination: Pick<Credential, "namedBy" | "trust">) {
    this.#url = `${baseUrl}/v3/tokens`;
    this.#token = token;
    this.#destination = destination;
  }

  /** All tokens of the calling user, oldest first, in one call. */
  async list(): Promise<ApiAccessToken[]> {
    const subject = "Listing API Access Tokens";
    const answer = await this.#call({ subject, method: "GET", url: this.#url, repeatable: true });
    return this.#parse(WireList, answer, subject).data.map(toModel);
  }

  /**
   * @param name for messages
   * @returns undefined when the calling user has no such token
   */
  async get(token: string, name: string): Promise<ApiAccessToken | undefined> {
    const subject = `Reading ${title(token, name)}`;
    try {
      const answer = await this.#call({ subject, method: "GET", url: this.#urlOf(token), repeatable: true });
      return toModel(this.#parse(WireToken, answer, subject));
    } catch (error) {
      if (error instanceof CartoError && error.code === "not_found") return undefined;
      throw error;
    }
  }

  /**
   * Never sent again once it may have arrived: there is no idempotency key.
   *
   * @throws CartoError `conflict` When another token has the name.
   */
  async create(token: NewToken): Promise<ApiAccessToken & { token: string }> {
    const subject = `Creating the API Access Token ${JSON.stringify(token.cartoName)}`;
    const body = JSON.stringify(toWire(token));
    const answer = await this.#call({ subject, method: "POST", url: this.#url, body, repeatable: false });
    const created = toModel(this.#parse(WireToken.required({ token: true }), answer, subject));
    return { ...created, token: created.token ?? "" };
  }

  /**
   * @param name for messages
   * @throws CartoError `not_found` When the calling user has no such token.
   */
  async update(token: string, change: TokenChange, name: string): Promise<ApiAccessToken> {
    const subject = `Updating ${title(token, name)}`;
    const body = JSON.stringify(toWire(change));
    // Every member is set whole.
    const answer = await this.#call({ subject, method: "PATCH", url: this.#urlOf(token), body, repeatable: true });
    return toModel(this.#parse(WireToken, answer, subject));
  }

  /**
   * @param name for messages
   * @returns whether there was such a token of the calling user
   */
  async delete(token: string, name: string): Promise<boolean> {
    const subject = `Deleting ${title(token, name)}`;
    try {
      await this.#call({ subject, method: "DELETE", url: this.#urlOf(token), repeatable: true });
      return true;
    } catch (error) {
      if (error instanceof CartoError && error.code === "not_found") return false;
      throw error;
    }
  }

  #urlOf(token: string): string {
    return `${this.#url}/${encodeURIComponent(token)}`;
  }

  async #call(request: HttpRequest): Promise<HttpAnswer> {
    const json = request.body === undefined ? {} : { "content-type": "application/json" };
    const answer = await this.#token.send({ ...request, headers: json }, this.#destination);
    if (answer.status < 400) return answer;
    // The path holds a token, which a server may not make a message show either.
    const inPath = request.url === this.#url ? [] : [decodeURIComponent(request.url.slice(this.#url.length + 1))];
    throw refusal(request.subject, answer, request.url === this.#url, [...this.#token.secrets(), ...inPath]);
  }

  #parse<T>(schema: z.ZodType<T>, answer: HttpAnswer, subject: string): T {
    const parsed = schema.safeParse(answer.body);
    if (parsed.success) return parsed.data;
    const paths = parsed.error.issues.map((issue) => issue.path.join(".") || "the body").join(", ");
    throw new CartoError(
      "unexpected_answer",
      `${subject}: the answer breaks the assumed contract at ${paths}. Compare docs/tokens-api.yaml with your tenant.`,
      { status: answer.status },
    );
  }
}

function toModel(wire: z.infer<typeof WireToken>): ApiAccessToken {
  return {
    id: wire.token === undefined ? "" : fingerprint(wire.token),
    token: wire.token,
    name: readCartoName(wire.name).name,
    cartoName: wire.name,
    // A grant without source reads every table.
    grants: wire.grants.map(({ connection_name: connectionName, source = "*" }) => ({ connectionName, source })),
    // Cast: an API that this version does not know is shown as it is.
    allowedApis: wire.allowed_apis as ApiAccessToken["allowedApis"],
    referers: wire.referers ?? [],
    ...(wire.expiration_date != null && { expirationDate: wire.expiration_date }),
    ownerId: wire.owner_id,
    createdAt: wire.created_at,
  };
}

function toWire({
  cartoName,
  grants,
  allowedApis,
  referers,
  expirationDate,
}: TokenChange & { expirationDate?: string | undefined }) {
  return {
    ...(cartoName !== undefined && { name: cartoName }),
    ...(grants && {
      grants: grants.map(({ connectionName, source }) => ({ connection_name: connectionName, source: source.trim() })),
    }),
    ...(allowedApis && { allowed_apis: allowedApis }),
    ...(referers && { referers }),
    ...(expirationDate !== undefined && { expiration_date: expirationDate }),
  };
}

function title(token: string, name: string): string {
  return `API Access Token ${fingerprint(token)} (${JSON.stringify(name)})`;
}

/** @param secrets that a server may not make a message show */
function refusal(
  subject: string,
  { status, body }: HttpAnswer,
  onCollection: boolean,
  secrets: readonly string[],
): CartoError {
  if (status === 404 && onCollection) {
    const what =
      "there is no Tokens API under the tenant's API base URL (404). Check carto:tenantDomain or carto:apiUrl.";
    return new CartoError("unexpected_answer", `${subject}: ${what}`, { status });
  }
  const code = CODE_OF_STATUS[status] ?? "unexpected_answer";
  const wire = WireError.safeParse(body);
  const issues = (wire.success ? wire.data.issues : undefined) ?? [];
  const reasons = issues.map(
    ({ path, message }) =>
      `${propertyOf(serverText(path, secrets) ?? "")}: ${serverText(message, secrets) ?? "refused"}`,
  );
  return new CartoError(code, `${subject}: ${refusalText(code, status, reasons)}`, { status });
}

function refusalText(code: CartoErrorCode, status: number, reasons: readonly string[]): string {
  switch (code) {
    case "invalid_request":
      return `CARTO refused the request (400)${reasons.length ? `: ${reasons.join("; ")}` : ""}. Correct the declaration.`;
    case "unauthorized":
      return "the access token was refused (401). The Tokens API takes OAuth access tokens only, not API Access Tokens.";
    case "forbidden":
      return "the calling user may not do this (403). Use the credentials of an Editor or above.";
    case "not_found":
      return "the calling user has no such token (404). It was deleted, or belongs to another user. After a deletion run `pulumi refresh`.";
    case "conflict":
      return "another token has this name (409).";
    default:
      return `CARTO answered ${status}, which the assumed contract does not know.`;
  }
}

/** `grants[0].connection_name` as the user wrote it. */
function propertyOf(path: string): string {
  return path
    .replace(/^allowed_apis/, "allowedApis")
    .replace(/^expiration_date/, "expirationDate")
    .replace(/connection_name$/, "connectionName");
}
