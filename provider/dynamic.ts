import { ownClientId } from "../carto/configuration.ts";
import { CartoError } from "../carto/errors.ts";
import type { Failure } from "../kinds/failure.ts";
import { KINDS, type KindId } from "../kinds/index.ts";
import {
  type CheckedInputs,
  canonicalInputs,
  differenceAtCarto,
  localSettingsDiffer,
  pick,
  replacingChanges,
} from "../kinds/inputs.ts";
import type { Properties } from "../kinds/kind.ts";
import type { ClientOutputs, ClientState } from "./client-state.ts";
import type { ConfigureRequest, Connection } from "./connection.ts";
import { describe, refusal } from "./protection.ts";

/*
 * What the engine calls, by the one line of text that each resource carries. The engine's quirks end here.
 */

/** Checked inputs or outputs as the engine hands them over, with its own `__provider` among them. */
type Props<T> = T & { __provider?: string };

/** The engine prints the stack of what these calls throw. Ours says nothing that the message does not. */
async function withoutStack<T>(call: () => T | Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof CartoError) error.stack = "";
    throw error;
  }
}

function outputsOf({ id: _, ...outputs }: ClientState): ClientOutputs {
  return outputs;
}

export type DynamicProvider = ReturnType<typeof dynamicProvider>;

/** Implements `pulumi.dynamic.ResourceProvider` for one kind of client. */
export function dynamicProvider(kindId: KindId, connection: Connection) {
  const { known } = connection;
  const kind = KINDS[kindId];
  return {
    configure(request: ConfigureRequest): Promise<void> {
      connection.configure(request);
      return Promise.resolve();
    },

    check: (olds: Props<Properties>, news: Props<Properties>): Promise<{ inputs: Properties; failures: Failure[] }> =>
      withoutStack(() => {
        const { policy } = connection.configuration();
        connection.missCredentialsOnce();
        const failures = kind.check(news, { policy });
        const inputs = canonicalInputs(kind, news, policy);
        if (typeof news.__key === "string") {
          const { idempotencyKey, replaces } = known.choose(
            news.__key,
            olds.__provider === undefined ? undefined : (olds as Partial<CheckedInputs>),
          );
          inputs.__key = idempotencyKey;
          const reason = replaces && refusal("replace", replaces, ownClientId(connection.configuration()));
          if (reason !== undefined) failures.push({ property: "", reason, rule: "deletion-protection" });
          else if (replaces) {
            connection.warn(
              `${describe(replaces)} is replaced: once it is deleted, every user and service of that client ID stops working. They need the new client ID and client secret.`,
            );
          }
        }
        return { inputs, failures };
      }),

    diff: (id: string, olds: Props<ClientOutputs>, news: Props<CheckedInputs>) =>
      withoutStack(() => {
        known.stays(news.__key, { ...olds, id });
        const replaces = replacingChanges(kind, olds, news);
        const changes =
          localSettingsDiffer(kind, olds, news) || Object.keys(differenceAtCarto(kind, olds, news)).length > 0;
        return { changes, ...(replaces.length > 0 && { replaces }) };
      }),

    create: async (inputs: Props<CheckedInputs>) => {
      const { __provider, ...declared } = inputs;
      try {
        const state = await (await connection.lifecycle()).create(kindId, declared);
        return { id: state.id, outs: outputsOf(state) };
      } catch (error) {
        // The engine keeps what such an error carries as the state, and reads and deletes by the text in it.
        if (error instanceof Error && "properties" in error) {
          error.properties = { ...outputsOf(error.properties as ClientState), __provider };
        }
        throw error;
      }
    },

    read: (id: string, { __provider, ...props }: Props<Partial<ClientOutputs>>) =>
      withoutStack(async () => {
        const state = await (await connection.lifecycle()).read(kindId, id, props);
        if (!state) return { id: "", props: {} };
        const inputs = pick(state, [...Object.keys(kind.properties), "__key"]);
        const drifted = Object.keys(differenceAtCarto(kind, state, props)).length > 0;
        // Inputs that come back without what outputs do not hold are new to the engine: after a refresh it would write
        // the whole state once for each unchanged client.
        return { id, props: outputsOf(state), ...(drifted && { inputs }) };
      }),

    update: async (id: string, olds: Props<ClientOutputs>, { __provider, ...news }: Props<CheckedInputs>) => ({
      outs: outputsOf(await (await connection.lifecycle()).update(kindId, id, { ...olds, id }, news)),
    }),

    delete: (id: string, props: Props<ClientOutputs>) =>
      withoutStack(async () => (await connection.lifecycle()).delete(id, { ...props, id })),
  };
}
