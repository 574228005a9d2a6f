import { type Emulator, startEmulator } from "../emulator/index.ts";
import { type PulumiWorkspace, pulumiWorkspace } from "../test/support/pulumi-workspace.ts";
import { type Client, type Contestant, OPERATIONS, type Operation, someClients } from "./contestant.ts";
import { type PeakMemory, watchMemory } from "./process-memory.ts";

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
  memory: PeakMemory;
  /** After `up`: mean bytes of a client's resource in the state, as compact JSON. */
  bytesPerClient?: number;
}

/** Requests per second that the API allows during a rate-limited refresh. */
export const RATE_LIMIT = 10;

interface Lane {
  contestant: Contestant;
  emulator: Emulator;
  workspace: PulumiWorkspace;
}

/** Runs all operations once; at each the contestants take turns, the first one another in each round. */
export async function runRound(
  contestants: readonly Contestant[],
  count: number,
  round: number,
  log: (line: string) => void,
): Promise<Sample[]> {
  await using stack = new AsyncDisposableStack();
  const clients = someClients(count);
  const lanes: Lane[] = [];
  for (const contestant of contestants) lanes.push(await lane(contestant, clients, stack));
  const samples: Sample[] = [];
  for (const operation of OPERATIONS) {
    for (let turn = 0; turn < lanes.length; turn++) {
      const each = lanes[(turn + round) % lanes.length] as Lane;
      if (operation === "rate-limited refresh" && each.contestant.name !== "program") continue;
      if (operation === "one-client change") await each.workspace.write(await each.contestant.files(renamed(clients)));
      const sample = await measure(each, operation);
      samples.push({ ...sample, clients: count, round });
      log(`${count} clients, round ${round}, ${operation}, ${each.contestant.name}: ${sample.seconds.toFixed(2)} s`);
    }
  }
  return samples;
}

async function lane(contestant: Contestant, clients: readonly Client[], stack: AsyncDisposableStack): Promise<Lane> {
  const emulator = await startEmulator();
  stack.defer(() => emulator.close());
  const env = { CARTO_CREDENTIALS_URL: `${emulator.url}/workspace-api`, CARTO_API_TOKEN: await accessToken(emulator) };
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
  let watch: ReturnType<typeof watchMemory> | undefined;
  const start = performance.now();
  const result = await workspace.run(command, args, (pid) => {
    watch = watchMemory(pid, contestant.role);
  });
  const seconds = (performance.now() - start) / 1000;
  const memory = (await watch?.stop()) ?? { program: 0, provider: 0 };
  if (result.code !== 0) {
    throw new Error(`${operation} of ${contestant.name} ended with ${result.code}:\n${result.stdout}${result.stderr}`);
  }
  emulator.faults.clear();
  const calls = emulator.requests();
  emulator.resetRequests();
  const sample = { contestant: contestant.name, operation, seconds, calls, memory };
  return operation === "up" ? { ...sample, bytesPerClient: await bytesPerClient(contestant, workspace) } : sample;
}

async function bytesPerClient({ resourceType }: Contestant, workspace: PulumiWorkspace): Promise<number> {
  const resources = (await workspace.resources()).filter(({ type }) => type === resourceType);
  if (resources.length === 0) throw new Error(`The state holds no ${resourceType}`);
  const bytes = resources.map((resource) => Buffer.byteLength(JSON.stringify(resource)));
  return bytes.reduce((sum, each) => sum + each, 0) / bytes.length;
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
