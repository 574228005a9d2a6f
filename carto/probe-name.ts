import { randomUUID } from "node:crypto";
import type { OAuthClient } from "../kinds/oauth-client/oauth-client.ts";

/** A client that a probe created and did not delete. */
export interface LeftProbe {
  id: string;
  /** When the probe began: milliseconds since the epoch. */
  sinceMs: number;
}

const NAME =
  /^pulumi-carto probe (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) [0-9a-f]{8}: may be deleted(?: \(updated\))?$/;

/** The name of a probe's client at CARTO, which says what it is. */
export function probeName(now: Date): string {
  return `pulumi-carto probe ${now.toISOString()} ${randomUUID().slice(0, 8)}: may be deleted`;
}

/** The name that a probe's update gives its client. */
export function updatedName(name: string): string {
  return `${name} (updated)`;
}

/** Of a list of clients, those of probes: left behind by one that was killed, or of one that still runs. */
export function leftProbes(clients: readonly OAuthClient[]): LeftProbe[] {
  return clients.flatMap(({ id, name }) => {
    const sinceMs = Date.parse(NAME.exec(name)?.[1] ?? "");
    return Number.isNaN(sinceMs) ? [] : [{ id, sinceMs }];
  });
}

/** E.g. `4jpQ1X (since 2026-07-01T08:00:00.000Z)`, of each. */
export function leftText(left: readonly LeftProbe[]): string {
  return left.map(({ id, sinceMs }) => `${id} (since ${new Date(sinceMs).toISOString()})`).join(", ");
}
