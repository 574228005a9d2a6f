import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { backendIdentity } from "./backend.ts";

/** What the SDK keeps of a resource's place; internal to it, but the only way to know it before registration. */
interface Placed {
  __name?: string;
  __pulumiType?: string;
  __parentResource?: Placed;
}

let backend: string | undefined;

/**
 * The same for a resource however often `up` is run, and for no other resource: made from the backend, the
 * organization, the project, the stack and the resource's place in it.
 *
 * @returns 16 characters, 96 bits: it stands in the state of every client
 */
export function idempotencyKey(type: string, name: string, parent: pulumi.Resource | undefined): string {
  backend ??= backendIdentity(process.env, process.cwd());
  const place = [backend, pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack(), type, name];
  for (let above = parent as Placed | undefined; above; above = above.__parentResource) {
    place.push(above.__pulumiType ?? "", above.__name ?? "");
  }
  return createHash("sha256").update(JSON.stringify(place)).digest("base64url").slice(0, 16);
}
