import * as pulumi from "@pulumi/pulumi";
import { unknownSettings } from "../carto/settings.ts";
import { effectivePolicy, type Policy } from "../kinds/policy.ts";
import { CartoProvider } from "./carto-provider.ts";
import { inspect } from "./inspect.ts";

/** @throws pulumi.RunError When the stack configuration has `carto:` settings that do not exist. */
export function checkSettings(): void {
  const unknown = unknownSettings(Object.keys(pulumi.runtime.allConfig()), pulumi.getProject());
  if (unknown.length > 0) throw new pulumi.RunError(`The stack configuration cannot be used. ${unknown.join(" ")}`);
}

/**
 * The policy of clients that do not set one: that of their `CartoProvider`, which may come from a parent, else the stack's. The engine
 * passes the provider process the same.
 */
export async function policyFor(resource: pulumi.Resource): Promise<Policy> {
  const { __prov: provider } = resource as unknown as { __prov?: pulumi.ProviderResource };
  const ofProvider = provider instanceof CartoProvider ? await knownValue(provider.policy) : undefined;
  return ofProvider ?? effectivePolicy(new pulumi.Config("carto").get("policy"), undefined);
}

/** Undefined where a preview does not know it yet: the provider's check applies it then. */
async function knownValue(output: pulumi.Output<Policy | undefined>): Promise<Policy | undefined> {
  const { isKnown, promise } = inspect(output);
  return (await isKnown) ? promise.call(output) : undefined;
}
