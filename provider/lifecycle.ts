import { randomUUID } from "node:crypto";
import { ownClientId } from "../carto/configuration.ts";
import type { Creation } from "../carto/credentials-api.ts";
import { CartoError } from "../carto/errors.ts";
import type { Tenant } from "../carto/tenant.ts";
import { KINDS } from "../kinds/index.ts";
import { type CheckedInputs, differenceAtCarto, inputsOf, propertiesAtCarto } from "../kinds/inputs.ts";
import type { ClientKind, OAuthClient } from "../kinds/oauth-client/oauth-client.ts";
import { type ClientState, stateOf } from "./client-state.ts";
import type { KnownClients } from "./known-clients.ts";
import { describe, refusal } from "./protection.ts";

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
    this.id = state.id;
    this.properties = state;
    this.reasons = [cause.message];
  }
}

/** Create, read, update and delete of both kinds, for one tenant. */
export class Lifecycle {
  readonly #tenant: Tenant;
  readonly #known: KnownClients;
  readonly #warn: (warning: string) => void;

  constructor(tenant: Tenant, known: KnownClients, warn: (warning: string) => void) {
    this.#tenant = tenant;
    this.#known = known;
    this.#warn = warn;
  }

  /**
   * Creates the client, or takes the one that an interrupted create under the same key has left, and brings it to the
   * declared state.
   *
   * @throws CreatedButUnfinished When the client exists but differs from the declaration.
   * @throws CartoError `conflict` When that client belongs to another resource of the stack.
   */
  async create(kind: ClientKind, inputs: CheckedInputs): Promise<ClientState> {
    const api = await this.#tenant.api();
    const key = this.#tenant.configuration.idempotencyKeys ? (inputs.__key ?? randomUUID()) : undefined;
    const started = this.#tenant.clock.now();
    const { client, existed, repeated } = await this.#createOrFind(kind, inputs, key);
    this.#tenant.listing.forget();
    if (repeated && !existed) await this.#warnOfTwins(client, this.#tenant.clock.now() - started);
    if (!existed) return stateOf(KINDS[kind], client, inputs);
    if (this.#known.isStaying(client.id)) {
      throw new CartoError(
        "conflict",
        `Creating OAuth client ${JSON.stringify(inputs.name)}: the idempotency key of this resource made ${describe(client)} less than 24 hours ago, ` +
          "which another resource of the stack has taken over since (an alias?). Give the new resource another logical name, or run again a day later.",
      );
    }
    this.#known.adopt(client.id);
    const difference = differenceAtCarto(KINDS[kind], inputsOf(KINDS[kind], client, {}), inputs);
    if (Object.keys(difference).length === 0) return stateOf(KINDS[kind], client, inputs);
    try {
      return stateOf(KINDS[kind], { ...client, ...(await api.update(client.id, difference)) }, inputs);
    } catch (error) {
      throw new CreatedButUnfinished(stateOf(KINDS[kind], client, inputs), error as Error);
    }
  }

