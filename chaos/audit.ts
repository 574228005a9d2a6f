import type { Emulator } from "../emulator/index.ts";
import { CartoSession, CLIENTS } from "../harness/carto-session.ts";
import { readCartoName } from "../kinds/api-access-token/carto-name.ts";
import { fingerprint } from "../kinds/api-access-token/fingerprint.ts";
import type { Declaration, DeclaredClient } from "./schedule.ts";
import type { StateClient } from "./stack.ts";

/** What is wrong between declaration, state and CARTO: all zero when nothing is. */
export interface Findings {
  /** Clients, tokens or applications of one resource beyond the first, in the state or at CARTO. */
  duplicates: number;
  /** Those at CARTO that the state does not know. */
  orphans: number;
  /** Those in the state that CARTO does not have, or whose secret is missing or another one. */
  lost: number;
  /** Declared ones that are missing, or whose values at CARTO are not the declared ones. */
  stale: number;
}

/** Something at CARTO, whatever it is. */
interface Found {
  id: string;
  name: string;
  /** Undefined: it has none. */
  secret(): Promise<string | undefined>;
  /** Whether everything that may be declared of it is as declared. */
  is(declared: DeclaredClient): boolean;
}

/** Compares the declaration, the state and CARTO. */
export async function audit(emulator: Emulator, state: StateClient[], declared: Declaration): Promise<Findings> {
  const atCarto = await everything(emulator);
  const findings = { duplicates: 0, orphans: 0, lost: 0, stale: 0 };
  const inState = new Map(state.map((client) => [client.logicalName, client]));
  findings.duplicates += state.length - inState.size;
  for (const { id, name } of atCarto.values()) {
    if (state.some(({ clientId }) => clientId === id)) continue;
    if (inState.has(name.split(" ")[0] ?? "")) findings.duplicates += 1;
    else findings.orphans += 1;
  }
  for (const { clientId, clientSecret } of state) {
    const found = atCarto.get(clientId);
    if (found === undefined || (await found.secret()) !== clientSecret) findings.lost += 1;
  }
  for (const [logicalName, client] of Object.entries(declared)) {
    const found = atCarto.get(inState.get(logicalName)?.clientId ?? "");
    if (found?.name !== client.name || !found.is(client)) findings.stale += 1;
  }
  return findings;
}

/** All that there is at CARTO, by ID. */
async function everything(emulator: Emulator): Promise<Map<string, Found>> {
  const session = await CartoSession.open(emulator);
  const clients = emulator.clients().map(
    ({ client_id: id, title: name, callbacks }): Found => ({
      id,
      name,
      secret: async () => (await session.call("GET", `${CLIENTS}/${id}`)).body.client_secret,
      is: ({ applicationLoginUrl, allowedCallbackUrls }) =>
        applicationLoginUrl === undefined ||
        callbacks?.join() === (allowedCallbackUrls ?? [applicationLoginUrl]).join(),
    }),
  );
  const { body } = await session.call("GET", "/api/v3/tokens");
  const tokens = body.data.map(
    ({ token, name, grants }: { token: string; name: string; grants: { source?: string }[] }): Found => ({
      id: fingerprint(token),
      name: readCartoName(name).name,
      secret: async () => token,
      is: (declared) =>
        grants.map(({ source }) => source).join() === declared.grants?.map(({ source }) => source).join(),
    }),
  );
  const applications = emulator.applications().map(
    ({ application_id: id, name, app_url, description }): Found => ({
      id,
      name,
      secret: async () => undefined,
      is: (declared) => app_url === declared.appUrl && (description ?? "") === (declared.description ?? ""),
    }),
  );
  return new Map([...clients, ...tokens, ...applications].map((found: Found) => [found.id, found]));
}
