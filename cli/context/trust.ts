import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { type ConfigSource, operatorTrust } from "../../carto/configuration.ts";
import { DELIVERY_COMMANDS, entriesOf } from "../../carto/settings.ts";
import { contractFrom } from "../../deployment/contract-path.ts";
import type { TrustIn } from "../../manifest/resolve-environment.ts";
import { readProcessSettings, variablesOf } from "./process-settings.ts";

/** Reads the plain `carto:` settings of the stack: `Pulumi.<stack>.yaml` beside the manifest, which may not be there. A path of a contract comes absolute. */
export function stackSettings(manifestFile: string, stack: string): ConfigSource {
  const config = Object(readStackFile(manifestFile, stack)?.config);
  return (setting) => {
    const value: unknown = config[`carto:${setting}`];
    if (typeof value !== "string") return undefined;
    return setting === "contract" ? contractFrom(dirname(manifestFile), value) : value;
  };
}

/** Reads the commands that the stack's settings allow deliveries to run: a list, or a single one as text. */
export function allowedDeliveryCommands(manifestFile: string, stack: string): string[] {
  const value: unknown = Object(readStackFile(manifestFile, stack)?.config)[`carto:${DELIVERY_COMMANDS}`];
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string");
}

/** Reads the IDs of the protected clients that the stack's settings allow to be deleted. */
export function unprotectedClients(manifestFile: string, stack: string): string[] {
  return entriesOf(stackSettings(manifestFile, stack)("unprotect"));
}

/** Whether {@link stackSettings} are all that the engine passes: no secret among them, and none from an environment of Pulumi Cloud. */
export function settingsArePlain(manifestFile: string, stack: string): boolean {
  const { config, environment } = readStackFile(manifestFile, stack) ?? {};
  const settings = Object.entries(Object(config)).filter(
    ([name]) => name.startsWith("carto:") && name !== `carto:${DELIVERY_COMMANDS}`,
  );
  return environment === undefined && settings.every(([, value]) => typeof value === "string");
}

function readStackFile(manifestFile: string, stack: string): { config?: unknown; environment?: unknown } | undefined {
  const lastName = stack.split("/").at(-1) ?? stack;
  if (!/^[\w.-]+$/.test(lastName)) return undefined;
  try {
    return Object(parse(readFileSync(join(dirname(manifestFile), `Pulumi.${lastName}.yaml`), "utf8")));
  } catch {
    return undefined; // it is not there; one that cannot be read is the engine's to report
  }
}

/** Which hosts the operator trusts: by environment variables and by the stack's settings. */
export function trustIn(manifestFile: string): TrustIn {
  const { variables } = readProcessSettings();
  return ({ name, stack }) => {
    const own = { ...variables, ...variablesOf(name, variables) };
    const { hosts, tenantDomain } = operatorTrust(stackSettings(manifestFile, stack), own);
    const backend = own.PULUMI_BACKEND_URL;
    // A host that is not a bucket's name.
    const named = backend !== undefined && /^(https?|postgres):/i.test(backend) && URL.canParse(backend);
    return { hosts: named ? [...hosts, new URL(backend).host] : hosts, tenantDomain };
  };
}
