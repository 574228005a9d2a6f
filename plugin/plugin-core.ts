import { CartoError } from "../carto/errors.ts";
import { textIn } from "../host/messages.ts";
import type { Properties, ProviderCore, Resource } from "../host/provider-core.ts";
import { resourceCore } from "../host/resource-core.ts";
import { KIND_IDS, KINDS } from "../kinds/index.ts";
import { pick } from "../kinds/inputs.ts";
import type { Kind } from "../kinds/kind.ts";
import { idName, lookupFunction, pluginType, START_FUNCTION } from "../kinds/resource-type.ts";
import { Connection, type Surroundings } from "../provider/connection.ts";
import { type DynamicProvider, dynamicProvider } from "../provider/dynamic.ts";
import { checkConfig } from "./check-config.ts";
import { checkResource } from "./check-resource.ts";
import { detailedDiff } from "./detailed-diff.ts";
import { lacksId, markedOutputs, previewedOutputs } from "./outputs.ts";
import { IDENTITY, typeOf } from "./place.ts";
import { type PackageFacts, packageSchema } from "./schema.ts";
import { seal, unseal } from "./secret-properties.ts";

/** A kind, and what provides its resources on one connection. */
interface Served {
  kind: Kind;
  provider: DynamicProvider;
}

/** Serves the plugin `carto`: the same resources as those of the dynamic provider, to programs in every language. */
export function pluginCore(surroundings: Surroundings, facts: PackageFacts): ProviderCore {
  const connection = new Connection(surroundings);
  const seen = connection.secrets;
  const served = KIND_IDS.map((id): Served => ({ kind: KINDS[id], provider: dynamicProvider(id, connection) }));
  const byType = new Map(served.map((one) => [pluginType(one.kind), one]));
  const byFunction = new Map(served.map((one) => [lookupFunction(one.kind), one]));
  const servedBy = (urn: string): Served => byType.get(typeOf(urn)) ?? unknownToken(typeOf(urn));
  const core = resourceCore(connection, (urn) => servedBy(urn).provider);
  const [places, advice] = [new Map<string, string>(), new Map<string, string[]>()];
  const readingId = new Set<string>();
  let identity: string | undefined;

  return {
    async configure(settings) {
      if (typeof settings[IDENTITY] === "string") identity = settings[IDENTITY];
      connection.configure({ config: { get: (key) => textIn(settings, key.replace(/^carto:/, "")) } });
    },
    check: (urn, olds, news) =>
      checkResource(servedBy(urn).kind, { urn, olds, news }, { core, connection, identity, places, readingId, advice }),
    async diff(urn, id, olds, news) {
      const [current, declared] = [unseal(olds, seen).plain, unseal(news, seen).plain];
      // Only the dynamic provider needs the text in the state.
      const diff = await core.diff(urn, id, { ...current, ...pick(declared, ["__provider"]) }, declared);
      const { kind } = servedBy(urn);
      if (diff.changes) return { ...diff, detailed: detailedDiff(kind, current, declared, diff.replaces) };
      // Taken over from the dynamic provider, whose state has the ID as the resource's only. Nothing is sent.
      return readingId.has(urn) && lacksId(kind, current) ? { changes: true } : diff;
    },
    async create(urn, inputs) {
      const { plain, secrets } = unseal(inputs, seen);
      const { kind } = servedBy(urn);
      const { id, outputs } = await keepingMarks(kind, secrets, () => core.create(urn, plain));
      return { id, outputs: markedOutputs(kind, id, outputs, secrets) };
    },
    async read(urn, id, state, inputs) {
      const { kind } = servedBy(urn);
      const [known, given] = [unseal(state, seen), unseal(inputs, seen)];
      const found = await core.read(urn, id, known.plain, given.plain);
      if (found === undefined) return undefined;
      return readResult(kind, found, given.plain, {
        imported: Object.keys(state).length === 0,
        secrets: new Set([...known.secrets, ...given.secrets]),
      });
    },
    async update(urn, id, olds, news) {
      const { plain, secrets } = unseal(news, seen);
      const { kind } = servedBy(urn);
      const { outputs } = await keepingMarks(kind, secrets, () =>
        core.update(urn, id, unseal(olds, seen).plain, plain),
      );
      return { outputs: markedOutputs(kind, id, outputs, secrets) };
    },
    delete: (urn, id, state) => core.delete(urn, id, unseal(state, seen).plain),
    close: () => core.close(),
    plugin: {
      schema: () => JSON.stringify(packageSchema(facts)),
      checkConfig: (urn, olds, news) => checkConfig(urn, olds, news, surroundings),
      preview(urn, inputs, olds) {
        for (const warning of advice.get(urn) ?? []) surroundings.warn(warning, urn);
        return previewedOutputs(servedBy(urn).kind, inputs, olds);
      },
      async invoke(token, args) {
        if (token === START_FUNCTION) return {};
        const { kind, provider } = byFunction.get(token) ?? unknownToken(token);
        const id = unseal(args, seen).plain[idName(kind)];
        if (typeof id !== "string" || id === "") {
          throw new CartoError("invalid_request", `${token}: ${idName(kind)} is required.`);
        }
        const { props } = await provider.read(id, {});
        return markedOutputs(kind, id, { ...props, [idName(kind)]: id });
      },
    },
  };
}

function unknownToken(token: string): never {
  throw new CartoError("invalid_request", `${token} does not exist in the package carto.`);
}

/** What an import needs is all inputs; a refresh those that differ, and what else was there. */
function readResult(
  kind: Kind,
  { id, outputs, inputs }: Resource & { inputs?: Properties },
  before: Properties,
  { imported, secrets }: { imported: boolean; secrets: ReadonlySet<string> },
): Resource & { inputs?: Properties } {
  const found = { id, outputs: markedOutputs(kind, id, outputs, secrets) };
  if (imported) return { ...found, inputs: seal(pick(outputs, Object.keys(kind.properties)), secrets) };
  if (inputs === undefined) return found;
  return { ...found, inputs: seal({ ...pick(before, ["__key"]), ...inputs }, secrets) };
}

/** The engine keeps what such an error carries as the state. */
async function keepingMarks<T>(kind: Kind, secrets: ReadonlySet<string>, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && "properties" in error && "id" in error) {
      error.properties = markedOutputs(kind, String(error.id), error.properties as Properties, secrets);
    }
    throw error;
  }
}
