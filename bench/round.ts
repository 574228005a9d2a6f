import { join } from "node:path";
import { packPlugin } from "../distribution/plugin-package.ts";
import { type PulumiWorkspace, pulumiWorkspace } from "../harness/pulumi-workspace.ts";
import type { Api } from "./api.ts";
import {
  type Client,
  type Contestant,
  OPERATIONS,
  type Operation,
  type StateWeight,
  someClients,
} from "./contestant.ts";
import { type Usage, watchProcesses } from "./process-watch.ts";

/** One operation of one contestant, measured once. */
export interface Sample extends Partial<StateWeight> {
  contestant: Contestant["name"];
  clients: number;
  /** How long the API takes for each answer, in milliseconds. */
  latencyMs: number;
  round: number;
  operation: Operation;
  /** Of the whole process, from start to end. */
  seconds: number;
  /** Calls to the API by route; absent routes were not called. */
  calls: Record<string, number>;
  usage: Usage;
}

/** What a round is run with. */
export interface Setting {
  clients: number;
  latencyMs: number;
}

/** Requests per second that the API allows during a rate-limited refresh. */
const RATE_LIMIT = 10;

interface Lane {
  contestant: Contestant;
  api: Api;
  workspace: PulumiWorkspace;
}

/**
 * Runs all operations once and reports each as it ends. The contestants take turns at each operation, and each round starts with another
 * one.
 */
export async function runRound(
  contestants: readonly Contestant[],
  setting: Setting,
  round: number,
  report: (sample: Sample) => Promise<void>,
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const clients = someClients(setting.clients);
  const lanes: Lane[] = [];
  for (const contestant of contestants) lanes.push(await lane(contestant, clients, stack));
  for (const operation of OPERATIONS) {
    const first = round % lanes.length;
    for (const each of [...lanes.slice(first), ...lanes.slice(0, first)]) {
      if (operation === "rate-limited refresh" && !isRateLimited(each.contestant, setting, round)) continue;
      if (operation === "one-client change") await each.workspace.write(await each.contestant.files(renamed(clients)));
      await report({ ...(await measure(each, operation, setting.latencyMs)), ...setting, round });
    }
  }
}

/** The peer reads client by client, which takes minutes: once is enough. */
function isRateLimited({ name, rateLimited }: Contestant, { latencyMs }: Setting, round: number): boolean {
  return rateLimited && latencyMs === 0 && (name !== "peer" || round === 0);
}

async function lane(contestant: Contestant, clients: readonly Client[], stack: AsyncDisposableStack): Promise<Lane> {
  const api = stack.use(await contestant.startApi());
  // A round has no caches from before it, like most pipelines: the command is to know that it is in one.
  const env = { CI: "true", ...api.env };
  const files = { "index.js": "", ...(await contestant.files(clients)) };
  const plugin = contestant.plugin && {
    path: [(await packPlugin(join(import.meta.dirname, "../.pulumi-carto/bench-plugin"))).contents],
    config: { "carto:provider": "plugin" },
  };
  const workspace = stack.use(await pulumiWorkspace({ files, main: "index.js", env, ...plugin }));
  return { contestant, api, workspace };
}

async function measure(
  { contestant, api, workspace }: Lane,
  operation: Operation,
  latencyMs: number,
): Promise<Omit<Sample, "clients" | "latencyMs" | "round">> {
  const [command, ...args] = contestant.command(operation);
  const limited = operation === "rate-limited refresh";
  api.behave({ latencyMs, ...(limited && { requestsPerSecond: RATE_LIMIT }) });
  let watch: ReturnType<typeof watchProcesses> | undefined;
  const start = performance.now();
  const result = await workspace.run(command, args, (pid) => {
    watch = watchProcesses(pid, contestant.role);
  });
  const seconds = (performance.now() - start) / 1000;
  const usage = (await watch?.stop()) ?? { peakMemory: { program: 0, provider: 0 }, cpuSeconds: 0 };
  if (result.code !== 0) {
    throw new Error(`${operation} of ${contestant.name} ended with ${result.code}:\n${result.stdout}${result.stderr}`);
  }
  const sample = { contestant: contestant.name, operation, seconds, calls: api.takeRequests(), usage };
  return operation === "up" ? { ...sample, ...(await contestant.weigh(workspace)) } : sample;
}

function renamed([first, ...others]: readonly Client[]): Client[] {
  return first ? [{ ...first, name: `${first.name}, renamed` }, ...others] : [];
}
