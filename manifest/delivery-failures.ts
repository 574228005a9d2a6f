import { type Destination, destinationProblem } from "../kinds/destination.ts";
import { isRecord } from "../kinds/input-reader.ts";
import type { EnvironmentFailure } from "./environment-failure.ts";
import type { ResolvedClient } from "./resolve-clients.ts";

/** Deliveries that cannot be made, and files that two clients would write. What is shaped wrong is passed over. */
export function deliveryFailures(clients: readonly ResolvedClient[]): EnvironmentFailure[] {
  const owners = new Map<string, string>();
  return clients.flatMap((client) =>
    deliveriesOf(client.deliver).flatMap((destination, index) => {
      if (destination === undefined) return [];
      const file = "file" in destination ? destination.file.replace(/^(\.\/)+/, "") : undefined;
      const owner = file === undefined ? undefined : owners.get(file);
      if (file !== undefined) owners.set(file, client.logicalName);
      const twin = owner === undefined ? undefined : `file is written for "${owner}" already: give each its own`;
      const reason = destinationProblem(destination) ?? twin;
      return reason === undefined ? [] : [{ path: client.written(["deliver", index]), reason, rule: "deliver" }];
    }),
  );
}

/** What of `deliver` is shaped right; undefined stands for the rest, which the shape reports. */
function deliveriesOf(deliver: unknown): (Destination | undefined)[] {
  return Array.isArray(deliver) ? deliver.map((one) => (isDestination(one) ? one : undefined)) : [];
}

function isDestination(value: unknown): value is Destination {
  if (!isRecord(value)) return false;
  const { to, file, run, repository, secret } = value;
  if (to === "command") return Array.isArray(run) && run.every((part) => typeof part === "string");
  if (to === "github") return typeof repository === "string" && typeof secret === "string";
  return (to === "dotenv" || to === "json" || to === "kubernetes") && typeof file === "string";
}
