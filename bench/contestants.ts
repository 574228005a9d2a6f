import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import type { PulumiWorkspace } from "../harness/pulumi-workspace.ts";
import { startCarto } from "./api.ts";
import type { Client, Contestant, Operation, StateWeight } from "./contestant.ts";
import { openTofu } from "./opentofu.ts";
import { accountFor } from "./state-bytes.ts";

/** Start of a command line of the command. */
export const PULUMI_CARTO = [process.execPath, fileURLToPath(new URL("../dist/cli/main.js", import.meta.url))] as const;

/** As the workspace of the tests names them. */
const [PROJECT, STACK] = ["test", "test"];

const SPA_TYPE = "pulumi-nodejs:dynamic/carto:SpaOAuthClient";

/** All contestants, in the order of the tables. */
export const CONTESTANTS: readonly Contestant[] = [
  {
    ...program("floor.js"),
    name: "floor",
    title: "engine floor: `pulumi.Stash`, no provider",
    startApi: startCarto,
    weigh: weighResources("pulumi:index:Stash"),
    rateLimited: false,
  },
  {
    ...program("naive.js"),
    name: "naive",
    title: "naive: `dynamic.Resource`, code inline",
    startApi: startCarto,
    weigh: weighResources("pulumi-nodejs:dynamic:Resource"),
    rateLimited: false,
  },
  {
    ...program("resources.js"),
    name: "program",
    title: "ours: resources in a program",
    startApi: startCarto,
    weigh: weighResources(SPA_TYPE),
    rateLimited: true,
  },
  {
    ...program("resources.js"),
    name: "plugin",
    title: "ours: the same program, plugin `carto`",
    startApi: startCarto,
    weigh: weighResources("carto:index:SpaOAuthClient"),
    rateLimited: true,
    plugin: true,
  },
  {
    name: "command",
    title: "ours: `pulumi-carto`, manifest",
    startApi: startCarto,
    weigh: weighResources(SPA_TYPE),
    rateLimited: true,
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
  openTofu,
];

/** Of the resources of one type in a stack's state. */
function weighResources(type: string) {
  return async (workspace: PulumiWorkspace): Promise<StateWeight> => {
    const resources = (await workspace.resources()).filter((resource) => resource.type === type);
    const [first] = resources;
    if (!first) throw new Error(`The state holds no ${type}`);
    const bytes = resources.reduce((sum, resource) => sum + Buffer.byteLength(JSON.stringify(resource)), 0);
    return { bytesPerClient: bytes / resources.length, stateParts: accountFor(first) };
  };
}

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
      if (/dynamic-provider|bundle\/main\.js/.test(commandLine)) return "provider";
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
