import { KINDS } from "../kinds/index.ts";
import { type CheckedInputs, propertiesAtCarto } from "../kinds/inputs.ts";
import type { Properties } from "../kinds/kind.ts";
import type { ClientKind, OAuthClient } from "../kinds/oauth-client/oauth-client.ts";
import type { CredentialsApi } from "./credentials-api.ts";
import { CartoError } from "./errors.ts";
import type { Clock } from "./http.ts";
import { createOnce } from "./keyed-create.ts";
import type { Creation, Known, ResourceApi } from "./resource-api.ts";

/** OAuth clients of one kind, as the lifecycle uses them. Their API honours idempotency keys. */
export class ClientResources implements ResourceApi {
  readonly keyed: boolean;
  readonly listsWhole = false;
  readonly #kind: ClientKind;
  readonly #api: CredentialsApi;
  readonly #clock: Pick<Clock, "now" | "sleep">;

  /** @param keyed whether the API is said to honour keys */
  constructor(kind: ClientKind, api: CredentialsApi, clock: Pick<Clock, "now" | "sleep">, keyed: boolean) {
    this.#kind = kind;
    this.#api = api;
    this.#clock = clock;
    this.keyed = keyed;
  }

  async get(clientId: string, { name }: Known): Promise<OAuthClient | undefined> {
    const client = await this.#api.get(clientId, name);
    if (client === undefined || client.kind === this.#kind) return client;
    const [is, asked] = this.#kind === "spa" ? ["M2M", "SPA"] : ["SPA", "M2M"];
    throw new CartoError(
      "invalid_request",
      `OAuth client ${clientId} is of kind ${is}, not ${asked}. Use ${is === "SPA" ? "SpaOAuthClient" : "M2mOAuthClient"} for it.`,
    );
  }

  async create(inputs: CheckedInputs, key: string | undefined): Promise<Creation> {
    const kind = this.#kind;
    const declared = { kind, name: inputs.name, ...propertiesAtCarto(KINDS[kind], inputs) };
    const api = {
      create: () => this.#api.create(declared, this.keyed ? key : undefined),
      get: (id: string) => this.#api.get(id, inputs.name),
      list: () => this.#api.list(),
    };
    const creation = await createOnce(({ kind }: OAuthClient) => kind, api, this.#clock);
    const { id, name, clientSecret } = creation.resource;
    if (clientSecret !== undefined) return creation;
    throw new CartoError(
      "unexpected_answer",
      `OAuth client ${id} (${JSON.stringify(name)}) was left by an interrupted create and cannot be adopted, because CARTO does not return its client secret. Delete it at CARTO, then run again.`,
    );
  }

  update(clientId: string, change: Properties, { name }: Known): Promise<OAuthClient> {
    return this.#api.update(clientId, change, name);
  }

  delete(clientId: string, { name }: Known): Promise<boolean> {
    return this.#api.delete(clientId, name);
  }
}
