import type { OAuthClient } from "../kinds/oauth-client/oauth-client.ts";

/** The calling user's clients, listed once for all reads of a process, until this process changes one. */
export class Listing {
  readonly #list: () => Promise<OAuthClient[]>;
  #byId: Promise<Map<string, OAuthClient>> | undefined;

  constructor(list: () => Promise<OAuthClient[]>) {
    this.#list = list;
  }

  async find(clientId: string): Promise<OAuthClient | undefined> {
    this.#byId ??= this.#list().then((clients) => new Map(clients.map((client) => [client.id, client])));
    const current = this.#byId;
    try {
      return (await current).get(clientId);
    } catch (error) {
      if (this.#byId === current) this.#byId = undefined; // the next read asks again
      throw error;
    }
  }

  forget(): void {
    this.#byId = undefined;
  }
}
