import * as pulumi from "@pulumi/pulumi";
import { START_FUNCTION } from "../kinds/resource-type.ts";
import { packageVersion } from "./provider-face.ts";

/** Stack resources of the programs that have asked for the plugin. */
const asked = new WeakSet<pulumi.Resource>();

/**
 * Makes the engine start the plugin while the program still declares. Otherwise it does so for the first registration of a resource, which
 * waits for the stack's identity, and the program then waits for the plugin.
 *
 * @param type of the resource that the plugin is needed for
 */
export function startPlugin(resource: pulumi.Resource, type: string, options: pulumi.ResourceOptions): void {
  const stack = pulumi.runtime.getStackResource();
  // The registration of an explicit provider starts the plugin.
  if (stack === undefined || asked.has(stack) || resource.getProvider(type) !== undefined) return;
  asked.add(stack);
  const source = options.pluginDownloadURL === undefined ? {} : { pluginDownloadURL: options.pluginDownloadURL };
  // Whatever keeps the plugin from starting fails the resource's registration, too.
  pulumi.runtime.invoke(START_FUNCTION, {}, { version: packageVersion(), ...source }).catch(() => {});
}
