import type { ExistingResource } from "../../kinds/existing.ts";
import { visible } from "../../kinds/visible-text.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";
import { printJson } from "../context/json.ts";
import type { SelectionOptions } from "../context/selection.ts";
import { withStacks } from "../run/stacks.ts";
import { ownResources } from "./export.ts";

/** Options of `unmanaged`. */
export interface UnmanagedOptions extends SelectionOptions {
  json?: boolean;
}

/** Lists the calling users' resources at CARTO that none of the stacks manages. */
export function unmanaged(file: string, options: UnmanagedOptions): Promise<ExitCode> {
  return withStacks("unmanaged", file, options, async (stacks) => {
    const managed = new Set<string>();
    const existing = new Map<string, ExistingResource>();
    for (const stack of stacks) {
      await using deployment = await stack.open(false);
      for (const { clientId } of await deployment.clients()) managed.add(clientId);
      for (const client of await ownResources("unmanaged", stack)) existing.set(client.id || client.name, client);
    }
    const clients = [...existing.values()].filter(({ id }) => !managed.has(id));
    if (options.json) {
      const listed = clients.map(({ id, kind, name, createdAt }) => ({ clientId: id, kind, name, createdAt }));
      printJson("unmanaged", true, { clients: listed });
    } else {
      for (const { id, kind, name, createdAt } of clients) {
        process.stdout.write(`${id}  ${kind}  ${createdAt ?? "unknown"}  ${visible(name)}\n`);
      }
      process.stdout.write(`${clients.length} unmanaged, ${managed.size} managed\n`);
    }
    return EXIT.done;
  });
}
