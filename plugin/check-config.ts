import { randomUUID } from "node:crypto";
import { resolveConfiguration } from "../carto/configuration.ts";
import { CartoError } from "../carto/errors.ts";
import { FACE_SETTING, SETTING_TABLE, STACK_SETTINGS, unknownSettings } from "../carto/settings.ts";
import { markSecret } from "../host/messages.ts";
import type { PluginCalls, Properties } from "../host/provider-core.ts";
import { hasUnknown } from "../kinds/unknown.ts";
import type { Surroundings } from "../provider/connection.ts";
import { IDENTITY, nameOf, projectOf, stackOf, typeOf } from "./place.ts";

/** The engine's own, among the inputs of a provider. */
const OF_THE_ENGINE = /^(__.*|version|pluginDownloadURL)$/;

/** The engine's name for a provider that the program does not declare, if the SDK asks for a version. */
const VERSIONED = /^default_/;

/** Checks the provider's own configuration, and creates the stack's identity the first time. */
export async function checkConfig(
  urn: string,
  olds: Properties,
  news: Properties,
  { environment, engine }: Pick<Surroundings, "environment" | "engine">,
): ReturnType<PluginCalls["checkConfig"]> {
  // A program of ours, which chooses the plugin by this setting, knows the places of its resources.
  const isOurProgram = news[FACE_SETTING] !== undefined;
  const identity =
    olds[IDENTITY] ??
    (isOurProgram ? undefined : await identityOfOtherVersion(urn, engine)) ??
    engine.plannedInputs(urn)?.[IDENTITY] ??
    randomUUID();
  const settings = Object.entries(news).filter(([name]) => !OF_THE_ENGINE.test(name) && !STACK_SETTINGS.includes(name));
  const failures = settings.flatMap(([name]) =>
    unknownSettings([`carto:${name}`], projectOf(urn)).map((reason) => ({ property: name, reason })),
  );
  const texts = new Map(settings.map(([name, value]) => [name, asText(value)]));
  const known = settings.every(([, value]) => !hasUnknown(value));
  if (known && failures.length === 0) {
    try {
      resolveConfiguration((name) => texts.get(name), environment);
    } catch (error) {
      if (!(error instanceof CartoError)) throw error;
      failures.push({ property: "", reason: error.message });
    }
  }
  const inputs = settings.map(([name]) => [name, sealed(name, texts.get(name))] as const);
  const engines = Object.entries(news).filter(([name]) => OF_THE_ENGINE.test(name));
  return { inputs: { ...Object.fromEntries([...engines, ...inputs]), [IDENTITY]: identity }, failures };
}

/** An SDK of another version has another provider resource, which must find the resources of an interrupted `up` too. */
async function identityOfOtherVersion(urn: string, engine: Surroundings["engine"]): Promise<unknown> {
  if (!VERSIONED.test(nameOf(urn))) return undefined;
  const { resources = [] } = await engine.readState(stackOf(urn)).catch(() => ({ resources: [] }));
  const isDefault = (other: string) => typeOf(other) === typeOf(urn) && nameOf(other).startsWith("default");
  return resources.find((other) => isDefault(other.urn))?.inputs?.[IDENTITY];
}

/** Stack configuration is text, and so is everything else from here on. */
function asText(value: unknown): string {
  return Array.isArray(value) ? value.map(String).join(",") : String(value);
}

function sealed(name: string, value: unknown): unknown {
  return SETTING_TABLE[name]?.secret ? markSecret(value) : value;
}
