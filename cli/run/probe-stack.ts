import type { CredentialsApi } from "../../carto/credentials-api.ts";
import { CartoError } from "../../carto/errors.ts";
import { type Finding, probe } from "../../carto/probe.ts";
import { type LeftProbe, leftProbes, leftText, probeName } from "../../carto/probe-name.ts";
import type { Tenant } from "../../carto/tenant.ts";
import { noQuestion } from "../context/no-question.ts";
import { withTenant } from "../context/tenant.ts";
import { draftProblem, learnStack } from "./learn-stack.ts";
import { ask } from "./run-environments.ts";
import type { ChosenStack } from "./stacks.ts";

/** How a probe is asked for. */
export interface ProbeOptions {
  /** Whether a throwaway client is created to try the contract. */
  probe?: boolean;
  /** File for a draft of the contract. */
  writeContract?: string;
  /** Not to ask before that. */
  yes?: boolean;
  /** Stdout is read by a machine: no questions. */
  json?: boolean;
}

/** Why no probe can be made; undefined: one can, or none is asked for. */
export function probeProblem(
  { probe, writeContract, yes, json }: ProbeOptions,
  stacks: readonly ChosenStack[],
): string | undefined {
  const problem = draftProblem(writeContract, probe);
  if (!probe || problem !== undefined) return problem;
  if (stacks.length !== 1) {
    const names = stacks.map(({ environment }) => environment.name).join(", ");
    return `--probe is for one environment: name it with --env (${names})`;
  }
  return yes ? undefined : noQuestion(json, { asks: "--probe asks before it creates a client" });
}

/**
 * Probes the tenant of a stack, after asking for confirmation.
 *
 * @returns false when the answer was not yes
 */
export async function probeStack(
  stack: ChosenStack,
  { yes, writeContract }: ProbeOptions,
  tell: (finding: Finding) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const name = probeName(new Date());
  const configuration = stack.configuration();
  const agreed = async (tenant: Tenant) => {
    const { userId } = await tenant.caller();
    const question = `Create the client "${name}" at CARTO as ${userId}, change it, and delete it again?`;
    return yes || (await ask(question));
  };
  const learned =
    writeContract === undefined
      ? configuration
      : await withTenant(configuration, async (tenant) =>
          (await agreed(tenant)) ? learnStack(tenant, writeContract, name, tell, signal) : "declined",
        );
  if (learned === "declined") return false;
  if (learned === undefined) return true;
  return withTenant(learned, async (tenant) => {
    const api = await tenant.api();
    try {
      await offerToDelete(api, leftProbes(await api.list()), yes, tell);
    } catch (error) {
      if (!(error instanceof CartoError)) throw error;
      tell({ point: "list", ok: false, message: error.message });
      return true;
    }
    if (writeContract === undefined && !(await agreed(tenant))) return false;
    await probe(api, name, tell, signal);
    return true;
  });
}

/** A probe takes seconds: without a question, only what is older is deleted, and no probe that runs beside this one is disturbed. */
const LEFT_MS = 10 * 60_000;

/** Deletes what earlier probes left at CARTO when they were killed. */
async function offerToDelete(
  api: CredentialsApi,
  left: readonly LeftProbe[],
  yes: boolean | undefined,
  tell: (finding: Finding) => void,
): Promise<void> {
  const chosen = yes ? left.filter(({ sinceMs }) => Date.now() - sinceMs > LEFT_MS) : left;
  if (chosen.length === 0) return;
  const which = `${chosen.length} ${chosen.length === 1 ? "client" : "clients"} of earlier probes: ${leftText(chosen)}`;
  if (!yes && !(await ask(`Delete ${which}?`))) return;
  for (const { id } of chosen) await api.delete(id);
  tell({ point: "left", ok: true, message: `deleted ${which}` });
}

/** What was found, and what follows from it. */
export function probeText({ point, message, setting }: Finding): string {
  const follows =
    setting && `. Write \`carto:${setting.name}: ${setting.value}\` under \`config\` in Pulumi.<stack>.yaml`;
  return `${point}: ${message}${follows ?? ""}`;
}
