import { z } from "zod";
import type { ApiAccessToken } from "../kinds/api-access-token/api-access-token.ts";
import { readCartoName } from "../kinds/api-access-token/carto-name.ts";
import { fingerprint } from "../kinds/api-access-token/fingerprint.ts";
import { type RefusalTexts, refusalError } from "./refusal.ts";
import { type ApiPlace, RestApi } from "./rest-api.ts";

/*
 * CARTO's Tokens API. CARTO documents its paths, methods and requests; what is assumed, the shape of answers above all, is marked in
 * docs/tokens-api.yaml. Paths hold tokens, so no message may name a URL of this API.
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

/** What may be changed of a token; members left out stay as they are. */
export type TokenChange = Partial<Pick<ApiAccessToken, "cartoName" | "grants" | "allowedApis" | "referers">>;

/** What to create. */
export type NewToken = Required<TokenChange> & Pick<ApiAccessToken, "expirationDate">;

/** The five calls on API Access Tokens, for the calling user. All throw what {@link RestApi.call} throws as well. */
export class TokensApi {
  readonly #api: RestApi;

  constructor(place: ApiPlace) {
    const contract = "docs/tokens-api.yaml";
    this.#api = new RestApi({
      ...place,
      api: "api-access-tokens",
      contract,
      refusal: (refused) => refusalError(refused, TEXTS),
    });
  }

  /** All tokens of the calling user, oldest first, in one call. */
  async list(): Promise<ApiAccessToken[]> {
    const subject = "Listing API Access Tokens";
    const answer = await this.#api.call({ subject, method: "GET", url: this.#api.url, repeatable: true });
    return this.#api.parse(WireList, answer, subject).data.map(toModel);
  }

  /**
   * @param name for messages
   * @returns undefined when the calling user has no such token
   */
  async get(token: string, name: string): Promise<ApiAccessToken | undefined> {
    const found = await this.#api.get(`Reading ${title(token, name)}`, token, WireToken);
    return found && toModel(found);
  }

  /**
   * Never sent again once it may have arrived: there is no idempotency key.
   *
   * @throws CartoError `conflict` When another token has the name.
   */
  async create(token: NewToken): Promise<ApiAccessToken & { token: string }> {
    const subject = `Creating the API Access Token ${JSON.stringify(token.cartoName)}`;
    const body = JSON.stringify(toWire(token));
    const answer = await this.#api.call({
      subject,
      method: this.#api.methodOf("create"),
      url: this.#api.url,
      body,
      repeatable: false,
    });
    const created = toModel(this.#api.parse(WireToken.required({ token: true }), answer, subject));
    return { ...created, token: created.token ?? "" };
  }

  /**
   * @param name for messages
   * @throws CartoError `not_found` When the calling user has no such token.
   */
  async update(token: string, change: TokenChange, name: string): Promise<ApiAccessToken> {
    return toModel(await this.#api.update(`Updating ${title(token, name)}`, token, toWire(change), WireToken));
  }

  /**
   * @param name for messages
   * @returns whether there was such a token of the calling user
   */
  delete(token: string, name: string): Promise<boolean> {
    return this.#api.delete(`Deleting ${title(token, name)}`, token);
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

const TEXTS: RefusalTexts = {
  noApi: () =>
    "there is no Tokens API under the tenant's API base URL (404). Check carto:tenantDomain or carto:apiUrl.",
  words: {
    unauthorized:
      "the access token was refused (401). The Tokens API takes OAuth access tokens only, not API Access Tokens.",
    not_found:
      "the calling user has no such token (404). It was deleted, or belongs to another user. After a deletion run `pulumi refresh`.",
    conflict: "another token has this name (409).",
  },
  propertyOf,
};

/** `grants[0].connection_name` as the user wrote it. */
function propertyOf(path: string): string {
  return path
    .replace(/^allowed_apis/, "allowedApis")
    .replace(/^expiration_date/, "expirationDate")
    .replace(/connection_name$/, "connectionName");
}
