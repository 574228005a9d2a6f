import { randomUUID } from "node:crypto";
import { type CheckedInputs, differenceAtCarto, inputsOf, type LocalSettings } from "./client-inputs.ts";
import { ownClientId } from "./configuration.ts";
import { CartoError } from "./errors.ts";
import { isSuccessor } from "./idempotency-keys.ts";
import type { ClientKind, OAuthClient, SpaUrls } from "./oauth-client.ts";
import { refuseIfProtected } from "./protection.ts";
import type { Tenant } from "./tenant.ts";

/** A client's outputs, as the state keeps them. */
export interface ClientState extends Partial<SpaUrls>, LocalSettings {
  name: string;
  clientId: string;
  clientSecret?: string;
  ownerId: string;
  createdAt: string;
  updatedAt: string;
  /** Only once the client has replaced another: see {@link isSuccessor}. */
  idempotencyKey?: string;
}

/** A read may not see a client this young everywhere yet: it is not taken for deleted. */
const SETTLING_MS = 10_000;
const SETTLING_PAUSE_MS = 500;

/** Created at CARTO, but not brought to the declared state: the engine must keep it. */
export class CreatedButUnfinished extends Error {
  readonly id: string;
  readonly properties: ClientState;
  readonly reasons: string[];

  constructor(state: ClientState, cause: Error) {
    super(cause.message, { cause });
    this.id = state.clientId;
    this.properties = state;
    this.reasons = [cause.message];
  }
}

/** Create, read, update and delete of both kinds, for one tenant. */
export class Lifecycle {
  readonly #tenant: Tenant;
  /** Clients that a create of this process found already there. */
  readonly #adopted = new Set<string>();

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
  }

  /**
   * Creates the client, or takes the one that an interrupted create under the same key has left, and brings it to the
   * declared state.
   *
   * @throws CreatedButUnfinished When the client exists but differs from the declaration.
   */
  async create(kind: ClientKind, inputs: CheckedInputs): Promise<ClientState> {
    const api = await this.#tenant.api();
    const key = this.#tenant.configuration.idempotencyKeys ? (inputs.idempotencyKey ?? randomUUID()) : undefined;
    const { client, existed } = await this.#createOrFind(kind, inputs, key);
    this.#tenant.listing.forget();
    if (!existed) return stateOf(client, inputs);
    this.#adopted.add(client.clientId);
    const difference = differenceAtCarto(inputsOf(client, {}), inputs);
    if (Object.keys(difference).length === 0) return stateOf(client, inputs);
    try {
      return stateOf({ ...client, ...(await api.update(client.clientId, difference)) }, inputs);
    } catch (error) {
      throw new CreatedButUnfinished(stateOf(client, inputs), error as Error);
    }
  }

  /**
   * @param state what the state holds; empty for a client that is looked up by its ID
   * @returns the client's state; undefined when it is gone for good
   * @throws CartoError `invalid_request` When the client is of the other kind.
   */
  async read(kind: ClientKind, clientId: string, state: Partial<ClientState>): Promise<ClientState | undefined> {
    const listed = state.updatedAt && state.clientSecret ? await this.#tenant.listing.find(clientId) : undefined;
    const client = listed && listed.updatedAt === state.updatedAt ? listed : await this.#get(clientId, state);
    if (!client) {
      if (state.clientId === undefined) throw unseen(clientId);
      await this.#refuseUnlessOwner(clientId, state);
      return undefined;
    }
    if (client.kind !== kind) {
      const [is, asked] = kind === "spa" ? ["M2M", "SPA"] : ["SPA", "M2M"];
      throw new CartoError(
        "invalid_request",
        `OAuth client ${clientId} is of kind ${is}, not ${asked}. Use ${is === "SPA" ? "SpaOAuthClient" : "M2mOAuthClient"} for it.`,
      );
    }
    const { clientSecret } = state;
    return stateOf({ ...(clientSecret !== undefined && { clientSecret }), ...client }, state);
  }

  /** Sends what differs, and nothing when only the provider's own settings do. */
  async update(clientId: string, olds: ClientState, news: CheckedInputs): Promise<ClientState> {
    const current = clientOf(olds);
    const difference = differenceAtCarto(olds, news);
    if (Object.keys(difference).length === 0) return stateOf(current, news);
    const api = await this.#tenant.api();
    this.#tenant.listing.forget();
    try {
      return stateOf({ ...current, ...(await api.update(clientId, difference)) }, news);
    } catch (error) {
      if (error instanceof CartoError && error.code === "not_found") await this.#refuseUnlessOwner(clientId, olds);
      throw error;
    }
  }

  /** Deletes the client. It is no error when it is gone already. */
  async delete(clientId: string, state: ClientState): Promise<void> {
    // The create that was to replace it was answered with this very client: deleting it would leave none.
    if (this.#adopted.has(clientId)) return;
    refuseIfProtected("delete", clientId, state, ownClientId(this.#tenant.configuration));
    const api = await this.#tenant.api();
    this.#tenant.listing.forget();
    if (!(await api.delete(clientId))) await this.#refuseUnlessOwner(clientId, state);
  }

  async #createOrFind(kind: ClientKind, inputs: CheckedInputs, key: string | undefined) {
    const api = await this.#tenant.api();
    const urls = urlsOf(inputs);
    try {
      return await api.create({ kind, name: inputs.name, ...(urls && { urls }) }, key);
    } catch (error) {
      if (!(error instanceof CartoError && error.code === "conflict" && error.clientId)) throw error;
      const client = await api.get(error.clientId);
      if (client) return { client, existed: true };
      throw error;
    }
  }

  /** Reads one client, and again while what comes is older than the state: reads may lag behind writes. */
  async #get(clientId: string, state: Partial<ClientState>): Promise<OAuthClient | undefined> {
    const { clock } = this.#tenant;
    const api = await this.#tenant.api();
    const youngest = Math.max(...[state.createdAt, state.updatedAt].map((time) => (time ? Date.parse(time) : 0)));
    for (;;) {
      const client = await api.get(clientId);
      const stale = client ? Date.parse(client.updatedAt) < youngest : youngest > 0;
      if (!stale || Math.abs(clock.now() - youngest) > SETTLING_MS) return client;
      await clock.sleep(SETTLING_PAUSE_MS);
    }
  }

  /**
   * A client that cannot be seen is gone only if its owner says so: to anyone else it looks just the same, and the
   * wrong credentials must never recreate every client.
   */
  async #refuseUnlessOwner(clientId: string, { ownerId, name }: Partial<ClientState>): Promise<void> {
    if (ownerId === undefined) return;
    const { userId } = await this.#tenant.caller();
    if (userId === ownerId) return;
    throw new CartoError(
      "not_owner",
      `OAuth client ${clientId}${name ? ` (${JSON.stringify(name)})` : ""} belongs to ${ownerId}, but the credentials from ` +
        `${this.#tenant.configuration.credentials?.source ?? "nowhere"} are those of ${userId}, who cannot see it. ` +
        "It is not taken for deleted. Use the owner's credentials.",
    );
  }
}

