import * as pulumi from "@pulumi/pulumi";
import type { DeclaredResources } from "../manifest/declare-clients.ts";
import type { Environment } from "../manifest/environment.ts";
import { type DeliverOptions, deliverCredentials } from "../sdk/deliver.ts";

/**
 * Delivers the credentials of every client that declares a delivery. The program does not end before: only then the engine deletes what was
 * replaced or removed, and after a failure it deletes nothing.
 *
 * @throws pulumi.RunError With what could not be delivered.
 */
export async function deliverAll(
  { clients }: Environment,
  resources: DeclaredResources,
  options: DeliverOptions,
): Promise<void> {
  const results = await Promise.allSettled(
    clients.map(async ({ logicalName, deliver = [] }) => {
      const resource = resources[logicalName];
      if (resource !== undefined) await deliverCredentials(logicalName, resource, deliver, options);
    }),
  );
  const reasons = results.flatMap((result) => (result.status === "rejected" ? [String(result.reason?.message)] : []));
  if (reasons.length > 0)
    throw new pulumi.RunError([...new Set(reasons.flatMap((reason) => reason.split("\n")))].join("\n"));
}
