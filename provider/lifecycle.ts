import { ownClientId } from "../carto/configuration.ts";
import { CartoError } from "../carto/errors.ts";
import type { ResourceService, StoredResource } from "../carto/resource-api.ts";
import { readUntil, SETTLING_MS } from "../carto/settling.ts";
import { KINDS, type KindId } from "../kinds/index.ts";
import { type CheckedInputs, differenceAtCarto, updatableProperties } from "../kinds/inputs.ts";
import { type ClientState, defined, secretsOf, stateOf } from "./client-state.ts";
import { type Circumstances, ClientCreation } from "./creation.ts";
import { InitializationError, mayBeDone } from "./initialization-error.ts";
import { describe, whyProtected } from "./protection.ts";

/** Create, read, update and delete for all kinds, for one tenant. */
export class Lifecycle {
  readonly #around: Circumstances;
  readonly #creation: ClientCreation;
  #callerKnown: Promise<boolean> | undefined;

  constructor(circumstances: Circumstances) {
    this.#around = circumstances;
    this.#creation = new ClientCreation(circumstances);
  }

  get #tenant(): Circumstances["tenant"] {
    return this.#around.tenant;
  }

  #service(kind: KindId): ResourceService {
    return this.#tenant.resources(kind);
  }

  /** @see ClientCreation.create */
  create(kind: KindId, inputs: CheckedInputs): Promise<ClientState> {
    return this.#creation.create(kind, inputs);
  }

  /**
   * @param state what the state holds; empty for a client that is looked up by its ID
   * @returns the client's state; undefined when it is gone for good
   * @throws CartoError `invalid_request` When the client is of the other kind; `not_owner` When it may be another
   * user's; `not_found` When it was looked up by its ID and is not there.
   */
  async read(kind: KindId, clientId: string, state: Partial<ClientState>): Promise<ClientState | undefined> {
    const { api, listing } = this.#service(kind);
    const { listsWhole } = await api();
    const listed = state.updatedAt === undefined && !listsWhole ? undefined : await listing.find(clientId);
    const secrets = secretsOf(KINDS[kind], state);
    const unchanged = listed?.updatedAt === state.updatedAt && Object.keys(secrets).length > 0;
    // A listing may lag behind writes; a read is waited for.
    const lags = listed !== undefined && isOlder(listed, Date.parse(state.updatedAt ?? ""));
    const client =
      (unchanged || (listsWhole && !lags) ? listed : undefined) ?? (await this.#get(kind, clientId, state));
    if (!client) {
      if (state.ownerId === undefined) throw unseen(kind, clientId);
      await this.#refuseUnlessGone(kind, clientId, state);
      return undefined;
    }
    const { __unconfirmed } = state;
    const read = stateOf(KINDS[kind], { ...secrets, ...defined(client) }, state);
    // What is read may lag behind a change that was sent: only an update settles it.
    return __unconfirmed ? { ...read, __unconfirmed } : read;
  }

  /**
   * Sends what differs, and nothing when only the provider's own settings do. After a change whose outcome is not known
   * it sends the whole declaration.
   *
   * @throws InitializationError When the change was sent, and whether it was made is not known.
   */
  async update(kind: KindId, clientId: string, olds: ClientState, news: CheckedInputs): Promise<ClientState> {
    const difference = olds.__unconfirmed
      ? updatableProperties(KINDS[kind], news)
      : differenceAtCarto(KINDS[kind], olds, news);
    if (Object.keys(difference).length === 0) return stateOf(KINDS[kind], storedOf(olds), news);
    const { api, listing } = this.#service(kind);
    try {
      const updated = await (await api()).update(clientId, difference, olds);
      return stateOf(KINDS[kind], { ...storedOf(olds), ...defined(updated) }, news);
    } catch (error) {
      await this.#explainRefusal(kind, clientId, olds, error);
      if (mayBeDone(error)) throw new InitializationError(olds, error);
      throw error;
    } finally {
      listing.forget();
    }
  }

  /** Deletes the client. It is not an error if it is already gone. */
  async delete(kind: KindId, clientId: string, state: ClientState): Promise<void> {
    const client = { ...state, id: clientId };
    if (this.#around.known.isInUse(clientId)) {
      // Two resources in the state have it, as 0.1.0 left them: deleting it would take it from the other one.
      this.#around.warn(`${describe(KINDS[kind], client)} was not deleted: another resource of the stack has it.`);
      return;
    }
    const { configuration } = this.#tenant;
    const lifted = configuration.unprotect.includes(clientId) && { deletionProtection: false };
    const reason = whyProtected(KINDS[kind], "delete", { ...client, ...lifted }, ownClientId(configuration));
    if (reason !== undefined) throw new CartoError("protected", reason);
    const { api, listing } = this.#service(kind);
    const existed = await (await api()).delete(clientId, state).catch(async (error) => {
      await this.#explainRefusal(kind, clientId, state, error);
      throw mayBeDone(error) ? unconfirmedDeletion(error) : error;
    });
    if (existed) listing.forget();
    else await this.#refuseUnlessGone(kind, clientId, state);
  }

  /** Ends the connections to CARTO. */
  close(): Promise<void> {
    return this.#tenant.close();
  }

  /** Reads one client, and again while what comes is older than a young state: reads may lag behind writes. */
  async #get(kind: KindId, clientId: string, state: Partial<ClientState>): Promise<StoredResource | undefined> {
    const written = Math.max(...[state.createdAt, state.updatedAt].map((time) => (time ? Date.parse(time) : 0)));
    const { clock } = this.#tenant;
    // A clock that differs from CARTO's by more than that gives no second chance, rather than waiting for long.
    const young = Math.abs(clock.now() - written) <= SETTLING_MS;
    const api = await this.#service(kind).api();
    return readUntil(
      () => api.get(clientId, state),
      clock,
      young ? written + SETTLING_MS : 0,
      (client) => (client ? !isOlder(client, written) : written === 0),
    );
  }

  /**
   * Before a change: the caller is looked up once. If that fails, the change itself will show it.
   *
   * @throws CartoError `not_owner` When the client belongs to another user; `unauthorized` or `untrusted_host` When the
   * credentials are refused, or would go astray.
   */
  async refuseOtherOwner(kind: KindId, clientId: string, state: Partial<ClientState>): Promise<void> {
    if (state.ownerId === undefined) return;
    this.#callerKnown ??= this.#tenant.caller().then(
      () => true,
      (error) => {
        if (error instanceof CartoError && (error.code === "unauthorized" || error.code === "untrusted_host"))
          throw error;
        return false;
      },
    );
    if (await this.#callerKnown) await this.#refuseUnlessOwner(kind, clientId, state);
  }

  /** Not found is not enough: a wrong URL may answer so, or a read that lags behind. The listing has to agree. */
  async #refuseUnlessGone(kind: KindId, clientId: string, state: Partial<ClientState>): Promise<void> {
    await this.#refuseUnlessOwner(kind, clientId, state);
    const { listing } = this.#service(kind);
    if (!(await listing.find(clientId))) return;
    listing.forget(); // it may be older than the deletion
    if (!(await listing.find(clientId))) return;
    throw new CartoError(
      "unexpected_answer",
      `${describe(KINDS[kind], { ...state, id: clientId })} is listed but not found. CARTO's reads seem to lag behind its writes: run again later.`,
    );
  }

  /** Of a refusal whose reason is that the resource is another user's, who it is. */
  async #explainRefusal(kind: KindId, id: string, state: ClientState, error: unknown): Promise<void> {
    if (!(error instanceof CartoError)) return;
    if (error.code === "not_found") await this.#refuseUnlessOwner(kind, id, state);
    if (error.code === "forbidden") await this.#refuseUnlessOwner(kind, id, state, "who may not change it.");
  }

  /**
   * A client that cannot be seen is gone only if its owner says so: to anyone else it looks just the same, and the
   * wrong credentials must never recreate every client.
   */
  async #refuseUnlessOwner(
    kind: KindId,
    clientId: string,
    { ownerId, name }: Partial<ClientState>,
    why = "who cannot see it. It is kept in the state.",
  ): Promise<void> {
    if (ownerId === undefined) return;
    const { userId } = await this.#tenant.caller();
    if (userId === ownerId) return;
    throw new CartoError(
      "not_owner",
      `${describe(KINDS[kind], { id: clientId, ...(name !== undefined && { name }) })} belongs to ${ownerId}, but the credentials from ` +
        `${this.#tenant.configuration.credentials?.source ?? "nowhere"} are those of ${userId}, ${why} Use the owner's credentials.`,
    );
  }
}

/** The engine keeps no note with a resource whose deletion failed: the user has to know. */
function unconfirmedDeletion(cause: CartoError): CartoError {
  return new CartoError(
    cause.code,
    `${cause.message} Whether it was deleted is not known: if it is declared again, run \`pulumi up --refresh\`.`,
    { ...(cause.status !== undefined && { status: cause.status }), cause },
  );
}

function isOlder({ updatedAt }: StoredResource, time: number): boolean {
  return updatedAt !== undefined && Date.parse(updatedAt) < time;
}

function storedOf(state: ClientState): StoredResource {
  return { ...state, createdAt: state.createdAt };
}

/** Without what is undefined, which must not hide what was there before. */
function unseen(kind: KindId, id: string): CartoError {
  const { noun } = KINDS[kind];
  return new CartoError(
    "not_found",
    `${noun} ${id} cannot be looked up: the calling user has no such ${noun}. Check the ID, and use its owner's credentials.`,
  );
}
