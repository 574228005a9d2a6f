import { z } from "zod";
import { type Configuration, requireCredentials, trustOf } from "./configuration.ts";
import { CartoError } from "./errors.ts";
import type { Clock, Credential, Http, HttpAnswer, HttpRequest } from "./http.ts";
import { serverText } from "./server-text.ts";
import type { Trust } from "./trusted-host.ts";

const TokenAnswer = z.object({ access_token: z.string().min(1), token_type: z.string(), expires_in: z.number() });
const Refusal = z.object({
  error: z.string().regex(/^[\w-]{1,64}$/),
  error_description: z.string().optional(),
  description: z.string().optional(),
});

/** Renewed this long before it expires, so that no request goes out with a token about to end. */
const LONGEST_MARGIN_SECONDS = 60;

/** The bearer token that all calls send: given, or exchanged for M2M credentials once and kept in memory until it expires. */
export class AccessToken {
  readonly #configuration: Configuration;
  readonly #http: Http;
  readonly #clock: Pick<Clock, "now">;
  readonly #trust: Trust;
  #exchanged: Promise<{ token: string; renewAt: number }> | undefined;
  #lastToken: string[] = [];

  constructor(configuration: Configuration, http: Http, clock: Pick<Clock, "now">) {
    this.#configuration = configuration;
    this.#trust = trustOf(configuration);
    this.#http = http;
    this.#clock = clock;
  }

  /** Sends a request with the token; once more with a new one where CARTO refuses it (401) and a new one can be had. */
  async send(request: HttpRequest, destination: Pick<Credential, "namedBy" | "trust">): Promise<HttpAnswer> {
    let unconfirmed = false;
    for (let renewed = false; ; renewed = true) {
      let token = "";
      const authorization = async () => {
        token = await this.get();
        return `Bearer ${token}`;
      };
      const answer = await this.#http.request({ ...request, credential: { ...destination, authorization } });
      unconfirmed ||= answer.unconfirmed;
      if (answer.status !== 401 || renewed || !(await this.#renew(token))) return { ...answer, unconfirmed };
    }
  }

  /** What no message may show: the credentials, and the token they were exchanged for. */
  secrets(): string[] {
    const { credentials } = this.#configuration;
    if (credentials === undefined) return this.#lastToken;
    return [...this.#lastToken, "accessToken" in credentials ? credentials.accessToken : credentials.clientSecret];
  }

  /** @throws CartoError `not_configured`, `unauthorized` or what {@link Http.request} throws. */
  async get(): Promise<string> {
    const credentials = requireCredentials(this.#configuration);
    if ("accessToken" in credentials) return credentials.accessToken;
    // One promise for all: minting tokens is rate limited at CARTO, and calls run side by side.
    this.#exchanged ??= this.#exchange(credentials);
    const current = this.#exchanged;
    try {
      const { token, renewAt } = await current;
      if (renewAt > this.#clock.now()) return token;
    } catch (error) {
      // Credentials that were refused stay refused: asking again for each of a thousand clients would lock them.
      const final = error instanceof CartoError && error.code === "unauthorized";
      if (!final && this.#exchanged === current) this.#exchanged = undefined;
      throw error;
    }
    if (this.#exchanged === current) this.#exchanged = this.#exchange(credentials);
    return (await this.#exchanged).token;
  }

  /** Forgets a token that CARTO refused; false where it was given and cannot be renewed. */
  async #renew(refused: string): Promise<boolean> {
    const current = this.#exchanged;
    if (!current) return false;
    const { token } = await current;
    if (token === refused && this.#exchanged === current) this.#exchanged = undefined;
    return true;
  }

  /** @see CARTO user manual, "M2M OAuth Clients": the client credentials grant */
  async #exchange(credentials: { clientId: string; clientSecret: string; source: string }) {
    const { authUrl, audience, namedBy } = this.#configuration;
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
      urgent: true,
      credential: { namedBy: namedBy.authUrl, trust: this.#trust },
    });
    if (answer.status >= 400) throw this.#refusal(credentials, answer);
    const parsed = TokenAnswer.safeParse(answer.body);
    if (!parsed.success) {
      throw new CartoError(
        "unexpected_answer",
        `${authUrl}/oauth/token answered ${answer.status} without an access token. Check that carto:authUrl is CARTO's OAuth authority.`,
      );
    }
    const { access_token: token, expires_in: seconds } = parsed.data;
    const margin = Math.min(LONGEST_MARGIN_SECONDS, seconds / 2);
    this.#lastToken = [token];
    return { token, renewAt: this.#clock.now() + (seconds - margin) * 1000 };
  }

  /** Only 400, 401 and 403 speak of the credentials; the rest, such as 404, speaks of the URL. */
  #refusal({ clientId, source }: { clientId: string; source: string }, { status, body }: HttpAnswer): CartoError {
    const { authUrl, audience } = this.#configuration;
    const parsed = Refusal.safeParse(body);
    const said = parsed.success ? [parsed.data.error, parsed.data.error_description ?? parsed.data.description] : [];
    const [error, description] = said.map((text) => serverText(text, this.secrets()));
    const answered = `${status}${error ? `, ${error}` : ""}${description ? `: ${description}` : ""}`;
    if (![400, 401, 403].includes(status)) {
      return new CartoError(
        "unexpected_answer",
        `${authUrl}/oauth/token does not exchange credentials for an access token (${answered}). Check that carto:authUrl is CARTO's OAuth authority.`,
        { status },
      );
    }
    return new CartoError(
      "unauthorized",
      `The M2M OAuth client ${clientId} from ${source} was refused an access token by ${authUrl} (${answered}). ` +
        `Check the client ID, the client secret and the audience "${audience}".`,
      { status },
    );
  }
}
