import * as pulumi from "@pulumi/pulumi";

/** `Output` with its constructor, which is internal to the SDK: the only way to an unknown one, and to one without dependencies. */
const OutputOf = pulumi.Output as unknown as new <T>(
  resources: Set<pulumi.Resource>,
  value: Promise<T>,
  isKnown: Promise<boolean>,
  isSecret: Promise<boolean>,
  allResources: Promise<Set<pulumi.Resource>>,
) => pulumi.Output<T>;

/** An output that depends on no resource. */
export function outputOf<T>(value: Promise<T>, isKnown: Promise<boolean>): pulumi.Output<T> {
  return new OutputOf(new Set(), value, isKnown, Promise.resolve(false), Promise.resolve(new Set()));
}

/** An output whose value is unknown, as in a preview. */
export function unknownOutput(): pulumi.Output<undefined> {
  return outputOf(Promise.resolve(undefined), Promise.resolve(false));
}
