import type { Location } from "../change/change.ts";
import type { Setting } from "../change/environment-exposures.ts";
import type { Policy } from "../kinds/policy.ts";
import { parseSource } from "../manifest/syntax.ts";
import type { ManifestFailure } from "./report.ts";

/** A settings file of a stack. */
export interface StackSettingsFile {
  /** As it shall stand in the report. */
  file: string;
  text: string;
}

/** What of a `Pulumi.<stack>.yaml` a report compares. */
export interface StackSettings {
  policy?: Policy;
  tenant: Record<string, Setting>;
  state: Record<string, Setting>;
  /** Where a setting is written; undefined: not in this file. */
  locate(setting: string): Location | undefined;
  /** Why the file cannot be read: what it hides, nobody knows. */
  failures: ManifestFailure[];
}

/** Where the credentials are sent. */
const TENANT = ["authUrl", "accountsUrl", "credentialsUrl", "tenantDomain", "audience"];

/** Reads a settings file of a stack. */
export function readStackSettings({ file, text }: StackSettingsFile): StackSettings {
  const { source, failures } = text.trim() === "" ? { failures: [] } : parseSource(text);
  const document = entriesOf(source?.value);
  const config = entriesOf(document.config);
  const plain = (text: string): Setting => ({ value: text, text });
  const setting = (key: string): [string, Setting][] => {
    const value = config[key];
    return value === undefined ? [] : [[key, plain(typeof value === "string" ? value : JSON.stringify(value))]];
  };
  const provider = document.secretsprovider;
  return {
    ...(config["carto:policy"] === "production" && { policy: "production" }),
    tenant: Object.fromEntries(TENANT.flatMap((name) => setting(`carto:${name}`))),
    state: typeof provider === "string" ? { secretsprovider: plain(provider) } : {},
    failures: failures.map(({ at, path, reason, rule }) => ({
      property: path.join("."),
      reason,
      rule,
      location: { file, ...at },
    })),
    locate: (name) => {
      const key = name === "policy" ? "carto:policy" : name;
      const path = key === "secretsprovider" ? [key] : ["config", key];
      const isHere = key === "secretsprovider" ? provider !== undefined : config[key] !== undefined;
      return source && isHere ? { file, ...source.locateKey(path) } : undefined;
    },
  };
}

function entriesOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
