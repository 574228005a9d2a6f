import { KINDS } from "../kinds/index.ts";
import { type CheckedInputs, propertiesAtCarto } from "../kinds/inputs.ts";
import type { Properties } from "../kinds/kind.ts";
import type { ClientKind, OAuthClient } from "../kinds/oauth-client/oauth-client.ts";
import type { CredentialsApi } from "./credentials-api.ts";
import { CartoError } from "./errors.ts";
import type { Clock } from "./http.ts";
import type { Creation, Known, ResourceApi } from "./resource-api.ts";
import { readUntil, SETTLING_MS } from "./settling.ts";

/** OAuth clients of one kind as the lifecycle needs them. Their API honours idempotency keys. */
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
    const started = this.#clock.now();
    const { client, existed, repeated } = await this.#createOrFind(inputs, this.keyed ? key : undefined);
    const twins = repeated && !existed ? await this.#twinsOf(client, this.#clock.now() - started) : [];
    return { resource: client, existed, repeated, twins };
  }

  update(clientId: string, change: Properties, { name }: Known): Promise<OAuthClient> {
    return this.#api.update(clientId, change, name);
  }

  delete(clientId: string, { name }: Known): Promise<boolean> {
    return this.#api.delete(clientId, name);
  }

  async #createOrFind(inputs: CheckedInputs, key: string | undefined) {
    const kind = this.#kind;
    try {
      return await this.#api.create({ kind, name: inputs.name, ...propertiesAtCarto(KINDS[kind], inputs) }, key);
    } catch (error) {
      if (!(error instanceof CartoError && error.code === "conflict" && error.clientId)) throw error;
      const { clientId } = error;
      const settled = this.#clock.now() + SETTLING_MS;
      const client = await readUntil(
        () => this.#api.get(clientId, inputs.name),
        this.#clock,
        settled,
        (found) => found !== undefined,
      );
      if (!client) throw error;
      if (client.clientSecret !== undefined) return { client, existed: true, repeated: false };
      throw new CartoError(
        "unexpected_answer",
        `OAuth client ${client.id} (${JSON.stringify(client.name)}) was left by an interrupted create and cannot be taken over: CARTO does not tell its client secret. Delete it at CARTO, then run again.`,
      );
    }
  }

  /**
   * Under a key that CARTO honours, a create that was sent again finds the client of the lost answer. If it made another
   * one, then none had been made, or CARTO does not honour keys, which it nowhere says that it does.
   */
  async #twinsOf(client: OAuthClient, tookMs: number): Promise<OAuthClient[]> {
    const looks = (found: OAuthClient) => JSON.stringify([found.kind, propertiesAtCarto(KINDS[found.kind], found)]);
    // Only a warning is at stake: the client is there, and must get into the state.
    const listed = await this.#api.list().catch(() => []);
    return listed.filter(
      (found) =>
        found.id !== client.id &&
        looks(found) === looks(client) &&
        Math.abs(Date.parse(found.createdAt) - Date.parse(client.createdAt)) <= tookMs,
    );
  }
}
