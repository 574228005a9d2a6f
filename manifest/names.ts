import { entriesOf, environmentNames, stackOf } from "./document.ts";
import { parseSource } from "./syntax.ts";

/** Names that a manifest declares, in its order. */
export interface ManifestNames {
  environments: string[];
  /** One for each environment; a name with a variable in it is left out. */
  stacks: string[];
  /** Logical names, also of clients that only an environment declares. */
  clients: string[];
}

/** The names in a manifest, also in one that breaks rules; none where it cannot be read. */
export function namesIn(text: string): ManifestNames {
  const document = parseSource(text).source?.value;
  const { clients, environments: declared } = entriesOf(document);
  const environments = environmentNames(document);
  const layers = [clients, ...Object.values(entriesOf(declared)).map((one) => entriesOf(one).clients)];
  return {
    environments,
    stacks: environments.flatMap((name) => {
      const stack = stackOf(document, name) ?? name;
      return typeof stack === "string" && !stack.includes("$") ? [stack] : [];
    }),
    clients: [...new Set(layers.flatMap((one) => Object.keys(entriesOf(one))))],
  };
}
