import type { Destination } from "../kinds/destination.ts";
import type { InputsOf, KindId } from "../kinds/index.ts";
import type { Policy } from "../kinds/policy.ts";
import type { Location } from "./failure.ts";

/** Where CARTO is for an environment; what is unset comes from the provider's own configuration. */
export interface TenantSettings {
  accountsUrl?: string;
  authUrl?: string;
  credentialsUrl?: string;
  audience?: string;
}

interface Declared<Kind extends KindId> {
  logicalName: string;
  kind: Kind;
  inputs: InputsOf<Kind>;
  /** Earlier logical names: the client of that name is kept. Unset: none. */
  aliases?: string[];
  /** Where `up` writes the credentials. Unset: nowhere. */
  deliver?: Destination[];
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
  /** Previous name of the stack, of the same form: where only that one exists, it is the environment's, and `up` renames it. */
  movedFrom?: string;
  /** A backend URL; may carry a password from a variable, so it is never printed. Unset: Pulumi's own choice. */
  backend?: string;
  /** Pulumi secrets provider URL. Unset: a passphrase, or Pulumi Cloud's own. */
  secretsProvider?: string;
  /** Unset: `"standard"`. Already part of the inputs of the clients that set none. */
  policy?: Policy;
  tenant?: TenantSettings;
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
  aliases?: string[];
  /** As of {@link DeclaredClient}, of any shape. */
  deliver?: unknown;
  /** As of {@link DeclaredClient}. */
  location(property: string): Location;
}

/** An environment of such a manifest, to be compared or shown. */
export type RefusedEnvironment = Omit<Environment, "clients"> & { clients: RefusedClient[] };
