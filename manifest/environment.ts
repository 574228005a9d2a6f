import type { Trust } from "../carto/trusted-host.ts";
import { type InputsOf, isKindId, type KindId } from "../kinds/index.ts";
import type { Policy } from "../kinds/policy.ts";
import { quote } from "../kinds/quote.ts";
import { whyNotTrusted } from "../kinds/trusted-domains.ts";
import { misplacedSecrets, untrustedHosts } from "./destinations.ts";
import { type Location, type Path, parsePath } from "./failure.ts";
import { MOST_FAILURES } from "./limits.ts";
import { suggest } from "./suggestion.ts";
import { interpolate, type Lookup } from "./variables.ts";

/** Where CARTO is for an environment; what is unset comes from the provider's own configuration. */
export interface Tenant {
  accountsUrl?: string;
  authUrl?: string;
  credentialsUrl?: string;
  audience?: string;
}

interface Declared<Kind extends KindId> {
  logicalName: string;
  kind: Kind;
  inputs: InputsOf<Kind>;
  /**
   * Where a property was written, e.g. `allowedCallbackUrls[2]`: in the client, the environment's override or the defaults. A
   * property that stands nowhere has the place of the client.
   */
  location(property: string): Location;
}

/** A client as one environment has it: defaults, declaration and override laid over each other, variables filled in. */
export type DeclaredClient = { [Kind in KindId]: Declared<Kind> }[KindId];

/** One deployment of a manifest: a stack and its clients. */
export interface Environment {
  /** As in the manifest; for the clients without environment the name of the stack, or `"default"`. */
  name: string;
  /** `<stack>`, `<organization>/<stack>` or `<organization>/<project>/<stack>`. */
  stack: string;
  /** A backend URL; may carry a password from a variable, so it is never printed. Unset: Pulumi's own choice. */
  backend?: string;
  /** Pulumi secrets provider URL. Unset: a passphrase, or Pulumi Cloud's own. */
  secretsProvider?: string;
  /** Unset: `"standard"`. Already part of the inputs of the clients that set none. */
  policy?: Policy;
  tenant?: Tenant;
  /** Domains whose hosts are routine; under the production policy no other host may be declared. Unset: none, and any may. */
  trustedDomains?: string[];
  /** Where a setting was written, e.g. `tenant.authUrl`; one that stands nowhere has the place of the environment. */
  location(setting: string): Location;
  /** A setting as it is written, e.g. `backend`: without the values of variables, so it may be printed. Undefined: not written. */
  text(setting: string): string | undefined;
  clients: DeclaredClient[];
}

/** A client of a manifest that is refused: its inputs are to be read as anything, a required one may be missing. */
export interface RefusedClient {
  logicalName: string;
  kind: KindId;
  /** By property; right in type where present. */
  inputs: Readonly<Record<string, unknown>>;
  /** As of {@link DeclaredClient}. */
  location(property: string): Location;
}

/** An environment of such a manifest, to be compared or shown. */
export type RefusedEnvironment = Omit<Environment, "clients"> & { clients: RefusedClient[] };

/** A failure of one environment, by the path of what was written. */
export interface EnvironmentFailure {
  path: Path;
  atKey?: boolean;
  reason: string;
  rule: string;
  /** Of variables only: right as written, without value here. */
  unset?: boolean;
  /** Of findings only, as of {@link Finding}. */
  url?: string;
  excuse?: string;
}

/** A client on its way: the properties and where each was written. */
export interface LaidOutClient {
  logicalName: string;
  kind: KindId;
  inputs: Record<string, unknown>;
  /** The path a property, e.g. `allow[0].reason`, was written at. */
  written(property: Path): Path;
}

/** Which hosts the operator trusts with the credentials of an environment. */
export type TrustIn = (environment: { name: string; stack: string }) => Trust;

/** An environment on its way: nothing is checked yet. */
export type LaidOutEnvironment = Omit<Environment, "clients" | "location"> & {
  clients: LaidOutClient[];
  /** The path a setting was written at. */
  written(setting: Path): Path;
};

