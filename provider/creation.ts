import type { Creation } from "../carto/credentials-api.ts";
import { CartoError } from "../carto/errors.ts";
import type { Tenant } from "../carto/tenant.ts";
import { KINDS } from "../kinds/index.ts";
import { type CheckedInputs, differenceAtCarto, inputsOf, propertiesAtCarto } from "../kinds/inputs.ts";
import type { ClientKind, OAuthClient } from "../kinds/oauth-client/oauth-client.ts";
import { type ClientState, stateOf } from "./client-state.ts";
import type { Engine } from "./engine.ts";
import { createKey, furtherKey } from "./idempotency-key.ts";
import type { KnownClients } from "./known-clients.ts";
import { describe, refusal } from "./protection.ts";
import { readUntil, SETTLING_MS } from "./settling.ts";
import type { HeldClient, StackClients } from "./stack-clients.ts";
import { Unfinished } from "./unfinished.ts";

/** What the calls on clients have around them. */
export interface Circumstances {
  tenant: Tenant;
  engine: Engine;
  known: KnownClients;
  stackClients: StackClients;
  warn: (warning: string) => void;
}

/** Whose an existing client is that a create was answered with. */
type Holder = { held: true; by?: HeldClient } | { held: false } | { held: "unknown" };

/**
 * Creates clients, each exactly once. An existing client that CARTO answers with is left by an interrupted create, and
 * taken over, if the stack's state does not have it; if it does, it is another resource's, or the one to be replaced, and
 * is left alone: a further key, made from the key and that client, gives the resource one of its own.
 */
export class ClientCreation {
  readonly #around: Circumstances;

  constructor(circumstances: Circumstances) {
    this.#around = circumstances;
  }

  /**
   * @throws Unfinished When the client exists but differs from the declaration.
   * @throws CartoError `protected` When it was to replace a protected client: nothing is created then.
   * @throws CartoError `conflict` When CARTO has a client that may be another resource's.
   */
  async create(kind: ClientKind, inputs: CheckedInputs): Promise<ClientState> {
    const { tenant, known } = this.#around;
    let key = tenant.configuration.idempotencyKeys ? this.#keyOf(inputs) : undefined;
    await this.#refuseReplacement(inputs);
    for (;;) {
      const started = tenant.clock.now();
      const { client, existed, repeated } = await this.#createOrFind(kind, inputs, key);
      tenant.listing.forget();
      if (!existed) {
        known.created(client.id, inputs.name);
        if (repeated) await this.#warnOfTwins(client, tenant.clock.now() - started);
        return stateOf(KINDS[kind], client, inputs);
      }
      const holder = await this.#holderOf(client);
      if (holder.held === true) {
        this.#refuseProtected(holder.by, inputs);
        key = furtherKey(key ?? "", client.id);
        continue;
      }
      return this.#takeOver(kind, client, inputs, { repeated, certain: holder.held === false });
    }
  }

