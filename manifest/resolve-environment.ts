import type { Trust } from "../carto/trusted-host.ts";
import { isPolicy } from "../kinds/policy.ts";
import { whyNotTrusted } from "../kinds/trusted-domains.ts";
import { quote } from "../kinds/url/quote.ts";
import { misplacedSecrets, untrustedHosts } from "./destinations.ts";
import { type Entries, entriesOf, isMap } from "./document.ts";
import type { Environment, TenantSettings } from "./environment.ts";
import type { EnvironmentFailure } from "./environment-failure.ts";
import { type Path, parsePath } from "./failure.ts";
import { type ResolvedClient, resolveClients } from "./resolve-clients.ts";
import { interpolate, type Lookup } from "./variables.ts";

/** Which hosts the operator trusts with the credentials of an environment. */
export type TrustIn = (environment: { name: string; stack: string }) => Trust;

/** An environment on its way: nothing is checked yet. */
export type ResolvedEnvironment = Omit<Environment, "clients" | "location"> & {
  clients: ResolvedClient[];
  /** The path a setting was written at. */
  written(setting: Path): Path;
};

/**
 * Resolves one environment of a manifest: its settings, and its clients as it has them.
 *
 * @param name of the environment; unset: the clients as they are
 * @param document the plain data of the manifest, shaped right or wrong: what is shaped wrong is passed over
 * @param trustIn undefined: hosts are not checked
 */
export function resolveEnvironment(
  document: unknown,
  name: string | undefined,
  stackOption: string | undefined,
  variables: Lookup,
  failures: EnvironmentFailure[],
  trustIn?: TrustIn,
): ResolvedEnvironment {
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
  const policy = isPolicy(declared.policy) ? declared.policy : undefined;
  const tenant = interpolate(declared.tenant, [...path, "tenant"], known, failures);
  const backend = text("backend", "secrets");
  const secretsProvider = text("secretsProvider", "settings");
  failures.push(...misplacedSecrets(declared.backend, [...path, "backend"]));
  if (trustIn !== undefined && name !== undefined) {
    failures.push(
      ...untrustedHosts({ tenant, backend, secretsProvider }, path, trustIn({ name, stack: stack ?? name })),
    );
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

  return {
    name: name ?? stack ?? "default",
    stack: stack ?? "default",
    ...(typeof declared.moved === "string" && { movedFrom: beside(stack ?? "default", declared.moved) }),
    ...(backend === undefined ? {} : { backend }),
    ...(secretsProvider === undefined ? {} : { secretsProvider }),
    ...(policy === undefined ? {} : { policy }),
    ...(isMap(tenant) ? { tenant: tenant as TenantSettings } : {}),
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
    clients: resolveClients({ manifest, declared, path, policy, variables: known }, failures),
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

/** The stack of this name in the same organization and project. */
function beside(stack: string, name: string): string {
  return [...stack.split("/").slice(0, -1), name].join("/");
}

function stackValue(stack: string | undefined): ReturnType<Lookup> {
  const value = stack?.split("/").at(-1);
  return value === undefined ? { reason: "has no value: name a stack or an environment" } : { value };
}
