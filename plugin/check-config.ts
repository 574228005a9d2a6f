import { randomUUID } from "node:crypto";
import { resolveConfiguration } from "../carto/configuration.ts";
import { CartoError } from "../carto/errors.ts";
import { SETTING_TABLE, STACK_SETTINGS, unknownSettings } from "../carto/settings.ts";
import { markSecret } from "../host/messages.ts";
import type { PluginCalls, Properties } from "../host/provider-core.ts";
import { hasUnknown } from "../kinds/unknown.ts";
import { IDENTITY, projectOf } from "./place.ts";

/** The engine's own, among the inputs of a provider. */
const OF_THE_ENGINE = /^(__.*|version|pluginDownloadURL)$/;

/** Checks the provider's own configuration, and creates the stack's identity the first time. */
export function checkConfig(
  urn: string,
  olds: Properties,
  news: Properties,
  environment: NodeJS.ProcessEnv,
): ReturnType<PluginCalls["checkConfig"]> {
  const identity = olds[IDENTITY] ?? randomUUID();
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

/** Stack configuration is text, and so is everything else from here on. */
function asText(value: unknown): string {
  return Array.isArray(value) ? value.map(String).join(",") : String(value);
}

function sealed(name: string, value: unknown): unknown {
  return SETTING_TABLE[name]?.secret ? markSecret(value) : value;
}
