import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import type { Role } from "./process-watch.ts";

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
export type Operation = (typeof OPERATIONS)[number];

export interface Client {
  id: string;
  name: string;
  applicationLoginUrl: string;
}

export interface Contestant {
  name: "floor" | "naive" | "program" | "command";
  title: string;
  /** Files of its project, given the clients to declare. */
  files: (clients: readonly Client[]) => Promise<Record<string, string>>;
  /** Command line of an operation. */
  command: (operation: Operation) => [command: string, ...args: string[]];
  /** Type of its resources in the state. */
  resourceType: string;
  role: Role;
}

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

/** Start of a command line of the command. */
export const PULUMI_CARTO = [process.execPath, fileURLToPath(new URL("../dist/cli/main.js", import.meta.url))] as const;

/** As the workspace of the tests names them. */
const [PROJECT, STACK] = ["test", "test"];

const SPA_TYPE = "pulumi-nodejs:dynamic/carto:SpaOAuthClient";

export const CONTESTANTS: readonly Contestant[] = [
  {
    ...program("floor.js"),
    name: "floor",
    title: "engine floor: `pulumi.Stash`, no provider",
    resourceType: "pulumi:index:Stash",
  },
  {
    ...program("naive.js"),
    name: "naive",
    title: "naive: `dynamic.Resource`, code inline",
    resourceType: "pulumi-nodejs:dynamic:Resource",
  },
  {
    ...program("resources.js"),
    name: "program",
    title: "ours: resources in a program",
    resourceType: SPA_TYPE,
  },
  {
    name: "command",
    title: "ours: `pulumi-carto`, manifest",
    resourceType: SPA_TYPE,
    files: async (clients) => ({ "clients.yaml": manifest(clients) }),
    command: (operation) => {
      const [name] = pulumiCommand(operation);
      return [
        ...PULUMI_CARTO,
        name,
        "--env",
        STACK,
        ...(name === "up" || name === "destroy" ? ["--yes"] : []),
        "clients.yaml",
      ];
    },
    role: (commandLine) => {
      if (commandLine.includes("dynamic-provider")) return "provider";
      return commandLine.includes(PULUMI_CARTO[1]) ? "program" : undefined;
    },
  },
];

/** A Pulumi project that runs one of the programs beside this file. */
function program(file: string): Pick<Contestant, "files" | "command" | "role"> {
  return {
    files: async (clients) => ({
      "index.js": await readFile(new URL(`programs/${file}`, import.meta.url), "utf8"),
      "clients.json": JSON.stringify(clients),
    }),
    command: (operation) => {
      const [name, ...flags] = pulumiCommand(operation);
      return ["pulumi", name, "--non-interactive", "--color", "never", ...flags];
    },
    role: (commandLine) => {
      if (commandLine.includes("dynamic-provider")) return "provider";
      return commandLine.includes("/cmd/run") ? "program" : undefined;
    },
  };
}

function pulumiCommand(operation: Operation): [name: string, ...flags: string[]] {
  switch (operation) {
    case "preview":
    case "no-op preview":
      return ["preview"];
    case "up":
    case "one-client change":
      return ["up", "--yes", "--skip-preview"];
    case "refresh":
    case "rate-limited refresh":
      return ["refresh", "--yes", "--skip-preview"];
    case "destroy":
      return ["destroy", "--yes", "--skip-preview"];
  }
}

/** The clients as a `clients.yaml`. */
export function manifest(clients: readonly Client[]): string {
  const entries = clients.map(({ id, ...inputs }) => [id, { kind: "spa", ...inputs }]);
  return stringify({
    version: 1,
    project: PROJECT,
    clients: Object.fromEntries(entries),
    environments: { [STACK]: {} },
  });
}
