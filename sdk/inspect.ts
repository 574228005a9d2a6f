import type * as pulumi from "@pulumi/pulumi";

/** What an output knows about itself; internal to the SDK, but `apply` alone stays silent for an unknown value. */
interface Inspectable<Value> {
  isKnown: Promise<boolean>;
  isSecret: Promise<boolean>;
  promise(): Promise<Value>;
}

/** The internals of an output. */
export function inspect<Value>(output: pulumi.Output<Value>): Inspectable<Value> {
  return output as unknown as Inspectable<Value>;
}
