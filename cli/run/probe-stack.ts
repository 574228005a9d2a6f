import { type Finding, probe, probeName } from "../../carto/probe.ts";
import { readProcessSettings } from "../context/process-settings.ts";
import { withTenant } from "../context/tenant.ts";
import { ask } from "./run-environments.ts";
import type { ChosenStack } from "./stacks.ts";

/** How a probe is asked for. */
export interface ProbeOptions {
  /** Whether a throwaway client is created to try the contract. */
  probe?: boolean;
  /** Not to ask before that. */
  yes?: boolean;
  /** Stdout is read by a machine: no questions. */
  json?: boolean;
}

/** Why no probe can be made; undefined: one can, or none is asked for. */
export function probeProblem({ probe, yes, json }: ProbeOptions, stacks: readonly ChosenStack[]): string | undefined {
  if (!probe) return undefined;
  if (stacks.length !== 1) {
    const names = stacks.map(({ environment }) => environment.name).join(", ");
    return `--probe is for one environment: name it with --env (${names})`;
  }
  return yes || (readProcessSettings().interactive && !json)
    ? undefined
    : "--probe creates a client, and this is not a terminal, so the question cannot be asked: add --yes";
}

/**
 * Probes the tenant of a stack, after asking for confirmation.
 *
 * @returns false when the answer was not yes
 */
export async function probeStack(
  stack: ChosenStack,
  { yes }: ProbeOptions,
  tell: (finding: Finding) => void,
  signal: AbortSignal,
): Promise<boolean> {
  return withTenant(stack.configuration(), async (tenant) => {
    const name = probeName(new Date());
    const { userId } = await tenant.caller();
    const question = `Create the client "${name}" at CARTO as ${userId}, change it, and delete it again?`;
    if (!yes && !(await ask(question))) return false;
    await probe(await tenant.api(), name, tell, signal);
    return true;
  });
}

/** What was found, and what follows from it. */
export function probeText({ point, message, setting }: Finding): string {
  const follows = setting && `. Set it: pulumi config set carto:${setting.name} ${setting.value}`;
  return `${point}: ${message}${follows ?? ""}`;
}
