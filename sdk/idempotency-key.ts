import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { stackIdentity } from "./stack-identity.ts";

/** What the SDK keeps of a resource's place; internal to it, but the only way to know it before registration. */
interface Placed {
  __name?: string;
  __pulumiType?: string;
  __parentResource?: Placed;
}

/**
 * The parts from which the provider makes the `Idempotency-Key` of a resource's create: its place, which is a hash of the stack's identity,
 * its type, its name and its parents, and after an `@` the name of the stack, for reading its state.
 *
 * @returns unknown and undefined where the stack's identity is
 */
export function declaredKey(
  type: string,
  name: string,
  parent: pulumi.Resource | undefined,
): pulumi.Output<string | undefined> {
  const place = [type, name];
  for (let above = parent as Placed | undefined; above; above = above.__parentResource) {
    if (above.__pulumiType === pulumi.runtime.rootPulumiStackTypeName) break;
    place.push(above.__pulumiType ?? "", above.__name ?? "");
  }
  const stack = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
  return stackIdentity().apply((identity) => identity && `${digest(JSON.stringify([identity, ...place]))}@${stack}`);
}

/** 16 characters, 96 bits: it is in the state of every client. */
function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 16);
}
