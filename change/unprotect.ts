import type { Change } from "./change.ts";

/**
 * Notes where `carto:unprotect` lifts the protection of a client that is to be deleted. It does not lift it from a replacement, which
 * is refused while it is being planned.
 *
 * @param ids the client IDs that the setting names
 */
export function noteUnprotected(changes: readonly Change[], ids: readonly string[]): Change[] {
  return changes.map((change) => {
    const { action, drift, clientId } = change;
    if (ids.length === 0 || !change.protected || action !== "delete" || drift) return change;
    if (clientId === undefined) return { ...change, unprotect: "unknown" };
    return ids.includes(clientId) ? { ...change, unprotect: "named" } : change;
  });
}