type Entries = Record<string, unknown>;

const isMap = (value: unknown): value is Entries =>
  typeof value === "object" && value !== null && !Array.isArray(value);
/** Without a prototype: a client may be called `constructor`. */
const entriesOf = (value: unknown): Entries => Object.assign(Object.create(null), isMap(value) ? value : {});

/**
 * Lays one environment over the clients of a manifest.
 *
 * @param name of the environment; unset: the clients as they are
 * @param document the plain data of the manifest, shaped right or wrong: what is shaped wrong is passed over
 * @param trustIn undefined: hosts are not judged
 */
export function layOut(
  document: unknown,
  name: string | undefined,
  stackOption: string | undefined,
  variables: Lookup,
  failures: EnvironmentFailure[],
  trustIn?: TrustIn,
): LaidOutEnvironment {
  const manifest = entriesOf(document);
  const path = name === undefined ? [] : ["environments", name];
  const declared = name === undefined ? {} : entriesOf(entriesOf(manifest.environments)[name]);
  const text = (
    key: "stack" | "backend" | "secretsProvider",
    may: "values" | "settings" | "secrets",
  ): string | undefined => {
    const value = interpolate(declared[key], [...path, key], variables, failures, may);
    return typeof value === "string" ? value : undefined;
  };

  const stack = text("stack", "values") ?? name ?? stackOption;
  const known: Lookup = (variable) => (variable === "stack" ? stackValue(stackOption ?? stack) : variables(variable));
  const policy = declared.policy === "production" || declared.policy === "standard" ? declared.policy : undefined;
  const tenant = interpolate(declared.tenant, [...path, "tenant"], known, failures);
  const backend = text("backend", "secrets");
  const secretsProvider = text("secretsProvider", "settings");
  failures.push(...misplacedSecrets(declared.backend, [...path, "backend"]));
  if (trustIn !== undefined && name !== undefined) {
    failures.push(...untrustedHosts({ tenant, backend }, path, trustIn({ name, stack: stack ?? name })));
  }
  if (typeof declared.backend === "string" && carriesPassword(declared.backend)) {
    failures.push({
      path: [...path, "backend"],
      reason: `carries a password: write a variable in its place, e.g. \${PGPASSWORD}`,
      rule: "no-secret",
    });
  }

  const [trustedDomains, trustedAt] = trustedDomainsOf(declared, path, entriesOf(manifest.defaults));
  failures.push(...trustFailures(trustedDomains, trustedAt));

  const clients: LaidOutClient[] = [];
  const base = entriesOf(manifest.clients);
  const overrides = entriesOf(declared.clients);
  const names = Object.keys(base);
  for (const logicalName of new Set([...names, ...Object.keys(overrides)])) {
    if (failures.length > MOST_FAILURES) break;
    const override = overrides[logicalName];
    const own = base[logicalName];
    const overridePath = [...path, "clients", logicalName];
    const misfit = whyNotLaid(logicalName, own, override, names);
    if (misfit !== undefined) failures.push({ path: overridePath, ...misfit });
    const kind = entriesOf(own).kind ?? entriesOf(override).kind;
    if (override === false || misfit !== undefined || !isKindId(kind)) continue;

    const layers: [unknown, Path][] = [
      [entriesOf(manifest.defaults)[kind], ["defaults", kind]],
      [own, ["clients", logicalName]],
      [override, overridePath],
    ];
    const writtenAt = new Map<string, Path>();
    const inputs: Entries = {};
    for (const [layer, layerPath] of layers) {
      for (const [property, value] of Object.entries(entriesOf(layer))) {
        if (property === "kind") continue;
        if (value === null) delete inputs[property];
        else inputs[property] = value;
        writtenAt.set(property, [...layerPath, property]);
      }
    }
    for (const property of Object.keys(inputs)) {
      const from = writtenAt.get(property) ?? [];
      inputs[property] = interpolate(inputs[property], from, known, failures);
    }
    if (policy !== undefined && inputs.policy === undefined) inputs.policy = policy;
    const home: Path = own === undefined ? overridePath : ["clients", logicalName];
    clients.push({
      logicalName,
      kind,
      inputs,
      written: ([property, ...rest]) => [...(writtenAt.get(String(property)) ?? [...home, String(property)]), ...rest],
    });
  }
  return {
    name: name ?? stack ?? "default",
    stack: stack ?? "default",
    ...(backend === undefined ? {} : { backend }),
    ...(secretsProvider === undefined ? {} : { secretsProvider }),
    ...(policy === undefined ? {} : { policy }),
    ...(isMap(tenant) ? { tenant: tenant as Tenant } : {}),
    ...(trustedDomains === undefined ? {} : { trustedDomains }),
    text: (setting) => {
      const found = parsePath(setting).reduce<unknown>((part, step) => entriesOf(part)[String(step)], declared);
      return typeof found === "string" ? found : undefined;
    },
    written: ([setting, ...rest]) =>
      setting === "trustedDomains"
        ? [...trustedAt, ...rest]
        : setting === "project" || setting === undefined
          ? [...(setting === undefined ? path : [setting])]
          : [...path, setting, ...rest],
    clients,
  };
}

