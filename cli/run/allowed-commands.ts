import { commandOf } from "../../kinds/destination.ts";
import type { Environment } from "../../manifest/environment.ts";

/**
 * Finds deliveries by commands that were not allowed outside the manifest: whoever may change the manifest could otherwise run anything,
 * and send the secrets anywhere.
 *
 * @param allowed whole commands, words separated by one space
 * @returns one sentence each
 */
export function refusedCommands(environments: readonly Environment[], allowed: readonly string[]): string[] {
  const refused = environments.flatMap(({ name, clients }) =>
    clients.flatMap(({ logicalName, deliver = [] }) =>
      deliver.flatMap((destination) => {
        if (destination.to !== "command" && destination.to !== "github") return [];
        const command = commandOf(destination).join(" ");
        return allowed.includes(command)
          ? []
          : [
              `${name}: ${logicalName} delivers with a command that is not allowed: add --allow-command ${JSON.stringify(command)}`,
            ];
      }),
    ),
  );
  return [...new Set(refused)];
}
