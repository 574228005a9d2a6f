import type { Tenant } from "../carto/tenant.ts";
import type { OAuthClient } from "../kinds/oauth-client/oauth-client.ts";

/** A read may not see a client this young everywhere yet: it is not taken for deleted. */
export const SETTLING_MS = 10_000;
const PAUSE_MS = 500;

/** Reads a client until what comes is right, or the time is over: reads may lag behind writes. */
export async function readUntil(
  { api, clock, name }: { api: Awaited<ReturnType<Tenant["api"]>>; clock: Tenant["clock"]; name?: string | undefined },
  time: number,
  clientId: string,
  isRight: (client: OAuthClient | undefined) => boolean,
): Promise<OAuthClient | undefined> {
  for (;;) {
    const client = await api.get(clientId, name);
    if (isRight(client) || clock.now() > time) return client;
    await clock.sleep(PAUSE_MS);
  }
}
