import { CartoError } from "../carto/errors.ts";
import { KIND_IDS } from "../kinds/index.ts";
import { Connection, type Surroundings } from "../provider/connection.ts";
import { type DynamicProvider, dynamicProvider } from "../provider/dynamic.ts";
import type { Properties, ProviderCore } from "./provider-core.ts";

/** The text in a resource of ours that says which of this package's entries provides it. */
const OWN_TEXT = /^module\.exports=require\("pulumi-carto\/([a-z0-9-]+)"\)$/;

/**
 * Serves the resources that programs declare through the engine's dynamic provider, as the SDK's own host does, but none
 * other than ours: the text in a resource is compared, never run.
 */
export function dynamicCore(surroundings: Surroundings): ProviderCore {
  const connection = new Connection(surroundings);
  const providers = new Map<string, DynamicProvider>(KIND_IDS.map((kind) => [kind, dynamicProvider(kind, connection)]));

  function providerOf(urn: string, { __provider: text }: Properties): DynamicProvider {
    const [, entry] = OWN_TEXT.exec(String(text)) ?? [];
    const found = providers.get(entry ?? "");
    if (found) return found;
    throw new CartoError(
      "invalid_request",
      `${urn} is provided by other code than pulumi-carto, which runs in a process of its own: add --provider-process.`,
    );
  }

  /** The engine keeps what it is given: the text has to be in it. */
  const withText = (result: object, { __provider }: Properties): Properties => ({ ...result, __provider });

  return {
    async configure(settings) {
      const get = (key: string) => settings[key] as string | undefined;
      connection.configure({ config: { get } });
    },
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
