import type { Page } from "playwright-core";
import type { SpaApp } from "./spa-app.ts";

/** What the page of the application has of Auth0's SDK. */
declare global {
  // biome-ignore lint/suspicious/noExplicitAny: the SDK runs in the page, whose types are not here
  var createAuth0Client: (options: object) => Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: see above
  var auth0: any;
  var document: { title: string };
}

/** A user of the application in a browser, logged in through Auth0's SDK. */
export class AppUser {
  readonly #page: Page;
  readonly #app: SpaApp;
  readonly #domain: string;
  readonly #patienceSeconds: number;

  /** @param patienceSeconds how long a silent renewal may take: short where none is expected to come */
  constructor(page: Page, app: SpaApp, domain: string, patienceSeconds = 30) {
    this.#patienceSeconds = patienceSeconds;
    this.#page = page;
    this.#app = app;
    this.#domain = domain;
  }

  /** Opens the application under a host, and makes Auth0's client in it. */
  async open(host: string, clientId: string, parameters: object = {}): Promise<void> {
    const origin = this.#app.origin(host);
    await this.#page.goto(`${origin}/`);
    await this.setUp(clientId, { redirect_uri: `${origin}/`, ...parameters });
  }

  /** Makes Auth0's client in the page that is open. */
  async setUp(clientId: string, parameters: object): Promise<void> {
    await this.#page.waitForFunction(() => typeof createAuth0Client === "function");
    await this.#page.evaluate(
      async (options) => {
        globalThis.auth0 = await createAuth0Client(options);
      },
      {
        domain: this.#domain,
        clientId,
        authorizeTimeoutInSeconds: this.#patienceSeconds,
        authorizationParams: { audience: "carto-cloud-native-api", ...parameters },
      },
    );
  }

  /** Leaves for the authority. */
  async leaveToLogIn(): Promise<void> {
    await Promise.all([this.#page.waitForURL(/127\.0\.0\.1/), this.#page.evaluate(() => auth0.loginWithRedirect())]);
  }

  async logIn(host: string, clientId: string, parameters: object = {}): Promise<void> {
    await this.open(host, clientId, parameters);
    await this.leaveToLogIn();
    await this.#page.getByLabel("Editor (Emulator Large)").check();
    await this.#page.getByRole("button", { name: "Log in" }).click();
    await this.#page.waitForURL(`${this.#app.origin(host)}/?code=**`);
    await this.setUp(clientId, { redirect_uri: `${this.#app.origin(host)}/`, ...parameters });
    await this.#page.evaluate(() => auth0.handleRedirectCallback());
  }

  /** What the page gets of an API; `"blocked"` when the browser lets it read nothing. */
  callApi(path: string): Promise<{ status: number; body: unknown } | "blocked"> {
    return this.#page.evaluate(async (url) => {
      const headers = { Authorization: `Bearer ${await auth0.getTokenSilently()}` };
      return fetch(url, { headers }).then(
        async (response) => ({ status: response.status, body: (await response.json()) as unknown }),
        () => "blocked" as const,
      );
    }, this.#domain + path);
  }

  /** A token that was renewed without the user, or the error that Auth0's SDK has instead. */
  silently(): Promise<string | { error: string }> {
    return this.#page.evaluate(() =>
      auth0.getTokenSilently({ cacheMode: "off" }).then(
        (token: string) => token,
        (error: { error: string }) => ({ error: error.error }),
      ),
    );
  }
}
