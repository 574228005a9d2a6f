import type { EnvironmentFailure } from "./environment-failure.ts";
import type { ResolvedEnvironment } from "./resolve-environment.ts";

/**
 * Environments that cannot have the stack that `moved` names: it is somebody else's.
 *
 * @param declared every environment of the file and its stack
 */
export function movedFailures(
  environments: readonly ResolvedEnvironment[],
  declared: readonly { name: string; stack: string }[],
): EnvironmentFailure[] {
  const owners = new Map<string, string>();
  return environments.flatMap(({ name, stack, movedFrom }) => {
    if (movedFrom === undefined) return [];
    const old = lastPart(movedFrom);
    const holder = declared.find((one) => one.name !== name && lastPart(one.stack) === old);
    const rival = owners.get(movedFrom);
    owners.set(movedFrom, name);
    const reason =
      movedFrom === stack
        ? `"${old}" is already the name of the stack: remove \`moved\``
        : holder !== undefined
          ? `"${old}" is still the stack of environment "${holder.name}": remove that environment, or remove \`moved\``
          : rival !== undefined && `"${old}" is already moved to environment "${rival}": keep one of them`;
    return reason ? [{ path: ["environments", name, "moved"], reason, rule: "moved" }] : [];
  });
}

function lastPart(stack: string): string {
  return stack.split("/").at(-1) ?? stack;
}
