import type { KindId } from "../kinds/index.ts";
import type { ClientKind } from "../kinds/oauth-client/oauth-client.ts";
import { AccessToken } from "./access-token.ts";
import { ApplicationResources } from "./application-resources.ts";
import { ApplicationsApi } from "./applications-api.ts";
import { ClientResources } from "./client-resources.ts";
import { type Configuration, trustOf } from "./configuration.ts";
import { type LoadedContract, loadContract } from "./contract-file.ts";
import type { SendRequest } from "./contract-study.ts";
import { CredentialsApi } from "./credentials-api.ts";
import { type Caller, tenantUrls, whoAmI } from "./discovery.ts";
import { CartoError } from "./errors.ts";
import { type Clock, Http, type HttpOptions } from "./http.ts";
import { Listing } from "./listing.ts";
import { Once } from "./once.ts";
import type { ResourceService, StoredResource } from "./resource-api.ts";
import type { ApiPlace } from "./rest-api.ts";
import { TokenResources } from "./token-resources.ts";
import { TokensApi } from "./tokens-api.ts";
import { isLoopback } from "./trusted-host.ts";

type Destination = Pick<ApiPlace, "baseUrl" | "destination">;

/** One user's access to one CARTO tenant. Nothing is asked before it is needed, and nothing twice. */
export class Tenant {
  readonly configuration: Configuration;
  readonly clock: Pick<Clock, "now" | "sleep">;
  readonly #http: Http;
  readonly #token: AccessToken;
  readonly #contract = new Once(() => loadContract(this.configuration.contract));
  readonly #caller = new Once(() => whoAmI(this.configuration, this.#token));
  readonly #credentialsApi = new Once(async () => new CredentialsApi(await this.#place(await this.#workspace())));
  readonly #applicationsApi = new Once(async () => new ApplicationsApi(await this.#place(await this.#workspace())));
  readonly #tokensApi = new Once(async () => new TokensApi(await this.#place(await this.#apiBase())));
  readonly #tokenResources = new Once(
    async () => new TokenResources(await this.tokens(), this.clock, async () => (await this.caller()).userId),
  );
  readonly #services: Record<KindId, ResourceService>;

  constructor(configuration: Configuration, options: Pick<HttpOptions, "dispatcher" | "clock" | "isWanted"> = {}) {
    const { retryBudgetSeconds, requestsPerSecond, idempotencyKeys } = configuration;
    this.configuration = configuration;
    this.clock = options.clock ?? {
      now: () => Date.now(),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    };
    this.#http = new Http({ retryBudgetSeconds, requestsPerSecond, ...options });
    this.#token = new AccessToken(configuration, this.#http, this.clock);
    const clients = new Listing<StoredResource>(async () => (await this.api()).list());
    const clientService = (kind: ClientKind): ResourceService => ({
      api: async () => new ClientResources(kind, await this.api(), this.clock, idempotencyKeys),
      listing: clients,
    });
    this.#services = {
      spa: clientService("spa"),
      m2m: clientService("m2m"),
      "api-access-token": {
        api: () => this.#tokenResources.get(),
        listing: new Listing(async () => (await this.#tokenResources.get()).list()),
      },
      application: {
        api: async () => new ApplicationResources(await this.applications(), this.clock, idempotencyKeys),
        listing: new Listing(async () => (await this.applications()).list()),
      },
    };
  }

  /** The contract in force. */
  contract(): Promise<LoadedContract> {
    return this.#contract.get();
  }

  /** Sends single requests to the workspace API, whatever contract it has. */
  async requests(): Promise<{ send: SendRequest; secrets: readonly string[] }> {
    const { baseUrl, destination } = await this.#workspace();
    const send: SendRequest = ({ path, ...request }) =>
      this.#token.send({ ...request, url: `${baseUrl}${path}` }, destination);
    await this.#token.get();
    return { send, secrets: this.#token.secrets() };
  }

  /** The API for OAuth clients. */
  api(): Promise<CredentialsApi> {
    return this.#credentialsApi.get();
  }

  /** The applications API of the tenant. */
  applications(): Promise<ApplicationsApi> {
    return this.#applicationsApi.get();
  }

  /** The Tokens API of the tenant. */
  tokens(): Promise<TokensApi> {
    return this.#tokensApi.get();
  }

  /** The resources of a kind, whatever API they have. */
  resources(kind: KindId): ResourceService {
    return this.#services[kind];
  }

  /** Whose credentials these are. */
  caller(): Promise<Caller> {
    return this.#caller.get();
  }

  /** @param abandon whether requests that are under way are ended, instead of waited for. Unset: false */
  close(abandon?: boolean): Promise<void> {
    return this.#http.close(abandon);
  }

  async #place(at: Destination): Promise<ApiPlace> {
    return { ...at, token: this.#token, terms: (await this.contract()).contract };
  }

  async #apiBase(): Promise<Destination> {
    const { apiUrl, namedBy } = this.configuration;
    if (apiUrl === undefined) return this.#discovered("baseUrl");
    return { baseUrl: apiUrl, destination: { namedBy: namedBy.apiUrl, trust: trustOf(this.configuration) } };
  }

  async #workspace(): Promise<Destination> {
    const { credentialsUrl, namedBy } = this.configuration;
    if (credentialsUrl === undefined) return this.#discovered("workspaceUrl");
    return {
      baseUrl: credentialsUrl,
      destination: { namedBy: namedBy.credentialsUrl, trust: trustOf(this.configuration) },
    };
  }

  async #discovered(name: "baseUrl" | "workspaceUrl"): Promise<Destination> {
    const tenantDomain = await this.#tenantDomain();
    const urls = await tenantUrls(tenantDomain, this.#http);
    const trust = { ...trustOf(this.configuration), tenantDomain };
    return { baseUrl: urls[name], destination: { namedBy: `the config.yaml of ${tenantDomain}`, trust } };
  }

  async #tenantDomain(): Promise<string> {
    const { accountsUrl, trustedHosts } = this.configuration;
    if (this.configuration.tenantDomain !== undefined) return this.configuration.tenantDomain;
    const { tenantDomain: domain } = await this.caller();
    if (domain === undefined) {
      throw new CartoError(
        "unexpected_answer",
        `${accountsUrl} names no tenant for the calling user. Set carto:tenantDomain or carto:credentialsUrl.`,
      );
    }
    if (isLoopback(domain) && !isLoopback(new URL(accountsUrl).host) && !trustedHosts.includes(domain)) {
      throw new CartoError(
        "untrusted_host",
        `${accountsUrl} names ${JSON.stringify(domain)}, this machine, as the tenant's domain, so nothing was sent there. If it is right, set carto:tenantDomain or CARTO_TENANT_DOMAIN to it.`,
      );
    }
    return domain;
  }
}
