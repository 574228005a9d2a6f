import { CartoError } from "../carto/errors.ts";
import { KIND_IDS } from "../kinds/index.ts";
import { Connection, type Surroundings } from "../provider/connection.ts";
import { type DynamicProvider, dynamicProvider } from "../provider/dynamic.ts";
import { textIn } from "./messages.ts";
import type { Properties, ProviderCore } from "./provider-core.ts";
import { resourceCore } from "./resource-core.ts";

/** The text in a resource of ours that says which of this package's entries provides it. */
const OWN_TEXT = /^module\.exports=require\("pulumi-carto\/([a-z0-9-]+)"\)$/;

/**
 * Serves the resources that programs declare through the engine's dynamic provider, as the SDK's host does, but only ours: the text in a
 * resource is compared, never run.
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
      `${urn} is provided by code other than pulumi-carto, which runs in a separate process: add --provider-process.`,
    );
  }

  return {
    async configure(settings) {
      connection.configure({ config: { get: (key) => textIn(settings, key) } });
    },
    ...resourceCore(connection, providerOf),
  };
}
