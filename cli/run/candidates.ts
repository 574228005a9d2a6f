import type { Adoption, AdoptionPlan } from "../../deployment/adoption.ts";
import type { ManagedClient } from "../../deployment/stack-state.ts";
import type { ExistingResource } from "../../kinds/existing.ts";
import type { KindId } from "../../kinds/index.ts";
import { visible } from "../../kinds/visible-text.ts";
import type { DeclaredClient } from "../../manifest/environment.ts";

/** What an import found for one name: the documented shape of `import --json`. */
export interface Candidate {
  /** Logical name. Absent: of `--all`, what another stack manages. */
  client?: string;
  kind: KindId;
  /** Absent: nothing was found. */
  clientId?: string;
  /** As CARTO shows it. */
  name?: string;
  /**
   * - `to-import`, `imported`: no stack managed it
   * - `managed`: this stack does already
   * - `elsewhere`: the stack `manager` does
   * - `missing`: nothing was found, `up` creates it
   * - `no-secret`: CARTO does not return its secret, so it was not imported
   */
  state: "to-import" | "imported" | "managed" | "elsewhere" | "missing" | "no-secret";
  /** Name of the other stack; only with `elsewhere`. */
  manager?: string;
}

/** An existing resource that another stack manages. */
export interface ManagedElsewhere {
  client: ExistingResource;
  manager: string;
}

/** @param state of what is, or was, there to be imported */
export function adopted(
  { declared, client }: Adoption,
  state: "to-import" | "imported" | "no-secret",
): Candidate & { client: string } {
  return { client: declared.logicalName, ...found(client), state };
}

/** What another stack manages, as it is for a declaration, or for none. */
export function managedElsewhere({ client, manager }: ManagedElsewhere, declared?: string): Candidate {
  return { ...(declared !== undefined && { client: declared }), ...found(client), state: "elsewhere", manager };
}

/** Of declared clients, those that there is nothing to import for: managed already, or not found. */
export function notImported(
  declared: readonly DeclaredClient[],
  plan: Pick<AdoptionPlan, "managed" | "missing">,
  found: { managed: readonly ManagedClient[]; elsewhere: readonly ManagedElsewhere[] },
): Candidate[] {
  return declared.flatMap(({ logicalName: client, kind, inputs, aliases = [] }): Candidate[] => {
    if (plan.managed.includes(client)) {
      const own = found.managed.find((one) => [client, ...aliases].includes(one.logicalName) && one.kind === kind);
      return [{ client, kind, ...(own && { clientId: own.clientId }), state: "managed" }];
    }
    if (!plan.missing.includes(client)) return [];
    const other = found.elsewhere.find((one) => one.client.kind === kind && one.client.name === inputs.name);
    return [other ? managedElsewhere(other, client) : { client, kind, state: "missing" }];
  });
}

function found({ id, kind, name }: ExistingResource): Pick<Candidate, "kind" | "clientId" | "name"> {
  return { kind, clientId: id, name };
}

const HEADINGS = ["declared", "kind", "ID", "name", "managed by"];

/** For people: a table, empty where there is nothing to show. */
export function candidatesText(candidates: readonly Candidate[]): string {
  if (candidates.length === 0) return "";
  const rows = candidates.map((one) => [
    one.client ?? "-",
    one.kind,
    one.clientId ?? "-",
    one.name === undefined ? "-" : visible(one.name),
    managerText(one),
  ]);
  const table = [HEADINGS, ...rows];
  const widths = HEADINGS.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd())
    .map((line) => `${line}\n`)
    .join("");
}

function managerText({ state, manager }: Candidate): string {
  switch (state) {
    case "to-import":
      return "no stack: to import";
    case "imported":
      return "this stack: imported";
    case "managed":
      return "this stack";
    case "elsewhere":
      return `stack ${manager}: left out`;
    case "missing":
      return "no stack: `up` creates it";
    case "no-secret":
      return "no stack: its secret is needed";
  }
}
