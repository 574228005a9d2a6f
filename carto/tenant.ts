import type { KindId } from "../kinds/index.ts";
import { AccessToken } from "./access-token.ts";
import { ApplicationResources } from "./application-resources.ts";
import { ApplicationsApi } from "./applications-api.ts";
import { ClientResources } from "./client-resources.ts";
import { type Configuration, trustOf } from "./configuration.ts";
import { CredentialsApi } from "./credentials-api.ts";
import { type Caller, tenantUrls, whoAmI } from "./discovery.ts";
import { CartoError } from "./errors.ts";
import { type Clock, type Credential, Http, type HttpOptions } from "./http.ts";
import { Listing } from "./listing.ts";
import type { ResourceService, StoredResource } from "./resource-api.ts";
import { TokenResources } from "./token-resources.ts";
import { TokensApi } from "./tokens-api.ts";
import { isLoopback } from "./trusted-host.ts";

/** One user's access to one CARTO tenant. Nothing is asked before it is needed, and nothing twice. */
export class Tenant {
  readonly configuration: Configuration;
  readonly #clients = new Listing<StoredResource>(async () => (await this.api()).list());
  readonly #tokens = new Listing<StoredResource>(async () => (await this.#tokenResources()).list());
  readonly #applications = new Listing<StoredResource>(async () => (await this.applications()).list());
  readonly clock: Pick<Clock, "now" | "sleep">;
  readonly #http: Http;
  readonly #token: AccessToken;
  #caller: Promise<Caller> | undefined;
  #api: Promise<CredentialsApi> | undefined;
  #applicationsApi: Promise<ApplicationsApi> | undefined;
  #tokensApi: Promise<TokensApi> | undefined;
  #tokenAccess: Promise<TokenResources> | undefined;

  constructor(configuration: Configuration, options: Pick<HttpOptions, "dispatcher" | "clock" | "isWanted"> = {}) {
    const { retryBudgetSeconds, requestsPerSecond } = configuration;
    this.configuration = configuration;
    this.clock = options.clock ?? {
      now: () => Date.now(),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    };
    this.#http = new Http({ retryBudgetSeconds, requestsPerSecond, ...options });
    this.#token = new AccessToken(configuration, this.#http, this.clock);
  }

  api(): Promise<CredentialsApi> {
    this.#api ??= this.#connect().catch((error) => {
      this.#api = undefined; // the next call tries again
      throw error;
    });
    return this.#api;
  }

  /** The applications API of the tenant. */
  applications(): Promise<ApplicationsApi> {
    this.#applicationsApi ??= this.#connectApplications().catch((error) => {
      this.#applicationsApi = undefined;
      throw error;
    });
    return this.#applicationsApi;
  }

  /** The Tokens API of the tenant. */
  tokens(): Promise<TokensApi> {
    this.#tokensApi ??= this.#connectTokens().catch((error) => {
      this.#tokensApi = undefined;
      throw error;
    });
    return this.#tokensApi;
  }

  /** The resources of a kind, whatever API they have. */
  resources(kind: KindId): ResourceService {
    if (kind === "api-access-token") return { api: () => this.#tokenResources(), listing: this.#tokens };
    const { idempotencyKeys } = this.configuration;
    if (kind === "application") {
      return {
        api: async () => new ApplicationResources(await this.applications(), this.clock, idempotencyKeys),
        listing: this.#applications,
      };
    }
    return {
      api: async () => new ClientResources(kind, await this.api(), this.clock, idempotencyKeys),
      listing: this.#clients,
    };
  }

  caller(): Promise<Caller> {
    this.#caller ??= whoAmI(this.configuration, this.#token).catch((error) => {
      this.#caller = undefined;
      throw error;
    });
    return this.#caller;
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  #tokenResources(): Promise<TokenResources> {
    this.#tokenAccess ??= this.tokens().then(
      (api) => new TokenResources(api, this.clock, async () => (await this.caller()).userId),
    );
    return this.#tokenAccess.catch((error) => {
      this.#tokenAccess = undefined;
      throw error;
    });
  }

  async #connectTokens(): Promise<TokensApi> {
    const { apiUrl, namedBy } = this.configuration;
    const trust = trustOf(this.configuration);
    if (apiUrl !== undefined) return new TokensApi(apiUrl, this.#token, { namedBy: namedBy.apiUrl, trust });
    const tenantDomain = await this.#tenantDomain();
    const { baseUrl } = await tenantUrls(tenantDomain, this.#http);
    return new TokensApi(baseUrl, this.#token, {
      namedBy: `the config.yaml of ${tenantDomain}`,
      trust: { ...trust, tenantDomain },
    });
  }

  async #connect(): Promise<CredentialsApi> {
    const { url, destination } = await this.#workspace();
    return new CredentialsApi(url, this.#token, destination);
  }

  async #connectApplications(): Promise<ApplicationsApi> {
    const { url, destination } = await this.#workspace();
    return new ApplicationsApi(url, this.#token, destination);
  }

  async #workspace(): Promise<{ url: string; destination: Pick<Credential, "namedBy" | "trust"> }> {
    const { credentialsUrl, namedBy } = this.configuration;
    const trust = trustOf(this.configuration);
    if (credentialsUrl !== undefined) {
      return { url: credentialsUrl, destination: { namedBy: namedBy.credentialsUrl, trust } };
    }
    const tenantDomain = await this.#tenantDomain();
    const { workspaceUrl } = await tenantUrls(tenantDomain, this.#http);
    const destination = { namedBy: `the config.yaml of ${tenantDomain}`, trust: { ...trust, tenantDomain } };
    return { url: workspaceUrl, destination };
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
