import { MockAgent } from "undici";
import { type Configuration, resolveConfiguration } from "../../carto/configuration.ts";
import type { Clock } from "../../carto/http.ts";
import { Tenant } from "../../carto/tenant.ts";
import { FakeClock } from "../../harness/fake-clock.ts";

export const AUTH = "https://auth.example.com";
const API = "https://workspace.example.com";
export const CLIENTS = "/credentials/oauth-clients";

/** A tenant whose answers a test writes: no sockets, and time that passes by sleeping only. */
export class TenantFixture implements AsyncDisposable {
  readonly agent = new MockAgent();
  readonly clock = new FakeClock();
  readonly tenant: Tenant;

  constructor(settings: Record<string, string> = {}, clock?: Clock) {
    this.agent.disableNetConnect();
    this.tenant = new Tenant(configuration(settings), { dispatcher: this.agent, clock: clock ?? this.clock });
  }

  /** Answers a call of the token endpoint. */
  token(token = "token-1", expiresInSeconds = 86_400) {
    const body = { access_token: token, token_type: "Bearer", expires_in: expiresInSeconds };
    return this.agent.get(AUTH).intercept({ path: "/oauth/token", method: "POST" }).reply(200, body);
  }

  /** Waits for one call of the credentials API with this token. */
  on(method: string, path = CLIENTS, token = "token-1") {
    const headers = { authorization: `Bearer ${token}` };
    return this.agent.get(API).intercept({ path, method, headers });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.agent.close();
  }
}

function configuration(settings: Record<string, string> = {}): Configuration {
  const all: Record<string, string> = {
    clientId: "manager",
    clientSecret: "s3cret",
    authUrl: AUTH,
    accountsUrl: "https://accounts.example.com",
    credentialsUrl: API,
    trustedHosts: "example.com",
    ...settings,
  };
  return resolveConfiguration((setting) => all[setting], {});
}
