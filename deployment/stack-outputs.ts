import * as pulumi from "@pulumi/pulumi";
import { destinationText } from "../kinds/destination.ts";
import { KINDS } from "../kinds/index.ts";
import type { Output } from "../kinds/kind.ts";
import type { DeclaredResources } from "../manifest/declare-clients.ts";
import type { Environment } from "../manifest/environment.ts";
import { unknownOutput } from "../sdk/output-of.ts";

/** The stack outputs of a manifest's environment; documented in docs/daily-work.md. */
export interface StackOutputs {
  /** IDs by logical name. */
  clientIds: Record<string, pulumi.Output<string>>;
  /** One Pulumi secret: the client secret, or the token, by logical name. Absent where no client has any. */
  clientSecrets?: pulumi.Output<unknown>;
  /** Where `up` delivered credentials, in words, by logical name: a later preview compares with it. Absent: nowhere. */
  deliveries?: Record<string, string[]>;
}

/**
 * In a preview unknown: a secret would be in its plan, encrypted with a key that a stack which is only being previewed cannot keep.
 */
function secretsOutput(secrets: Record<string, unknown>): pulumi.Output<unknown> {
  return pulumi.runtime.isDryRun() ? unknownOutput() : pulumi.secret(secrets);
}

/** @param resources of the environment, by logical name */
export function stackOutputs({ clients }: Environment, resources: DeclaredResources): StackOutputs {
  const secrets = clients.flatMap(({ logicalName, kind }) => {
    const [name] = Object.entries<Output>(KINDS[kind].outputs).find(([, output]) => output.secret) ?? [];
    const resource = resources[logicalName];
    return name === undefined || resource === undefined ? [] : [[logicalName, Reflect.get(resource, name)] as const];
  });
  const deliveries = clients.flatMap(({ logicalName, deliver = [] }) =>
    deliver.length === 0 ? [] : [[logicalName, deliver.map(destinationText)] as const],
  );
  return {
    clientIds: Object.fromEntries(Object.entries(resources).map(([name, { id }]) => [name, id])),
    ...(secrets.length > 0 && { clientSecrets: secretsOutput(Object.fromEntries(secrets)) }),
    ...(deliveries.length > 0 && { deliveries: Object.fromEntries(deliveries) }),
  };
}
