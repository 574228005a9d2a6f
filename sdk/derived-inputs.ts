import * as pulumi from "@pulumi/pulumi";
import type { Kind } from "../kinds/kind.ts";

/**
 * Properties that follow from a login URL that is an output, as outputs of it: what is secret stays secret, in the state and in every diff.
 * The provider's check derives them as well, but gets secrets unwrapped and could not mark what it adds.
 *
 * @returns the properties that `args` leaves out; none where the login URL is a plain text
 */
export function derivedInputs(
  { properties }: Kind,
  args: Readonly<Record<string, unknown>>,
): Record<string, pulumi.Output<unknown>> {
  const { applicationLoginUrl } = args;
  if (!pulumi.Output.isInstance(applicationLoginUrl)) return {};
  const login: pulumi.Output<unknown> = applicationLoginUrl;
  const derived = Object.entries(properties).flatMap(([name, { derive, local }]) => {
    if (derive === undefined || local) return [];
    const follow = () => login.apply((url) => derive({ applicationLoginUrl: url }, "standard"));
    const declared = args[name];
    if (declared === undefined) return [[name, follow()] as const];
    if (!pulumi.Output.isInstance(declared)) return [];
    const output: pulumi.Output<unknown> = declared;
    return [[name, output.apply((value): unknown => value ?? follow())] as const];
  });
  return Object.fromEntries(derived);
}
