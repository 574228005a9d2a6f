import * as pulumi from "@pulumi/pulumi";
import { type Failure, failureText } from "../kinds/failure.ts";
import type { Kind } from "../kinds/kind.ts";
import { UNKNOWN } from "../kinds/unknown.ts";
import { inspect } from "./inspect.ts";
import { hasSecret } from "./secret-inputs.ts";
import { policyFor } from "./stack-settings.ts";

/**
 * Checks a client's inputs in the program, before the engine receives them: the engine stops at the first resource whose
 * check fails, and a reviewer needs the failures of all. What is unknown in a preview is left to the provider's check.
 * Advice (wildcards, plain http and the like) becomes a warning on the resource, at preview only.
 *
 * @param resource the resource, once it is constructed: not before a turn of the event loop
 * @throws pulumi.RunError When rules are broken: with every failure of this client.
 */
export async function review(kind: Kind, title: string, args: object, resource: () => pulumi.Resource): Promise<void> {
  const inputs = await knownParts(args);
  const policy = await policyFor(resource());
  const { failures, advice } = kind.review(inputs, { policy });
  if (failures.length + advice.length === 0) return;
  // Reasons quote values, of other inputs too: with one secret among them none is shown.
  const secret = await hasSecret(args);
  const told = (failure: Failure) => failureText(failure, secret);
  if (failures.length > 0) {
    const lines = failures.map((failure) => `  ${told(failure)}`);
    const error = new pulumi.RunError([`${title} cannot be declared like this:`, ...lines].join("\n"));
    error.stack = error.message; // the SDK prints it in some places, and it leads into this file only
    throw error;
  }
  if (!pulumi.runtime.isDryRun()) return;
  // Not awaited: it waits for the resource's URN, and the resource waits for this review.
  for (const finding of advice) void pulumi.log.warn(told(finding), resource());
}

/** The value with each unknown part replaced by the engine's mark for it. */
export async function knownParts(value: unknown): Promise<unknown> {
  if (pulumi.Output.isInstance(value)) {
    const output = inspect(value);
    if (!(await output.isKnown)) return UNKNOWN;
    return knownParts(await output.promise());
  }
  if (value instanceof Promise) return knownParts(await value);
  if (Array.isArray(value)) return Promise.all(value.map(knownParts));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(async ([key, part]) => [key, await knownParts(part)]);
  return Object.fromEntries(await Promise.all(entries));
}
