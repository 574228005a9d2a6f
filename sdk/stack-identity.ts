import { randomUUID } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { inspect } from "./inspect.ts";
import { outputOf, unknownOutput } from "./output-of.ts";
import { withoutFrames } from "./stack-trace.ts";

/** On the stack's own resource: two copies of this package in one program share it, two programs in one process do not. */
const IDENTITY = Symbol.for("pulumi-carto/stack-identity");

/** The identity of programs without a stack resource, as unit tests with Pulumi's mocks are. */
const nowhere: object = {};

/**
 * Random text, created once, that the stack keeps in its state: it distinguishes its clients from those of every other stack.
 *
 * A resource of the engine's own type `Stash`, `pulumi-carto`, keeps it. It is registered before the first client, and
 * so it is in the state before the first client is created. Its `output` is what it was created with, whatever its input
 * is later.
 *
 * @returns no dependency on that resource, which would be in the state of every client. Unknown in a preview of a
 * stack that has none yet; undefined where the engine skips it, in an `up --target` of such a stack.
 */
export function stackIdentity(): pulumi.Output<string | undefined> {
  const owner: { [IDENTITY]?: pulumi.Output<string | undefined> } = pulumi.runtime.getStackResource() ?? nowhere;
  owner[IDENTITY] ??= declareIdentity();
  return owner[IDENTITY];
}

/** Whether a resource of a state is the one that keeps the stack's identity. */
export function isIdentity({ type, urn }: { type: string; urn: string }): boolean {
  return type === "pulumi:index:Stash" && urn.endsWith("::pulumi-carto");
}

function declareIdentity(): pulumi.Output<string | undefined> {
  // A preview's value would be in its plan, and the update's would violate it.
  const input = pulumi.runtime.isDryRun() ? unknownOutput() : pulumi.output(randomUUID());
  const restoreFrames = withoutFrames();
  try {
    const stash = new pulumi.Stash("pulumi-carto", { input }, { ignoreChanges: ["input"] });
    const { isKnown, promise } = inspect<string | undefined>(stash.output);
    return outputOf(promise.call(stash.output), isKnown);
  } finally {
    restoreFrames();
  }
}