function unseen(clientId: string): CartoError {
  return new CartoError(
    "not_found",
    `OAuth client ${clientId} cannot be looked up: the calling user has no such client. Check the client ID, and use its owner's credentials.`,
  );
}

function urlsOf(inputs: Partial<SpaUrls>): SpaUrls | undefined {
  const { applicationLoginUrl, allowedCallbackUrls, allowedLogoutUrls, allowedWebOrigins, allowedOrigins } = inputs;
  if (applicationLoginUrl === undefined) return undefined;
  return { applicationLoginUrl, allowedCallbackUrls, allowedLogoutUrls, allowedWebOrigins, allowedOrigins } as SpaUrls;
}

function clientOf({ name, clientId, clientSecret, ownerId, createdAt, updatedAt, ...state }: ClientState): OAuthClient {
  const urls = urlsOf(state);
  return {
    kind: urls ? "spa" : "m2m",
    ...{ name, clientId, ownerId, createdAt, updatedAt },
    ...(urls && { urls }),
    ...(clientSecret !== undefined && { clientSecret }),
  };
}

/** @param before inputs or state, for what CARTO does not keep: the order of lists and the provider's own settings */
function stateOf(client: OAuthClient, before: Partial<CheckedInputs>): ClientState {
  const { clientId, clientSecret, ownerId, createdAt, updatedAt } = client;
  const key = before.idempotencyKey;
  return {
    ...inputsOf(client, before),
    clientId,
    ...(clientSecret !== undefined && { clientSecret }),
    ...{ ownerId, createdAt, updatedAt },
    ...(key !== undefined && isSuccessor(key) && { idempotencyKey: key }),
  };
}
