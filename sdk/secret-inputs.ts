import * as pulumi from "@pulumi/pulumi";
import { inspect } from "./inspect.ts";

/**
 * The names of secret properties, as `__secrets` of a resource: the engine hands secrets to the provider unwrapped, and its messages must
 * not quote them. Nothing where nothing can be secret.
 */
export function secretInputs(properties: Readonly<Record<string, unknown>>): {
  __secrets?: pulumi.Output<string | undefined>;
} {
  const deferred = Object.entries(properties).filter(([, value]) => isDeferred(value));
  if (deferred.length === 0) return {};
  const names = async () => {
    const secret = await Promise.all(deferred.map(([, value]) => hasSecret(value)));
    const found = deferred.flatMap(([name], index) => (secret[index] ? name : []));
    return found.length > 0 ? found.join(",") : undefined;
  };
  return { __secrets: pulumi.output(names()) };
}

/** Whether a value, or anything in it, is a Pulumi secret. */
export async function hasSecret(value: unknown): Promise<boolean> {
  if (pulumi.Output.isInstance(value)) {
    const output = inspect(value);
    return (await output.isSecret) || hasSecret(await output.promise());
  }
  if (value instanceof Promise) return hasSecret(await value);
  if (value === null || typeof value !== "object") return false;
  return (await Promise.all(Object.values(value).map(hasSecret))).some(Boolean);
}

function isDeferred(value: unknown): boolean {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(isDeferred);
}
