import { type Emulator, startEmulator } from "../emulator/index.ts";

/** How an API behaves. */
export interface Conditions {
  /** Each answer comes so much later. Unset: at once. */
  latencyMs?: number;
  /** More calls are answered 429. Unset: unlimited. */
  requestsPerSecond?: number;
}

/** The API that a contestant manages clients through. */
export interface Api extends AsyncDisposable {
  /** Variables by which it is found. */
  env: Record<string, string>;
  /** From now on, instead of what was before. */
  behave(conditions: Conditions): void;
  /** Calls by route since this was asked last; absent routes were not called. */
  takeRequests(): Record<string, number>;
}

/** CARTO, by the emulator. */
export async function startCarto(): Promise<Api> {
  const emulator = await startEmulator();
  const credentialsUrl = `${emulator.url}/workspace-api`;
  const takeRequests = () => {
    const requests = emulator.requests();
    emulator.resetRequests();
    return requests;
  };
  // The accounts API is asked who is calling before a client is changed.
  const env = {
    CARTO_ACCOUNTS_URL: emulator.env.CARTO_ACCOUNTS_URL ?? "",
    CARTO_CREDENTIALS_URL: credentialsUrl,
    CARTO_API_TOKEN: await accessToken(emulator),
  };
  takeRequests();
  return {
    env,
    behave({ latencyMs, requestsPerSecond }) {
      emulator.faults.clear();
      if (latencyMs) emulator.faults.add({ fault: "delay", delayMs: latencyMs });
      if (requestsPerSecond) emulator.faults.add({ fault: "rate-limit", requestsPerSecond });
    },
    takeRequests,
    [Symbol.asyncDispose]: () => emulator.close(),
  };
}

/** A token at hand leaves the calls for getting one out of the comparison. */
async function accessToken({ url, env }: Emulator): Promise<string> {
  const response = await fetch(`${url}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: env.CARTO_M2M_CLIENT_ID ?? "",
      client_secret: env.CARTO_M2M_CLIENT_SECRET ?? "",
      audience: "carto-cloud-native-api",
    }),
  });
  if (!response.ok) throw new Error(`The emulator refused a token: ${response.status}`);
  return ((await response.json()) as { access_token: string }).access_token;
}
