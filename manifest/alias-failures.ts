import type { EnvironmentFailure } from "./environment-failure.ts";
import type { ResolvedClient } from "./resolve-clients.ts";

/** Aliases that no client of the environment can have: an old name leads to one client, and is no longer declared. */
export function aliasFailures(clients: readonly ResolvedClient[]): EnvironmentFailure[] {
  const declared = new Set(clients.map(({ logicalName }) => logicalName));
  const owners = new Map<string, string>();
  return clients.flatMap((client) =>
    client.aliases.flatMap((alias, index) => {
      const reason = whyNot(alias, client.logicalName, declared, owners.get(alias));
      owners.set(alias, client.logicalName);
      return reason === undefined ? [] : [{ path: client.written(["aliases", index]), reason, rule: "alias" }];
    }),
  );
}

function whyNot(
  alias: string,
  own: string,
  declared: ReadonlySet<string>,
  owner: string | undefined,
): string | undefined {
  if (alias === own) return `"${alias}" is the client's own name: remove the alias`;
  if (declared.has(alias)) return `"${alias}" is still declared as a client: remove it, or remove the alias`;
  if (owner !== undefined) return `"${alias}" is already an alias of "${owner}": keep one of them`;
  return undefined;
}
