import type { PulumiWorkspace } from "../harness/pulumi-workspace.ts";
import type { Api } from "./api.ts";
import type { Role } from "./process-watch.ts";
import type { StatePart } from "./state-bytes.ts";

/** What is timed, in this order on the same stack. */
export const OPERATIONS = [
  "preview",
  "up",
  "no-op preview",
  "refresh",
  "rate-limited refresh",
  "one-client change",
  "destroy",
] as const;

/** One of the operations that are timed. */
export type Operation = (typeof OPERATIONS)[number];

/** A SPA OAuth client that the benchmark declares. */
export interface Client {
  id: string;
  name: string;
  applicationLoginUrl: string;
}

/** One way to manage clients that the benchmark compares. */
export interface Contestant {
  name: "floor" | "naive" | "program" | "plugin" | "command" | "peer";
  title: string;
  /** Files of its project, given the clients to declare. */
  files: (clients: readonly Client[]) => Promise<Record<string, string>>;
  /** Command line of an operation. */
  command: (operation: Operation) => [command: string, ...args: string[]];
  /** Starts what it manages clients at. */
  startApi: () => Promise<Api>;
  /** What a client takes in the state. */
  weigh: (workspace: PulumiWorkspace) => Promise<StateWeight>;
  /** Whether its refresh is also measured with a rate limit. */
  rateLimited: boolean;
  role: Role;
  /** Whether the engine finds the plugin `carto`, as the archive holds it, and the stack is told to use it. Unset: no. */
  plugin?: true;
}

/** What a stack's state weighs. */
export interface StateWeight {
  /** Mean bytes of a client's resource, as compact JSON. */
  bytesPerClient: number;
  /** What the first client's resource is made of. Unset: not looked into. */
  stateParts?: StatePart[];
}

/** Distinct clients, always the same ones. */
export function someClients(count: number): Client[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(4, "0");
    return {
      id: `client-${number}`,
      name: `Client ${number}`,
      applicationLoginUrl: `https://app-${number}.example.com/`,
    };
  });
}
