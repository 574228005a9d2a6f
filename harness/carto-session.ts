import type { Identity } from "../emulator/index.ts";
import { AUDIENCE } from "../emulator/index.ts";
import type { EmulatorAddress } from "./emulator-process.ts";

/** Path of the credentials API. */
export const CLIENTS = "/workspace-api/credentials/oauth-clients";

/** An answer whose body was JSON, or `{}` where there was none. */
export interface Reply {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
}

/** Calls an emulator as one of the seeded identities: with a token of its management client. */
export class CartoSession {
  readonly emulator: EmulatorAddress;
  readonly token: string;

  constructor(emulator: EmulatorAddress, token: string) {
    this.emulator = emulator;
    this.token = token;
  }

  static async open(emulator: EmulatorAddress, identity: Identity = "admin"): Promise<CartoSession> {
    const env = emulator.envFor(identity);
    const { body } = await tokenFor(emulator, env.CARTO_M2M_CLIENT_ID ?? "", env.CARTO_M2M_CLIENT_SECRET ?? "");
    return new CartoSession(emulator, body.access_token);
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const response = await fetch(this.emulator.url + path, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return reply(response);
  }
}

/** Asks the authority for a token of an M2M client. */
export async function tokenFor(
  emulator: EmulatorAddress,
  clientId: string,
  clientSecret: string,
  audience: string = AUDIENCE,
): Promise<Reply> {
  const form = {
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    audience,
  };
  return reply(await fetch(`${emulator.url}/oauth/token`, { method: "POST", body: new URLSearchParams(form) }));
}

async function reply(response: Response): Promise<Reply> {
  const text = await response.text();
  const json = response.headers.get("content-type")?.includes("json");
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
}
