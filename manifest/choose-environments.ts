import { environmentNames, stackOf } from "./document.ts";
import type { EnvironmentFailure } from "./environment-failure.ts";
import { suggest } from "./suggestion.ts";
import { interpolate, type Lookup } from "./variables.ts";

/** The names of the chosen environments; undefined stands for a manifest without environments. */
export function chooseEnvironments(
  document: unknown,
  { environments, stack }: { environments?: readonly string[]; stack?: string },
  lookup: Lookup,
): { failures: EnvironmentFailure[]; chosen: (string | undefined)[] } {
  const declared = environmentNames(document);
  const failures: EnvironmentFailure[] = [];
  const failure = (reason: string) =>
    failures.push({ path: ["environments"], atKey: true, reason, rule: "unknown-environment" });
  if (environments !== undefined) {
    for (const name of new Set(environments)) {
      if (!declared.includes(name)) failure(`"${name}" is not an environment: ${suggest(name, declared)}`);
    }
    return { failures, chosen: environmentsIn(environments, declared) };
  }
  if (declared.length === 0) return { failures, chosen: [undefined] };
  if (stack === undefined) return { failures, chosen: declared };
  // With the clients as they are, a mistyped name would be a second set of real clients, without any environment's policy.
  const stacks = declaredStacks(document, lookup);
  const found =
    declared.find((name) => name === stack) ??
    stacks.find((one) => one.stack === stack)?.name ??
    stacks.find((one) => lastPart(one.stack) === lastPart(stack))?.name;
  if (found !== undefined) return { failures, chosen: [found] };
  const known = [...new Set([...declared, ...stacks.map((one) => one.stack)])];
  failure(`"${stack}" is not the stack of an environment: ${suggest(stack, known)}`);
  return { failures, chosen: [] };
}

/** Every environment of the file and its stack. */
export function declaredStacks(document: unknown, lookup: Lookup): { name: string; stack: string }[] {
  return environmentNames(document).map((name) => ({ name, stack: writtenStack(document, name, lookup) }));
}

function environmentsIn(names: readonly string[], declared: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => declared.includes(name));
}

/** As `resolveEnvironment` has it: the name of the environment where it declares none. */
function writtenStack(document: unknown, name: string, lookup: Lookup): string {
  const stack = interpolate(stackOf(document, name), [], lookup, []);
  return typeof stack === "string" ? stack : name;
}

function lastPart(stack: string): string {
  return stack.split("/").at(-1) ?? stack;
}
