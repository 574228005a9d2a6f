import { commandOf } from "../../kinds/destination.ts";
import type { Environment } from "../../manifest/environment.ts";

/**
 * Finds deliveries by commands that were not allowed outside the manifest: whoever may change the manifest could otherwise run anything,
 * and send the secrets anywhere.
 *
 * @param allowedIn whole commands, words separated by one space, that may run for an environment
 * @returns one sentence each
 */
export function refusedCommands(
  environments: readonly Environment[],
  allowedIn: (environment: Environment) => readonly string[],
): string[] {
  const refused = environments.flatMap((environment) => {
    const allowed = allowedIn(environment);
    return environment.clients.flatMap(({ logicalName, deliver = [] }) =>
      deliver.flatMap((destination) => {
        if (destination.to !== "command" && destination.to !== "github") return [];
        const command = commandOf(destination).join(" ");
        if (allowed.includes(command)) return [];
        const stack = environment.stack.split("/").at(-1);
        return [
          `${environment.name}: ${logicalName} delivers with a command that is not allowed: add --allow-command ${JSON.stringify(command)}, ` +
            `or list the command under carto:deliveryCommands in Pulumi.${stack}.yaml`,
        ];
      }),
    );
  });
  return [...new Set(refused)];
}
