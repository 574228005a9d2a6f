import { ownClientId } from "../carto/configuration.ts";
import { CartoError } from "../carto/errors.ts";
import { PulumiCartoError } from "../error/pulumi-carto-error.ts";
import { defectText } from "../kinds/defect-text.ts";
import { type Failure, HIDDEN_REASON } from "../kinds/failure.ts";
import { KINDS, type KindId } from "../kinds/index.ts";
import {
  type CheckedInputs,
  canonicalInputs,
  differenceAtCarto,
  localSettingsDiffer,
  pick,
  replacingChanges,
} from "../kinds/inputs.ts";
import type { Kind, Properties } from "../kinds/kind.ts";
import { UNKNOWN } from "../kinds/unknown.ts";
import type { ClientOutputs, ClientState } from "./client-state.ts";
import type { ConfigureRequest, Connection } from "./connection.ts";
import { readDeclaredKey } from "./idempotency-key.ts";
import type { KnownClient } from "./known-clients.ts";
import { describe, whyProtected } from "./protection.ts";
import type { SecretValues } from "./secret-values.ts";

/*
 * The dynamic provider that the engine calls through the single line of text in each resource. The engine's quirks end here.
 */

/** Checked inputs or outputs as the engine hands them over, with its own `__provider` among them. */
type Props<T> = T & { __provider?: string };

/**
 * The engine prints message and stack of what these calls throw. The stack of ours says nothing that the message does not; of anything else
 * nobody knows what it quotes.
 */
async function guarded<T>(secrets: SecretValues, ofSecrets: boolean, call: () => T | Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const own =
      error instanceof PulumiCartoError ? error : new CartoError("defect", defectText(error).replace(/\s+/g, " "));
    throw Object.assign(secrets.hideIn(own, ofSecrets), { stack: "" });
  }
}

function outputsOf({ id: _, ...outputs }: ClientState): ClientOutputs {
  return outputs;
}

/** The engine keeps what such an error carries as the state, and reads and deletes by the text in it. */
async function keepingFailedState<T>(__provider: string | undefined, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && "properties" in error) {
      error.properties = { ...outputsOf(error.properties as ClientState), __provider };
    }
    throw error;
  }
}

/** Only where the state could not be read when the other resource was created. */
function sharedClient(kind: Kind, client: KnownClient, createdAs: string): CartoError {
  return new CartoError(
    "conflict",
    `${describe(kind, client)} is in the state already, but in this run it was given to another resource, which declares the name ${JSON.stringify(createdAs)}. ` +
      "Remove the newer one from the state (`pulumi state delete`), and give it another logical name.",
  );
}

/** What a handler of ours returns. */
export type DynamicProvider = ReturnType<typeof dynamicProvider>;

