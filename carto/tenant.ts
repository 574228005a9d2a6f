import { AccessToken } from "./access-token.ts";
import type { Configuration } from "./configuration.ts";
import { CredentialsApi } from "./credentials-api.ts";
import { type Caller, tenantUrls, whoAmI } from "./discovery.ts";
import { CartoError } from "./errors.ts";
import { type Clock, Http, type HttpOptions } from "./http.ts";
import { Listing } from "./listing.ts";

/** One user's access to one CARTO tenant. Nothing is asked before it is needed, and nothing twice. */
export class Tenant {
  readonly configuration: Configuration;
  readonly listing = new Listing(async () => (await this.api()).list());
  readonly clock: Pick<Clock, "now" | "sleep">;
  readonly #http: Http;
  readonly #token: AccessToken;
  #caller: Promise<Caller> | undefined;
  #api: Promise<CredentialsApi> | undefined;

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

  async #connect(): Promise<CredentialsApi> {
    const url =
      this.configuration.credentialsUrl ?? (await tenantUrls(await this.#tenantDomain(), this.#http)).workspaceUrl;
    return new CredentialsApi(url, this.#token);
  }

  async #tenantDomain(): Promise<string> {
    const domain = this.configuration.tenantDomain ?? (await this.caller()).tenantDomain;
    if (domain) return domain;
    throw new CartoError(
      "unexpected_answer",
      `${this.configuration.accountsUrl} names no tenant for the calling user. Set carto:tenantDomain or carto:credentialsUrl.`,
    );
  }
}
