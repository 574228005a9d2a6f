import { CartoError } from "../carto/errors.ts";
import type { StoredResource } from "../carto/resource-api.ts";
import type { Tenant } from "../carto/tenant.ts";
import { KINDS, type KindId } from "../kinds/index.ts";
import { type CheckedInputs, differenceAtCarto, inputsOf } from "../kinds/inputs.ts";
import type { Kind } from "../kinds/kind.ts";
import { type ClientState, stateOf } from "./client-state.ts";
import type { Engine } from "./engine.ts";
import { createKey, furtherKey } from "./idempotency-key.ts";
import { InitializationError } from "./initialization-error.ts";
import type { KnownClients } from "./known-clients.ts";
import { describe, whyProtected } from "./protection.ts";
import type { HeldClient, StackClients } from "./stack-clients.ts";

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
 * is left alone: a further key, made from the key and that client, gives the resource a separate one.
 */
export class ClientCreation {
  readonly #around: Circumstances;

  constructor(circumstances: Circumstances) {
    this.#around = circumstances;
  }

  /**
   * @throws InitializationError When the client exists but differs from the declaration.
   * @throws CartoError `protected` When it was to replace a protected client: nothing is created then.
   * @throws CartoError `conflict` When CARTO has a client that may be another resource's.
   */
  async create(kindId: KindId, inputs: CheckedInputs): Promise<ClientState> {
    const { tenant, known } = this.#around;
    const kind: Kind = KINDS[kindId];
    const { api, listing } = tenant.resources(kindId);
    const resources = await api();
    let key = resources.keyed ? keyOf(kind, inputs) : undefined;
    await this.#refuseReplacement(kind, inputs);
    for (;;) {
      const { resource, existed, repeated, twins = [] } = await resources.create(inputs, key);
      listing.forget();
      if (!existed) {
        known.created(resource.id, inputs.name);
        this.#warnOfTwins(kind, resource, twins);
        return stateOf(kind, resource, inputs);
      }
      const holder = await this.#holderOf(resource);
      if (holder.held === true) {
        this.#refuseProtected(kind, holder.by, inputs);
        key = furtherKey(key ?? "", resource.id);
        continue;
      }
      return this.#takeOver(kindId, resource, inputs, { repeated, certain: holder.held === false });
    }
  }

  async #takeOver(
    kindId: KindId,
    client: StoredResource,
    inputs: CheckedInputs,
    { repeated, certain }: { repeated: boolean; certain: boolean },
  ): Promise<ClientState> {
    const { tenant, known, warn } = this.#around;
    const kind: Kind = KINDS[kindId];
    const difference = differenceAtCarto(kind, inputsOf(kind, client, {}), inputs);
    const differs = Object.keys(difference).length > 0;
    if (differs && !certain) {
      throw new CartoError(
        "conflict",
        `Creating ${kind.noun} ${JSON.stringify(inputs.name)}: CARTO has ${describe(kind, client)}, made under the same key, and whether another resource of the ` +
          "stack has it is not known, because the state could not be read. Put `pulumi` on PATH and run again, or give the resource another logical name.",
      );
    }
    known.created(client.id, inputs.name);
    // After a lost answer it is what this very create made.
    if (!repeated || differs) {
      warn(
        `${describe(kind, client)} was not created but adopted: it has existed since ${client.createdAt ?? "an earlier run"}, was created for this resource, and ` +
          `${certain ? "no resource of the stack has it" : "as far as this run knows no resource of the stack has it"}. ` +
          `An interrupted \`up\` can leave one behind.${differs ? " It is changed to what is declared." : ""}`,
      );
    }
    if (!differs) return stateOf(kind, client, inputs);
    try {
      const api = await tenant.resources(kindId).api();
      return stateOf(kind, { ...client, ...(await api.update(client.id, difference, { ...client })) }, inputs);
    } catch (error) {
      throw new InitializationError(stateOf(kind, client, inputs), error);
    }
  }

  async #holderOf({ id }: StoredResource): Promise<Holder> {
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
  async #refuseReplacement(kind: Kind, inputs: CheckedInputs): Promise<void> {
    if (inputs.__key === undefined || !this.#around.engine.replacesOnRequest()) return;
    const held = await this.#around.stackClients.list().catch(() => []);
    this.#refuseProtected(
      kind,
      held.find(({ place, doomed }) => place === inputs.__key && !doomed),
      inputs,
    );
  }

  #refuseProtected(kind: Kind, held: HeldClient | undefined, { __key }: CheckedInputs): void {
    const { known, engine } = this.#around;
    if (!held || held.doomed || held.place !== __key || known.isStaying(held.id)) return;
    if (!held.tainted && !engine.replacesOnRequest()) return;
    const { id, name, deletionProtection } = held;
    const reason = whyProtected(
      kind,
      "replace",
      { id, deletionProtection, ...(name !== undefined && { name }) },
      undefined,
    );
    if (reason !== undefined) throw new CartoError("protected", reason);
  }

  #warnOfTwins(kind: Kind, client: StoredResource, twins: readonly StoredResource[]): void {
    for (const twin of twins) {
      this.#around.warn(
        `${describe(kind, client)} may have a twin: ${describe(kind, twin)} was made while the create was repeated. If the stack does not have it, ` +
          "CARTO does not honour Idempotency-Key: delete it, and set carto:idempotencyKeys to false.",
      );
    }
  }
}

function keyOf(kind: Kind, inputs: CheckedInputs): string {
  const { __key: place, name } = inputs;
  const replacing = Object.keys(kind.properties).filter((property) => kind.properties[property]?.change === "replaces");
  if (place !== undefined)
    return createKey(place, ...replacing.map((property) => inputs[property] as string | undefined));
  throw new CartoError(
    "conflict",
    `Creating ${kind.noun} ${JSON.stringify(name)}: its idempotency key is missing, because the stack has no identity yet. ` +
      "Run `pulumi up` once without --target; then this works.",
  );
}