/** Implements `pulumi.dynamic.ResourceProvider` for one kind of client. */
export function dynamicProvider(kindId: KindId, connection: Connection) {
  const { known, secrets } = connection;
  const kind: Kind = KINDS[kindId];

  /** @param props what the call is given, of which some may be secret */
  function discreetly<T>(props: readonly Properties[], call: () => T | Promise<T>): Promise<T> {
    for (const one of props) secrets.learn(one);
    // By their values: the plugin has no `__secrets`, and has told them already.
    const ofSecrets = props.some((one) => secrets.areIn(pick(one, Object.keys(kind.properties))));
    return guarded(secrets, ofSecrets, call);
  }

  /** @returns why the client may not be replaced; undefined when it may, of which the user is warned */
  function whyNotReplaced(client: KnownClient): string | undefined {
    const reason = whyProtected(kind, "replace", client, ownClientId(connection.configuration()));
    if (reason !== undefined) return reason;
    connection.warn(
      `${describe(kind, client)} is replaced: once it is deleted, every ${kind.deletion.stops} stops working. They need ${kind.deletion.needs}.`,
    );
    return undefined;
  }

  return {
    configure(request: ConfigureRequest): Promise<void> {
      connection.configure(request);
      return Promise.resolve();
    },

    check: (olds: Props<Properties>, news: Props<Properties>): Promise<{ inputs: Properties; failures: Failure[] }> =>
      discreetly([olds, news], () => {
        const { policy } = connection.configuration();
        connection.missCredentialsOnce();
        const broken = kind.check(news, { policy });
        const failures = secrets.learn(news) ? broken.map((one) => ({ ...one, reason: HIDDEN_REASON })) : broken;
        const inputs = canonicalInputs(kind, news, policy);
        const { place = olds.__key, stack } = readDeclaredKey(news.__key);
        if (stack !== undefined) connection.stackClients.stack = stack;
        if (typeof place === "string") {
          inputs.__key = place;
          const replaced = place === UNKNOWN ? undefined : known.checked(place, Object.keys(olds).length > 0);
          const reason = replaced && whyNotReplaced(replaced);
          if (reason !== undefined)
            failures.push({ property: "", reason: secrets.hide(reason), rule: "deletion-protection" });
        }
        return { inputs, failures };
      }),

    diff: (id: string, olds: Props<ClientOutputs>, news: Props<CheckedInputs>) =>
      discreetly([olds, news], async () => {
        const client = { ...olds, id };
        const twin = known.createdAs(id);
        if (twin !== undefined) throw sharedClient(kind, client, twin);
        const replaces = replacingChanges(kind, olds, news);
        if (news.__key === UNKNOWN) {
          // The stack has no identity yet: a second Check could not be distinguished from the first.
          const reason = replaces.length > 0 ? whyNotReplaced(client) : undefined;
          if (reason !== undefined) throw new CartoError("protected", reason);
        } else if (news.__key !== undefined) known.compared(news.__key, client);
        const unconfirmed = olds.__unconfirmed === true;
        const sends = unconfirmed || replaces.length > 0 || Object.keys(differenceAtCarto(kind, olds, news)).length > 0;
        // A preview fails where up must. If nothing would be sent, CARTO is not asked.
        if (sends) await (await connection.lifecycle()).refuseOtherOwner(kindId, id, olds);
        // Taken over from the plugin: delete and refresh need the text in the state. Nothing is sent.
        const textMissing = news.__provider !== undefined && olds.__provider === undefined;
        const changes = sends || textMissing || localSettingsDiffer(kind, olds, news);
        return { changes, ...(replaces.length > 0 && { replaces }) };
      }),

    create: async (inputs: Props<CheckedInputs>) => {
      const { __provider, ...declared } = inputs;
      const state = await keepingFailedState(__provider, () =>
        discreetly([declared], async () => (await connection.lifecycle()).create(kindId, declared)),
      );
      return { id: state.id, outs: outputsOf(state) };
    },

    read: (id: string, { __provider, ...props }: Props<Partial<ClientOutputs>>) =>
      discreetly([props], async () => {
        const state = await (await connection.lifecycle()).read(kindId, id, props);
        if (!state) return { id: "", props: {} };
        const inputs = pick(state, Object.keys(kind.properties));
        const drifted = Object.keys(differenceAtCarto(kind, state, props)).length > 0;
        // Inputs that come back without what outputs do not hold are new to the engine: after a refresh it would write
        // the whole state once for each unchanged client.
        return { id, props: outputsOf(state), ...(drifted && { inputs }) };
      }),

    update: async (id: string, olds: Props<ClientOutputs>, { __provider, ...news }: Props<CheckedInputs>) => {
      const state = await keepingFailedState(__provider, () =>
        discreetly([olds, news], async () => (await connection.lifecycle()).update(kindId, id, { ...olds, id }, news)),
      );
      return { outs: outputsOf(state) };
    },

    delete: (id: string, props: Props<ClientOutputs>) =>
      discreetly([props], async () => (await connection.lifecycle()).delete(kindId, id, { ...props, id })),
  };
}
