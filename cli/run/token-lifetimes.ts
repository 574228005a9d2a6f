import { timeLeft } from "../../kinds/api-access-token/expiry.ts";
import type { Environment } from "../../manifest/environment.ts";

/** Tokens that the note lists; the others are counted. */
const MOST_TOKENS = 12;

/**
 * When the declared API Access Tokens expire, in one sentence. Only for reports that ask the engine: one that compares manifests is the
 * same each day.
 *
 * @param now milliseconds since the epoch
 * @returns nothing where no token is declared
 */
export function tokenLifetimes(environments: readonly Pick<Environment, "name" | "clients">[], now: number): string[] {
  const several = environments.length > 1;
  const tokens = environments.flatMap(({ name, clients }) =>
    clients.flatMap((client) => {
      if (client.kind !== "api-access-token") return [];
      const { expirationDate } = client.inputs;
      const place = several ? `${client.logicalName} (${name})` : client.logicalName;
      return [{ place, left: timeLeft(expirationDate, now), until: Date.parse(expirationDate ?? "") }];
    }),
  );
  if (tokens.length === 0) return [];
  const expiring = tokens.filter(({ left }) => left !== undefined).sort((a, b) => a.until - b.until);
  const parts = expiring
    .slice(0, MOST_TOKENS)
    .map(({ place, left }) => (left === "expired" ? `${place} has expired` : `${place} ${left}`));
  const later = expiring.length - parts.length;
  if (later > 0) parts.push(`${later} more later`);
  const never = tokens.length - expiring.length;
  if (never > 0) parts.push(`${never} never`);
  return [`API Access Tokens expire: ${parts.join(", ")}.`];
}
