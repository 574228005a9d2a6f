import type { Connection } from "../provider/connection.ts";
import type { DynamicProvider } from "../provider/dynamic.ts";
import type { Properties, ProviderCore } from "./provider-core.ts";

/** The engine keeps what it is given: the text of a dynamic resource has to be in it. */
function withText(result: object, { __provider }: Properties): Properties {
  return __provider === undefined ? { ...result } : { ...result, __provider };
}

/**
 * The operations on resources, shared by every face of the provider.
 *
 * @param providerOf what provides a resource; throws when it is none of ours
 */
export function resourceCore(
  connection: Connection,
  providerOf: (urn: string, properties: Properties) => DynamicProvider,
): Omit<ProviderCore, "configure" | "plugin"> {
  return {
    async check(urn, olds, news) {
      const { inputs, failures } = await providerOf(urn, news).check(olds, news);
      return { inputs: withText(inputs, news), failures };
    },
    diff: (urn, id, olds, news) => providerOf(urn, news).diff(id, olds as never, news as never),
    async create(urn, inputs) {
      const { id, outs } = await providerOf(urn, inputs).create(inputs as never);
      return { id, outputs: withText(outs, inputs) };
    },
    async read(urn, id, state, inputs) {
      const known = Object.keys(state).length === 0 ? inputs : state;
      const result = await providerOf(urn, known).read(id, known);
      if (result.id === "") return undefined;
      const found = { id, outputs: withText(result.props, known) };
      return "inputs" in result && result.inputs ? { ...found, inputs: withText(result.inputs, known) } : found;
    },
    async update(urn, id, olds, news) {
      const { outs } = await providerOf(urn, news).update(id, olds as never, news as never);
      return { outputs: withText(outs, news) };
    },
    delete: (urn, id, state) => providerOf(urn, state).delete(id, state as never),
    close: () => connection.close(),
  };
}
