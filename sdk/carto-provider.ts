import * as pulumi from "@pulumi/pulumi";
import { SETTING_TABLE, SETTINGS, TENANT_FROM, whyUnknown } from "../carto/settings.ts";
import type { Policy } from "../kinds/policy.ts";
import { packageVersion, providerFace } from "./provider-face.ts";

/**
 * An argument that is unset comes from the stack configuration, else from the environment (see README,
 * "Configuration"). Only who logs in where is never mixed: with one of the first eight arguments given, none of them
 * is taken from the stack configuration.
 */
export interface CartoProviderArgs {
  /** An OAuth access token with the audience `carto-cloud-native-api`. Stored as a secret. */
  accessToken?: pulumi.Input<string | undefined>;
  /** Client ID of the M2M OAuth client to log in with. */
  clientId?: pulumi.Input<string | undefined>;
  /** Its client secret. Stored as a secret. */
  clientSecret?: pulumi.Input<string | undefined>;
  /** Base URL of the OAuth authority. Unset everywhere: `https://auth.carto.com`. */
  authUrl?: pulumi.Input<string | undefined>;
  /** Base URL of the accounts API. Unset everywhere: `https://accounts.app.carto.com`. */
  accountsUrl?: pulumi.Input<string | undefined>;
  /** Base URL of the tenant's workspace API. Unset everywhere: discovered. */
  credentialsUrl?: pulumi.Input<string | undefined>;
  /** Base URL of the tenant's API, for API Access Tokens. Unset everywhere: discovered. */
  apiUrl?: pulumi.Input<string | undefined>;
  /** Host of the tenant. Unset everywhere: discovered. */
  tenantDomain?: pulumi.Input<string | undefined>;
  /** Unset everywhere: `carto-cloud-native-api`. */
  audience?: pulumi.Input<string | undefined>;
  /**
   * Hosts that may receive credentials besides those of carto.com, of the tenant's own domain, and of the URLs above, e.g.
   * `["carto.example.com"]`. Those of `CARTO_TRUSTED_HOSTS` are added. Unset: none.
   */
  trustedHosts?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Of clients that set none. Unset everywhere: `"standard"`. */
  policy?: pulumi.Input<Policy | undefined>;
  /** Seconds that one call may wait for a busy API. Unset: 120. */
  retryBudgetSeconds?: pulumi.Input<number | undefined>;
  /** Unset: unlimited. */
  requestsPerSecond?: pulumi.Input<number | undefined>;
  /** Whether the API honours `Idempotency-Key`. Unset: `true`. Assumed, not documented by CARTO. */
  idempotencyKeys?: pulumi.Input<boolean | undefined>;
  /**
   * Where the tenant's API differs from the assumed contract: a YAML or JSON file, relative to the directory of Pulumi.yaml, or the same as an
   * object. Unset everywhere: as assumed.
   */
  contract?: pulumi.Input<string | object | undefined>;
  /** Client IDs, with commas between, that may be deleted although they are protected. Unset: none. */
  unprotect?: pulumi.Input<string | undefined>;
}

type Setting = keyof CartoProviderArgs;
const ALL = SETTINGS as readonly Setting[];
const IDENTITY = ALL.filter((name) => SETTING_TABLE[name]?.identifies);
const BEHAVIOUR = ALL.filter((name) => !SETTING_TABLE[name]?.identifies);

/** Where the arguments come from, for the rule on where credentials may go. Unset: the program. */
const FROM_MANIFEST = Symbol("from a manifest");

/**
 * A CARTO tenant and user, for programs that manage several: pass it as `{ provider }`. A program with one tenant needs none, the stack
 * configuration does.
 */
export class CartoProvider extends pulumi.ProviderResource {
  /** Of the clients of this provider that set none; unset where the stack configuration sets none either. */
  readonly policy: pulumi.Output<Policy | undefined>;

  /** @throws pulumi.RunError When there is an argument of another name. */
  constructor(name: string, args: CartoProviderArgs = {}, options?: pulumi.ResourceOptions) {
    const unknown = Object.keys(args).flatMap((argument) => whyUnknown(argument, "") ?? []);
    if (unknown.length > 0) throw new pulumi.RunError(`CartoProvider ${JSON.stringify(name)}: ${unknown.join(" ")}`);
    const stack = new pulumi.Config("carto");
    const isSecret = (setting: Setting) => SETTING_TABLE[setting]?.secret === true;
    const fromStack = (setting: Setting) => (isSecret(setting) ? stack.getSecret(setting) : stack.get(setting));
    const inherited = IDENTITY.some((setting) => args[setting] !== undefined) ? BEHAVIOUR : [...IDENTITY, ...BEHAVIOUR];
    const settings: Record<string, pulumi.Output<string> | string> = {};
    for (const setting of [...IDENTITY, ...BEHAVIOUR]) {
      const value = args[setting] ?? (inherited.includes(setting) ? fromStack(setting) : undefined);
      if (value === undefined) continue;
      const text = pulumi.output(value).apply((one) => textOf(setting, one));
      settings[setting] = isSecret(setting) ? pulumi.secret(text) : text;
    }
    if (FROM_MANIFEST in args) settings[TENANT_FROM] = "manifest";
    if (providerFace() === "plugin") super("carto", name, settings, { ...options, version: packageVersion() });
    else super("pulumi-nodejs", name, withNamespace(settings), options);
    this.policy = pulumi.output(settings.policy) as pulumi.Output<Policy | undefined>;
  }
}

/** Stack configuration is text, and so are these. */
function textOf(setting: Setting, value: unknown): string {
  return setting === "contract" && typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The arguments of a manifest's `tenant`: its URLs do not make their hosts trusted. */
export function fromManifest(args: CartoProviderArgs): CartoProviderArgs {
  return Object.assign({ [FROM_MANIFEST]: true }, args);
}

/** The engine's dynamic provider serves other packages as well. */
function withNamespace(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`carto:${name}`, value]));
}
