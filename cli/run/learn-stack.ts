import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { type Configuration, ownClientId } from "../../carto/configuration.ts";
import { contractOf, draftOf, lessonFailures } from "../../carto/contract-lesson.ts";
import { learnContract } from "../../carto/learn-contract.ts";
import type { Finding } from "../../carto/probe.ts";
import type { Tenant } from "../../carto/tenant.ts";
import { systemCode } from "../../error/system-code.ts";

/** Why no draft can be written to a file; undefined: it can. */
export function draftProblem(file: string | undefined, probe: boolean | undefined): string | undefined {
  if (file === undefined) return undefined;
  if (!probe) return "--write-contract writes what --probe observes: add --probe";
  return existsSync(file) ? `${file} already exists: choose another file with --write-contract` : undefined;
}

/**
 * Learns a tenant's contract, and writes a draft of what differs from the assumed one.
 *
 * @param name of the throwaway clients
 * @returns the configuration with the learned contract; undefined: there is nothing to probe with it
 */
export async function learnStack(
  tenant: Tenant,
  file: string,
  name: string,
  tell: (finding: Finding) => void,
  signal: AbortSignal,
): Promise<Configuration | undefined> {
  const { send, secrets } = await tenant.requests();
  const known = {
    name,
    userId: (await tenant.caller().catch(() => undefined))?.userId,
    ownClientId: ownClientId(tenant.configuration),
    secrets,
  };
  const lesson = await learnContract(send, known, signal, (message) => tell({ point: "clean-up", ok: false, message }));
  for (const { group, entry, value, because } of lesson.learned)
    tell({ point: "learned", ok: true, message: `${group}.${entry}: ${value}, as ${because}` });
  for (const message of lesson.unknown) tell({ point: "unknown", ok: lesson.complete, message });
  if (signal.aborted) return undefined;
  if (lesson.learned.length === 0) {
    const fits = lesson.complete && lesson.unknown.length === 0;
    const message = fits
      ? "the tenant fits the assumed contract: no draft is needed, and none was written"
      : "nothing that differs could be shown, so no draft was written";
    tell({ point: "draft", ok: lesson.complete, message });
    return lesson.complete ? { ...tenant.configuration, contract: undefined } : undefined;
  }
  const failures = lessonFailures(lesson);
  if (failures.length > 0) {
    tell({ point: "draft", ok: false, message: `a contract cannot say what was learned: ${failures.join("; ")}` });
    return undefined;
  }
  try {
    await writeFile(file, draftOf(lesson), { flag: "wx" });
  } catch (error) {
    const why = systemCode(error) === "EEXIST" ? "it already exists" : `it cannot be written (${systemCode(error)})`;
    tell({ point: "draft", ok: false, message: `${file}: ${why}. Choose another file with --write-contract` });
    return undefined;
  }
  const entries = `${lesson.learned.length} ${lesson.learned.length === 1 ? "entry" : "entries"}`;
  const part = lesson.complete ? "" : ", of which not every call could be tried";
  const setting = { name: "contract" as const, value: file };
  tell({ point: "draft", ok: lesson.complete, message: `${file} was written with ${entries}${part}`, setting });
  return lesson.complete ? { ...tenant.configuration, contract: JSON.stringify(contractOf(lesson)) } : undefined;
}
