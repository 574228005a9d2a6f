import type { Stack } from "@pulumi/pulumi/automation/index.js";
import type { Environment } from "../manifest/environment.ts";
import type { ImportEntry } from "./adoption.ts";
import { lastPart } from "./stack-name.ts";

/**
 * Takes resources under the management of an environment's stack, with the provider that its program declares.
 *
 * @param onStack works on the stack
 */
export async function importEntries(
  entries: readonly ImportEntry[],
  { tenant, stack }: Environment,
  project: string,
  onStack: <Result>(work: (stack: Stack) => Promise<Result>) => Promise<Result>,
): Promise<void> {
  const provider = tenant && `urn:pulumi:${lastPart(stack)}::${project}::pulumi:providers:pulumi-nodejs::carto`;
  // An explicit provider must be in the state before a resource can name it.
  if (provider !== undefined) await onStack((one) => one.up({ target: [provider], color: "never" }));
  await onStack((one) =>
    one.import({
      resources: entries.map((entry) => ({ ...entry, ...(provider !== undefined && { provider: "carto" }) })),
      ...(provider !== undefined && { nameTable: { carto: provider } }),
      protect: false,
      generateCode: false,
      color: "never",
    }),
  );
}