  /**
   * @param state what the state holds; empty for a client that is looked up by its ID
   * @returns the client's state; undefined when it is gone for good
   * @throws CartoError `invalid_request` When the client is of the other kind; `not_owner` When it may be another
   * user's; `not_found` When it was looked up by its ID and is not there.
   */
  async read(kind: ClientKind, clientId: string, state: Partial<ClientState>): Promise<ClientState | undefined> {
    const listed = state.updatedAt === undefined ? undefined : await this.#tenant.listing.find(clientId);
    const unchanged = listed?.updatedAt === state.updatedAt && state.clientSecret !== undefined;
    const client = (unchanged ? listed : undefined) ?? (await this.#get(clientId, state));
    if (!client) {
      if (state.ownerId === undefined) throw unseen(clientId);
      await this.#refuseUnlessGone(clientId, state);
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
    return stateOf(KINDS[kind], { ...(clientSecret !== undefined && { clientSecret }), ...client }, state);
  }

  /** Sends what differs, and nothing when only the provider's own settings do. */
  async update(kind: ClientKind, clientId: string, olds: ClientState, news: CheckedInputs): Promise<ClientState> {
    const difference = differenceAtCarto(KINDS[kind], olds, news);
    if (Object.keys(difference).length === 0) return stateOf(KINDS[kind], olds, news);
    const api = await this.#tenant.api();
    try {
      return stateOf(KINDS[kind], { ...olds, ...(await api.update(clientId, difference)) }, news);
    } catch (error) {
      if (error instanceof CartoError && error.code === "not_found") await this.#refuseUnlessOwner(clientId, olds);
      throw error;
    } finally {
      this.#tenant.listing.forget();
    }
  }

  /** Deletes the client. It is no error when it is gone already. */
  async delete(clientId: string, state: ClientState): Promise<void> {
    const client = { ...state, id: clientId };
    if (this.#known.isInUse(clientId)) {
      // A create was answered with the very client that it was to replace: deleting it would leave none.
      this.#warn(
        `${describe(client)} was not replaced. CARTO answers a create with the client that the same idempotency key created ` +
          "in the last 24 hours, so --replace and `pulumi state taint` have no effect on one that young. Change rotationTrigger instead.",
      );
      return;
    }
    const reason = refusal("delete", client, ownClientId(this.#tenant.configuration));
    if (reason !== undefined) throw new CartoError("protected", reason);
    const api = await this.#tenant.api();
    if (await api.delete(clientId)) this.#tenant.listing.forget();
    else await this.#refuseUnlessGone(clientId, state);
  }

  /** Ends the connections to CARTO. */
  close(): Promise<void> {
    return this.#tenant.close();
  }

  async #createOrFind(kind: ClientKind, inputs: CheckedInputs, key: string | undefined): Promise<Creation> {
    const api = await this.#tenant.api();
    try {
      return await api.create({ kind, name: inputs.name, ...propertiesAtCarto(KINDS[kind], inputs) }, key);
    } catch (error) {
      if (!(error instanceof CartoError && error.code === "conflict" && error.clientId)) throw error;
      const { clientId } = error;
      const settled = this.#tenant.clock.now() + SETTLING_MS;
      const client = await this.#getUntil(settled, clientId, (found) => found !== undefined);
      if (!client) throw error;
      if (client.clientSecret !== undefined) return { client, existed: true, repeated: false };
      throw new CartoError(
        "unexpected_answer",
        `${describe(client)} was left by an interrupted create and cannot be taken over: CARTO does not tell its client secret. Delete it at CARTO, then run again.`,
      );
    }
  }

  /**
   * Under a key that CARTO honours, a create that was sent again finds the client of the lost answer. If it made another
   * one, then none had been made, or CARTO does not honour keys, which it nowhere says that it does.
   */
  async #warnOfTwins(client: OAuthClient, tookMs: number): Promise<void> {
    const looks = (found: OAuthClient) => JSON.stringify([found.kind, propertiesAtCarto(KINDS[found.kind], found)]);
    // Only a warning is at stake: the client is there, and must get into the state.
    const listed = await (await this.#tenant.api()).list().catch(() => []);
    const twins = listed.filter(
      (found) =>
        found.id !== client.id &&
        looks(found) === looks(client) &&
        Math.abs(Date.parse(found.createdAt) - Date.parse(client.createdAt)) <= tookMs,
    );
    for (const twin of twins) {
      this.#warn(
        `${describe(client)} may have a twin: ${describe(twin)} was made while the create was repeated. If the stack does not have it, ` +
          "CARTO does not honour Idempotency-Key: delete it, and set carto:idempotencyKeys to false.",
      );
    }
  }

  /** Reads one client, and again while what comes is older than a young state: reads may lag behind writes. */
  async #get(clientId: string, state: Partial<ClientState>): Promise<OAuthClient | undefined> {
    const written = Math.max(...[state.createdAt, state.updatedAt].map((time) => (time ? Date.parse(time) : 0)));
    // A clock that differs from CARTO's by more than that gives no second chance, rather than waiting for long.
    const young = Math.abs(this.#tenant.clock.now() - written) <= SETTLING_MS;
    return this.#getUntil(young ? written + SETTLING_MS : 0, clientId, (client) =>
      client ? Date.parse(client.updatedAt) >= written : written === 0,
    );
  }

  async #getUntil(time: number, clientId: string, isRight: (client: OAuthClient | undefined) => boolean) {
    const { clock } = this.#tenant;
    const api = await this.#tenant.api();
    for (;;) {
      const client = await api.get(clientId);
      if (isRight(client) || clock.now() > time) return client;
      await clock.sleep(SETTLING_PAUSE_MS);
    }
  }

  /** Not found is not enough: a wrong URL may answer so, or a read that lags behind. The listing has to agree. */
  async #refuseUnlessGone(clientId: string, state: Partial<ClientState>): Promise<void> {
    await this.#refuseUnlessOwner(clientId, state);
    const { listing } = this.#tenant;
    if (!(await listing.find(clientId))) return;
    listing.forget(); // it may be older than the deletion
    if (!(await listing.find(clientId))) return;
    throw new CartoError(
      "unexpected_answer",
      `${describe({ ...state, id: clientId })} is listed but not found. CARTO seems to lag behind: run again later.`,
    );
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
      `${describe({ id: clientId, ...(name !== undefined && { name }) })} belongs to ${ownerId}, but the credentials from ` +
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
