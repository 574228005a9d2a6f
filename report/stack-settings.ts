import type { Location } from "../change/change.ts";
import type { Setting } from "../change/environment-exposures.ts";
import { SECRET } from "../change/shown-value.ts";
import type { Policy } from "../kinds/policy.ts";
import { parseSource } from "../manifest/syntax.ts";
import type { ManifestFailure } from "./report.ts";

/** A settings file of a stack, or of its project. */
export interface StackSettingsFile {
  /** As it shall stand in the report. */
  file: string;
  text: string;
}

/** The parts of `Pulumi.<stack>.yaml`, and of the `Pulumi.yaml` next to it, that a report compares. */
export interface StackSettings {
  policy?: Policy;
  tenant: Record<string, Setting>;
  state: Record<string, Setting>;
  /** Lists of exceptions by setting: each new entry takes a control away. */
  exceptions: Record<string, string[]>;
  /** Where a setting is written; undefined: in neither file. */
  locate(setting: string): Location | undefined;
  /** Why a file cannot be read: what it hides, nobody knows. */
  failures: ManifestFailure[];
}

/** Where the credentials are sent. */
const TENANT = ["authUrl", "accountsUrl", "credentialsUrl", "apiUrl", "tenantDomain", "audience"];

/** A list of whole commands, or one of them. */
const COMMANDS = "carto:deliveryCommands";
/** A file, or JSON. */
const CONTRACT = "carto:contract";
const EXCEPTIONS = ["carto:trustedHosts", "carto:unprotect", COMMANDS, CONTRACT];

/** What decides how the secrets of the state are encrypted. The keys say nothing to a reader. */
const ENCRYPTION = ["secretsprovider", "encryptedkey", "encryptionsalt"];

/** What of a project's file decides where the state is. */
const PROJECT_STATE = [["name"], ["backend", "url"], ["stackConfigDir"]];

/** Reads the settings of a stack as the engine does: what its own file leaves out, the project's file says. */
export function readStackSettings(
  stack: StackSettingsFile | undefined,
  project: StackSettingsFile | undefined,
): StackSettings {
  const [own, common] = [readFile(stack), readFile(project)];
  const config: Record<string, unknown> = {
    ...projectConfig(common.document),
    ...entriesOf(own.document.config),
  };
  const setting = (key: string): [string, Setting][] =>
    config[key] === undefined ? [] : [[key, shownSetting(config[key])]];
  const entries = (key: string) => {
    const value = config[key] ?? "";
    const whole = Array.isArray(value)
      ? value
      : key === COMMANDS || (key === CONTRACT && value)
        ? [value]
        : String(value).split(/[\s,]+/);
    return whole.map(String).filter(Boolean);
  };
  return {
    ...(config["carto:policy"] === "production" && { policy: "production" }),
    tenant: Object.fromEntries(TENANT.flatMap((name) => setting(`carto:${name}`))),
    state: {
      ...Object.fromEntries(ENCRYPTION.flatMap((key) => encryptionSetting(key, own.document[key]))),
      ...Object.fromEntries(PROJECT_STATE.flatMap((path) => projectSetting(path, common.document))),
    },
    exceptions: Object.fromEntries(EXCEPTIONS.map((key) => [key, entries(key)])),
    failures: [...own.failures, ...common.failures],
    locate: (name) => {
      const key = name.replace(/\[\d+\]$/, "");
      if (ENCRYPTION.includes(key)) return own.locate([key]);
      if (key.startsWith(PROJECT_FILE)) return common.locate(key.slice(PROJECT_FILE.length + 1).split("."));
      const path = ["config", key === "policy" ? "carto:policy" : key];
      return own.locate(path) ?? common.locate(path);
    },
  };
}

interface ReadFile {
  document: Readonly<Record<string, unknown>>;
  failures: ManifestFailure[];
  locate(path: readonly string[]): Location | undefined;
}

function readFile(settings: StackSettingsFile | undefined): ReadFile {
  const { file = "", text = "" } = settings ?? {};
  const { source, failures } = text.trim() === "" ? { failures: [] } : parseSource(text);
  const document = entriesOf(source?.value);
  return {
    document,
    failures: failures.map(({ at, path, reason, rule }) => ({
      ...{ property: path.join("."), reason, rule },
      location: { file, ...at },
    })),
    locate: (path) => {
      const isHere = path.reduce<unknown>((value, key) => entriesOf(value)[key], document) !== undefined;
      return source && isHere ? { file, ...source.locateKey([...path]) } : undefined;
    },
  };
}

/** In a project's file a setting is written as it is, or under `value` or `default`; one without namespace is the project's own. */
function projectConfig({ name, config }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(entriesOf(config)).map(([key, setting]) => {
      const { value, default: unset } = entriesOf(setting);
      return [key.includes(":") ? key : `${name}:${key}`, value ?? unset ?? setting];
    }),
  );
}

/** `Pulumi.yaml name`: the manifest has a `project` and a `backend` of its own. */
function projectSetting(path: readonly string[], document: unknown): [string, Setting][] {
  const value = path.reduce((part, key) => entriesOf(part)[key], document);
  return typeof value === "string" ? [[`${PROJECT_FILE} ${path.join(".")}`, shownSetting(value)]] : [];
}

const PROJECT_FILE = "Pulumi.yaml";

function encryptionSetting(key: string, value: unknown): [string, Setting][] {
  if (typeof value !== "string") return [];
  return [[key, key === "secretsprovider" ? shownSetting(value) : { value, text: "(key)" }]];
}

function shownSetting(value: unknown): Setting {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return { value: text, text: "secure" in entriesOf(value) ? SECRET : text };
}

function entriesOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
