import type { Emulator } from "../emulator/index.ts";
import { CartoSession, CLIENTS } from "../harness/carto-session.ts";
import type { Declaration } from "./schedule.ts";
import type { StateClient } from "./stack.ts";

/** What is wrong between declaration, state and CARTO: all zero when nothing is. */
export interface Findings {
  /** Clients of one resource beyond the first, in the state or at CARTO. */
  duplicates: number;
  /** Clients at CARTO that the state does not know. */
  orphans: number;
  /** Clients in the state that CARTO does not have, or whose secret is missing or another one. */
  lost: number;
  /** Declared clients that are missing, or whose values at CARTO are not the declared ones. */
  stale: number;
}

/** Compares declaration, state and CARTO. */
export async function audit(emulator: Emulator, state: StateClient[], declared: Declaration): Promise<Findings> {
  const session = await CartoSession.open(emulator);
  const findings = { duplicates: 0, orphans: 0, lost: 0, stale: 0 };
  const inState = new Map(state.map((client) => [client.logicalName, client]));
  findings.duplicates += state.length - inState.size;
  for (const { client_id, title } of emulator.clients()) {
    if (state.some(({ clientId }) => clientId === client_id)) continue;
    if (inState.has(title.split(" ")[0] ?? "")) findings.duplicates += 1;
    else findings.orphans += 1;
  }
  for (const { clientId, clientSecret } of state) {
    const { status, body } = await session.call("GET", `${CLIENTS}/${clientId}`);
    if (status !== 200 || body.client_secret !== clientSecret) findings.lost += 1;
  }
  for (const [logicalName, { name, applicationLoginUrl, allowedCallbackUrls }] of Object.entries(declared)) {
    const id = inState.get(logicalName)?.clientId;
    const client = emulator.clients().find(({ client_id }) => client_id === id);
    const callbacks = (allowedCallbackUrls ?? [applicationLoginUrl]).join();
    if (client?.title !== name || (applicationLoginUrl !== undefined && client.callbacks?.join() !== callbacks)) {
      findings.stale += 1;
    }
  }
  return findings;
}
