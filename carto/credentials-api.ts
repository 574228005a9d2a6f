import type { OAuthClient } from "../kinds/oauth-client/oauth-client.ts";
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
import type { CartoError } from "./errors.ts";
import { type RefusalTexts, refusalError } from "./refusal.ts";
import { type ApiPlace, type Refused, RestApi } from "./rest-api.ts";
import { serverText } from "./server-text.ts";

/*
 * CARTO's REST API for OAuth clients: this file knows its paths and methods, credentials-wire.ts its members, and no other file knows
 * either. CARTO publishes no reference for it: host, paths, methods and fields are assumed, and written down in docs/credentials-api.yaml.
 */

/** The five calls on OAuth clients, for the calling user. All throw what {@link RestApi.call} throws as well. */
export class CredentialsApi {
  readonly #api: RestApi;

  constructor(place: ApiPlace) {
    const contract = "docs/credentials-api.yaml";
    this.#api = new RestApi({ ...place, api: "oauth-clients", contract, refusal });
  }

  /** All clients of the calling user, oldest first, without secrets: one call per 100. */
  async list(): Promise<OAuthClient[]> {
    return (await this.#api.list("Listing OAuth clients", WirePage, ({ client_id: id }) => id)).map(toModel);
  }

  /**
   * @param name of the client where it is known, for messages
   * @returns the client with its secret; undefined when the calling user has no such client
   */
  async get(clientId: string, name?: string): Promise<OAuthClient | undefined> {
    const client = await this.#api.get(`Reading ${title(clientId, name)}`, clientId, WireClient);
    return client && toModel(client);
  }

  /**
   * @param key the idempotency key; undefined where the API is said not to honour one
   * @throws CartoError `conflict` When the key created a client that was declared otherwise; it names that client.
   * @throws CartoError `create_unconfirmed` When the answer was lost and nothing says whether the client exists.
   */
  async create(
    client: NewClient,
    key: string | undefined,
  ): Promise<{ created: OAuthClient; existed: boolean; repeated: boolean }> {
    const create = {
      subject: `Creating the ${client.kind === "spa" ? "SPA" : "M2M"} OAuth client ${JSON.stringify(client.name)}`,
      body: JSON.stringify({ type: client.kind, ...toWire(client) }),
      schema: WireClient.required({ client_secret: true }),
      noun: "client",
      search: "with `pulumi-carto unmanaged`",
    };
    const { created, ...how } = await this.#api.create(create, key);
    return { created: toModel(created), ...how };
  }

  /**
   * @param name of the client before the change, for messages
   * @throws CartoError `not_found` When the calling user has no such client.
   */
  async update(clientId: string, change: ClientChange, name?: string): Promise<OAuthClient> {
    return toModel(await this.#api.update(`Updating ${title(clientId, name)}`, clientId, toWire(change), WireClient));
  }

  /**
   * @param name of the client where it is known, for messages
   * @returns whether there was such a client of the calling user
   */
  delete(clientId: string, name?: string): Promise<boolean> {
    return this.#api.delete(`Deleting ${title(clientId, name)}`, clientId);
  }
}

function title(clientId: string, name: string | undefined): string {
  return `OAuth client ${clientId}${name === undefined ? "" : ` (${JSON.stringify(name)})`}`;
}

const TEXTS: RefusalTexts = {
  noApi: (apiUrl) =>
    `there is no OAuth clients API at ${apiUrl} (404). Check carto:credentialsUrl, or unset it to have it discovered.`,
  words: {
    plan_required:
      "the organization's plan does not include M2M OAuth clients (403). CARTO offers them from Enterprise Large on.",
    not_found:
      "the calling user has no such client (404). It was deleted, or belongs to another user. After a deletion run `pulumi refresh`.",
    conflict:
      "the idempotency key was used for another declaration (409). Run `pulumi up` again; if the error persists, look for the client with `pulumi-carto unmanaged`.",
  },
  propertyOf,
};

function refusal(refused: Refused): CartoError {
  const wire = WireError.safeParse(refused.answer.body);
  const { error, client_id: existingId, ...texts } = wire.success ? wire.data : { error: "" };
  const said = serverText(texts.description ?? texts.error_description, refused.secrets);
  return refusalError(refused, TEXTS, {
    existingId,
    ...(error === "plan_required" && { code: "plan_required" }),
    said,
  });
}