/** Whether the user name of a URL is followed by a password that is written out. */
function carriesPassword(url: string): boolean {
  const userinfo = /^[a-z+.-]+:\/\/([^/@]*)@/i.exec(url)?.[1] ?? "";
  const writtenOut = userinfo.slice(userinfo.lastIndexOf("$") + 1);
  const colon = writtenOut.indexOf(":");
  return colon >= 0 && colon < writtenOut.length - 1;
}

/** The environment's own, else those of `defaults`, and where they are written. */
function trustedDomainsOf(declared: Entries, path: Path, defaults: Entries): [string[] | undefined, Path] {
  const own = declared.trustedDomains !== undefined;
  const list = own ? declared.trustedDomains : defaults.trustedDomains;
  const domains = Array.isArray(list) ? list.filter((domain) => typeof domain === "string") : undefined;
  return [domains, [...(own ? path : ["defaults"]), "trustedDomains"]];
}

function trustFailures(domains: readonly string[] = [], at: Path): EnvironmentFailure[] {
  return domains.flatMap((domain, index) => {
    const problem = whyNotTrusted(domain);
    return problem === undefined
      ? []
      : [{ path: [...at, index], reason: `${quote(domain)} ${problem}`, rule: "trusted-domain" }];
  });
}

function stackValue(stack: string | undefined): ReturnType<Lookup> {
  const value = stack?.split("/").at(-1);
  return value === undefined ? { reason: "has no value: name a stack or an environment" } : { value };
}

/** Why an override fits no client of the manifest. */
function whyNotLaid(
  logicalName: string,
  own: unknown,
  override: unknown,
  declared: readonly string[],
): Omit<EnvironmentFailure, "path"> | undefined {
  const kind = entriesOf(override).kind;
  const ownKind = entriesOf(own).kind;
  if (own !== undefined) {
    if (kind === undefined || kind === ownKind) return undefined;
    return {
      reason: `is "${String(ownKind)}" under \`clients\`: a client cannot change its kind, add another one`,
      rule: "kind",
    };
  }
  if (override === false || (isMap(override) && kind === undefined)) {
    const reason = `"${logicalName}" is not under \`clients\`, and has no \`kind\` to be added here: ${suggest(logicalName, declared)}`;
    return { atKey: true, reason, rule: "unknown-client" };
  }
  return undefined;
}

/** The names of the environments, in the order of the file. */
export function environmentNames(document: unknown): string[] {
  return Object.keys(entriesOf(entriesOf(document).environments));
}

/** `variables` of the manifest, without a prototype. */
export function variablesOf(document: unknown): Readonly<Record<string, unknown>> {
  return entriesOf(entriesOf(document).variables);
}

/** The stack that an environment declares, variables not filled in. */
export function stackOf(document: unknown, name: string): unknown {
  return entriesOf(entriesOf(entriesOf(document).environments)[name]).stack;
}