  #keyOf({ __key: place, name, rotationTrigger }: CheckedInputs): string {
    if (place !== undefined) return createKey(place, rotationTrigger);
    throw new CartoError(
      "conflict",
      `Creating OAuth client ${JSON.stringify(name)}: its idempotency key is missing, because the stack has no identity yet. ` +
        "Run `pulumi up` once without --target; then this works.",
    );
  }

  async #takeOver(
    kind: ClientKind,
    client: OAuthClient,
    inputs: CheckedInputs,
    { repeated, certain }: { repeated: boolean; certain: boolean },
  ): Promise<ClientState> {
    const { tenant, known, warn } = this.#around;
    const difference = differenceAtCarto(KINDS[kind], inputsOf(KINDS[kind], client, {}), inputs);
    const differs = Object.keys(difference).length > 0;
    if (differs && !certain) {
      throw new CartoError(
        "conflict",
        `Creating OAuth client ${JSON.stringify(inputs.name)}: CARTO has ${describe(client)} under its idempotency key, and whether another resource of the ` +
          "stack has that client cannot be told, because the state could not be read. Put `pulumi` on PATH and run again, or give the resource another logical name.",
      );
    }
    known.created(client.id, inputs.name);
    // After a lost answer it is what this very create made.
    if (!repeated || differs) {
      warn(
        `${describe(client)} was not created but taken over: it exists since ${client.createdAt}, was created for this resource, and ` +
          `${certain ? "no resource of the stack has it" : "as far as this run knows no resource of the stack has it"}. ` +
          `An interrupted \`up\` leaves such a client.${differs ? " It is changed to what is declared." : ""}`,
      );
    }
    if (!differs) return stateOf(KINDS[kind], client, inputs);
    try {
      const api = await tenant.api();
      return stateOf(KINDS[kind], { ...client, ...(await api.update(client.id, difference, client.name)) }, inputs);
    } catch (error) {
      throw new Unfinished(stateOf(KINDS[kind], client, inputs), error as Error);
    }
  }

  async #holderOf({ id }: OAuthClient): Promise<Holder> {
    const { known, stackClients } = this.#around;
    if (known.isInUse(id)) return { held: true };
    try {
      const by = (await stackClients.list()).find((held) => held.id === id);
      if (by) return { held: true, by };
    } catch {
      return known.isHeld(id) ? { held: true } : { held: "unknown" };
    }
    return { held: known.isHeld(id) };
  }

  /** With --replace the engine asks for no diff: the provider has to find out itself what is replaced. */
  async #refuseReplacement(inputs: CheckedInputs): Promise<void> {
    if (inputs.__key === undefined || !this.#around.engine.replacesOnRequest()) return;
    const held = await this.#around.stackClients.list().catch(() => []);
    this.#refuseProtected(
      held.find(({ place, doomed }) => place === inputs.__key && !doomed),
      inputs,
    );
  }

  #refuseProtected(held: HeldClient | undefined, { __key }: CheckedInputs): void {
    const { known, engine } = this.#around;
    if (!held || held.doomed || held.place !== __key || known.isStaying(held.id)) return;
    if (!held.tainted && !engine.replacesOnRequest()) return;
    const { id, name, deletionProtection } = held;
    const reason = refusal("replace", { id, deletionProtection, ...(name !== undefined && { name }) }, undefined);
    if (reason !== undefined) throw new CartoError("protected", reason);
  }

  async #createOrFind(kind: ClientKind, inputs: CheckedInputs, key: string | undefined): Promise<Creation> {
    const { tenant } = this.#around;
    const api = await tenant.api();
    try {
      return await api.create({ kind, name: inputs.name, ...propertiesAtCarto(KINDS[kind], inputs) }, key);
    } catch (error) {
      if (!(error instanceof CartoError && error.code === "conflict" && error.clientId)) throw error;
      const { clientId } = error;
      const { clock } = tenant;
      const settled = clock.now() + SETTLING_MS;
      const client = await readUntil({ api, clock }, settled, clientId, (found) => found !== undefined);
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
    const { tenant, warn } = this.#around;
    const looks = (found: OAuthClient) => JSON.stringify([found.kind, propertiesAtCarto(KINDS[found.kind], found)]);
    // Only a warning is at stake: the client is there, and must get into the state.
    const listed = await (await tenant.api()).list().catch(() => []);
    const twins = listed.filter(
      (found) =>
        found.id !== client.id &&
        looks(found) === looks(client) &&
        Math.abs(Date.parse(found.createdAt) - Date.parse(client.createdAt)) <= tookMs,
    );
    for (const twin of twins) {
      warn(
        `${describe(client)} may have a twin: ${describe(twin)} was made while the create was repeated. If the stack does not have it, ` +
          "CARTO does not honour Idempotency-Key: delete it, and set carto:idempotencyKeys to false.",
      );
    }
  }
}
