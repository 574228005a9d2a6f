import { type Emulator, startEmulator } from "../emulator/index.ts";
import { type PulumiWorkspace, pulumiWorkspace } from "../harness/pulumi-workspace.ts";
import { type Client, type Contestant, OPERATIONS, type Operation, someClients } from "./contestant.ts";
import { type Usage, watchProcesses } from "./process-watch.ts";
import { accountFor, type StatePart } from "./state-bytes.ts";

/** One operation of one contestant, measured once. */
export interface Sample {
  contestant: Contestant["name"];
  clients: number;
  round: number;
  operation: Operation;
  /** Of the whole process, from start to end. */
  seconds: number;
  /** Calls to CARTO by route; absent routes were not called. */
  calls: Record<string, number>;
  usage: Usage;
  /** After `up`: mean bytes of a client's resource in the state, as compact JSON. */
  bytesPerClient?: number;
  /** After `up`: what the first client's resource is made of. */
  stateParts?: StatePart[];
}

/** Requests per second that the API allows during a rate-limited refresh. */
export const RATE_LIMIT = 10;

interface Lane {
  contestant: Contestant;
  emulator: Emulator;
  workspace: PulumiWorkspace;
}

/** Runs all operations once and reports each as it ends; at each the contestants take turns, the first one another in each round. */
export async function runRound(
  contestants: readonly Contestant[],
  count: number,
  round: number,
  report: (sample: Sample) => Promise<void>,
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const clients = someClients(count);
  const lanes: Lane[] = [];
  for (const contestant of contestants) lanes.push(await lane(contestant, clients, stack));
  for (const operation of OPERATIONS) {
    for (let turn = 0; turn < lanes.length; turn++) {
      const each = lanes[(turn + round) % lanes.length] as Lane;
      if (operation === "rate-limited refresh" && each.contestant.name !== "program") continue;
      if (operation === "one-client change") await each.workspace.write(await each.contestant.files(renamed(clients)));
      await report({ ...(await measure(each, operation)), clients: count, round });
    }
  }
}

async function lane(contestant: Contestant, clients: readonly Client[], stack: AsyncDisposableStack): Promise<Lane> {
  const emulator = await startEmulator();
  stack.defer(() => emulator.close());
  const credentialsUrl = `${emulator.url}/workspace-api`;
  // A round has no caches from before it, like most pipelines: the command is to know that it is in one.
  const env = { CI: "true", CARTO_CREDENTIALS_URL: credentialsUrl, CARTO_API_TOKEN: await accessToken(emulator) };
  const files = { "index.js": "", ...(await contestant.files(clients)) };
  const workspace = stack.use(await pulumiWorkspace({ files, main: "index.js", env }));
  emulator.resetRequests();
  return { contestant, emulator, workspace };
}

async function measure(
  { contestant, emulator, workspace }: Lane,
  operation: Operation,
): Promise<Omit<Sample, "clients" | "round">> {
  const [command, ...args] = contestant.command(operation);
  if (operation === "rate-limited refresh") emulator.faults.add({ fault: "rate-limit", requestsPerSecond: RATE_LIMIT });
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
  emulator.faults.clear();
  const calls = emulator.requests();
  emulator.resetRequests();
  const sample = { contestant: contestant.name, operation, seconds, calls, usage };
  return operation === "up" ? { ...sample, ...(await weigh(contestant, workspace)) } : sample;
}

async function weigh(
  { resourceType }: Contestant,
  workspace: PulumiWorkspace,
): Promise<Required<Pick<Sample, "bytesPerClient" | "stateParts">>> {
  const resources = (await workspace.resources()).filter(({ type }) => type === resourceType);
  const [first] = resources;
  if (!first) throw new Error(`The state holds no ${resourceType}`);
  const bytes = resources.reduce((sum, resource) => sum + Buffer.byteLength(JSON.stringify(resource)), 0);
  return { bytesPerClient: bytes / resources.length, stateParts: accountFor(first) };
}

/** A token at hand leaves the calls for getting one out of the comparison. */
async function accessToken({ url, env }: Emulator): Promise<string> {
  const response = await fetch(`${url}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: env.CARTO_M2M_CLIENT_ID ?? "",
      client_secret: env.CARTO_M2M_CLIENT_SECRET ?? "",
      audience: "carto-cloud-native-api",
    }),
  });
  if (!response.ok) throw new Error(`The emulator refused a token: ${response.status}`);
  return ((await response.json()) as { access_token: string }).access_token;
}

function renamed([first, ...others]: readonly Client[]): Client[] {
  return first ? [{ ...first, name: `${first.name}, renamed` }, ...others] : [];
}
