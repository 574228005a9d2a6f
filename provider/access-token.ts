import { z } from "zod";
import { type Configuration, requireCredentials } from "./configuration.ts";
import { CartoError } from "./errors.ts";
import type { Http } from "./http.ts";

const TokenAnswer = z.object({ access_token: z.string().min(1), token_type: z.string(), expires_in: z.number() });
const Refusal = z.object({ error: z.string().regex(/^[\w-]{1,64}$/) });

/** Renewed this long before it expires, so that no request goes out with a token about to end. */
const MARGIN_MS = 60_000;

/** The bearer token of all calls: given, or exchanged for M2M credentials once and kept in memory until it expires. */
export class AccessToken {
  readonly #configuration: Configuration;
  readonly #http: Http;
  #exchanged: Promise<{ token: string; expiresAt: number }> | undefined;

  constructor(configuration: Configuration, http: Http) {
    this.#configuration = configuration;
    this.#http = http;
  }

  /** @throws CartoError `not_configured`, `unauthorized` or what {@link Http.request} throws. */
  async get(): Promise<string> {
    const credentials = requireCredentials(this.#configuration);
    if ("accessToken" in credentials) return credentials.accessToken;
    // One promise for all: minting tokens is rate limited at CARTO, and calls run side by side.
    this.#exchanged ??= this.#exchange(credentials);
    const current = this.#exchanged;
    try {
      const { token, expiresAt } = await current;
      if (expiresAt - MARGIN_MS > Date.now()) return token;
    } catch (error) {
      if (this.#exchanged === current) this.#exchanged = undefined;
      throw error;
    }
    if (this.#exchanged === current) this.#exchanged = this.#exchange(credentials);
    return (await this.#exchanged).token;
  }

  /**
   * Forgets a token that CARTO refused.
   *
   * @returns whether asking again can help: a token that was given cannot be renewed
   */
  renew(refused: string): Promise<boolean> {
    const current = this.#exchanged;
    if (!current) return Promise.resolve(false);
    return current.then(
      ({ token }) => {
        if (token === refused && this.#exchanged === current) this.#exchanged = undefined;
        return true;
      },
      () => true,
    );
  }

  /** @see CARTO user manual, "M2M OAuth Clients": the client credentials grant */
  async #exchange(credentials: { clientId: string; clientSecret: string; source: string }) {
    const { authUrl, audience } = this.#configuration;
    const answer = await this.#http.request({
      subject: "Exchanging the M2M OAuth client's credentials for an access token",
      method: "POST",
      url: `${authUrl}/oauth/token`,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret,
        audience,
      }).toString(),
      repeatable: true,
    });
    if (answer.status >= 400) {
      const refusal = Refusal.safeParse(answer.body);
      throw new CartoError(
        "unauthorized",
        `The M2M OAuth client ${credentials.clientId} from ${credentials.source} was refused an access token by ${authUrl} ` +
          `(${answer.status}${refusal.success ? `, ${refusal.data.error}` : ""}). Check the client ID, the client secret and the audience "${audience}".`,
        { status: answer.status },
      );
    }
    const parsed = TokenAnswer.safeParse(answer.body);
    if (!parsed.success) {
      throw new CartoError(
        "unexpected_answer",
        `${authUrl}/oauth/token answered without an access token. Check that carto:authUrl is CARTO's OAuth authority.`,
      );
    }
    return { token: parsed.data.access_token, expiresAt: Date.now() + parsed.data.expires_in * 1000 };
  }
}
