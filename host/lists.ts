import { isDeepStrictEqual } from "node:util";
import { type ConfigSource, resolveConfiguration } from "../carto/configuration.ts";
import { Tenant } from "../carto/tenant.ts";
import { KINDS, type KindId } from "../kinds/index.ts";
import type { Properties } from "../kinds/kind.ts";
import { type ClientOutputs, defined, secretsOf, stateOf } from "../provider/client-state.ts";

/** A resource as the state has it. */
export interface RecordedResource {
  kind: KindId;
  id: string;
  /** Secrets may be encrypted. */
  outputs?: Properties;
}

/** How long a busy or absent CARTO is waited for. */
const PATIENCE_SECONDS = 5;

/** CARTO's lists, as a provider with certain settings would read them. */
export class Lists implements AsyncDisposable {
  readonly #tenant: Tenant | undefined;
  #isWanted = true;

  /** @param settings what the engine would pass to the provider */
  constructor(settings: ConfigSource, environment: NodeJS.ProcessEnv) {
    try {
      const configuration = resolveConfiguration(settings, environment);
      if (configuration.credentials === undefined) return;
      const patient = { ...configuration, retryBudgetSeconds: PATIENCE_SECONDS };
      this.#tenant = new Tenant(patient, { isWanted: () => this.#isWanted });
    } catch {
      // The engine's run meets the same, and reports it.
    }
  }

  /** Begins to read the lists of some kinds: for whoever waits for the state. */
  begin(kinds: Iterable<KindId>): void {
    for (const kind of new Set(kinds))
      this.#tenant
        ?.resources(kind)
        .listing.find("")
        .catch(() => {});
  }

  /**
   * Whether a refresh would leave all resources as the state has them, as far as CARTO's lists show: each is listed, was not updated
   * since, and reading it would record what is recorded. False: they have to be read one by one, for example to find out whether
   * one that is not listed was deleted, or why CARTO does not answer.
   */
  async showUnchanged(resources: readonly RecordedResource[]): Promise<boolean> {
    const tenant = this.#tenant;
    if (tenant === undefined) return false;
    try {
      for (const resource of resources) if (!(await isUnchanged(resource, tenant))) return false;
      return true;
    } catch {
      return false; // as above
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isWanted = false;
    await this.#tenant?.close(true); // a stack that cannot be read is told at once, however slow CARTO is
  }
}

async function isUnchanged({ kind, id, outputs = {} }: RecordedResource, tenant: Tenant): Promise<boolean> {
  const { __provider, ...recorded }: Partial<ClientOutputs> & Properties = outputs;
  if (__provider === undefined || recorded.updatedAt === undefined || recorded.__unconfirmed) return false;
  const { listing, api } = tenant.resources(kind);
  const secrets = secretsOf(KINDS[kind], recorded);
  if (Object.keys(secrets).length === 0 && !(await api()).listsWhole) return false;
  const listed = await listing.find(id);
  if (listed === undefined || listed.updatedAt !== recorded.updatedAt) return false;
  const { id: _, ...read } = stateOf(KINDS[kind], { ...secrets, ...defined(listed) }, recorded);
  // As the engine would record it: what is undefined is not there.
  return isDeepStrictEqual(JSON.parse(JSON.stringify(read)), recorded);
}
