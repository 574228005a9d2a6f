import { byKind, type KindId } from "../kinds/index.ts";
import { Connection } from "../provider/connection.ts";
import { dynamicProvider } from "../provider/dynamic.ts";
import { parentEngine } from "../provider/parent-engine.ts";
import { readCheckpoint } from "./checkpoint.ts";

/*
 * `node provider-process.ts DIRECTORY ENGINE`, started by engine-process.ts: the real provider, whose calls come as messages, as the
 * SDK's host serves it to the real engine.
 */

/** A call of the engine. */
export interface Call {
  call: number;
  kind: KindId;
  method: "check" | "diff" | "create" | "read" | "update" | "delete";
  args: unknown[];
}

/** What came of it. `unfinished` is what the engine keeps of a resource that exists, but is not as declared. */
export interface Result {
  call: number;
  value?: unknown;
  error?: string;
  unfinished?: { id: string; properties: object };
}

const directory = process.argv[2] ?? "";
// A message outlives who sent it. The SDK's host, which the engine calls once it runs, gets none from an engine that is dead.
if (process.ppid !== Number(process.argv[3])) process.exit(1);
const engine = parentEngine();
const connection = new Connection({
  environment: process.env,
  warn: (warning) => process.stderr.write(`${warning}\n`),
  engine: {
    ...engine,
    isAlive: () => engine.isAlive() || process.exit(1),
    readState: async () => ({
      resources: readCheckpoint(directory).resources.map(({ logicalName, id, inputs, outs, ...rest }) => ({
        urn: `urn:pulumi:chaos::chaos::client::${logicalName}`,
        ...{ id, inputs, outputs: outs, delete: rest.delete === true },
      })),
    }),
  },
});
connection.configure({ config: { get: () => undefined } });
const providers = byKind((kind) => dynamicProvider(kind, connection));

process.on("message", async (message: Call | "end") => {
  if (message === "end") process.exit(0);
  const { call, kind, method, args } = message;
  const serve = providers[kind][method] as unknown as (...args: unknown[]) => Promise<unknown>;
  const answer = (result: Omit<Result, "call">) => process.send?.({ call, ...result }, () => {});
  try {
    answer({ value: await serve(...args) });
  } catch (thrown) {
    const error = thrown as Error & { id?: string; properties?: object };
    const { id, properties, message } = error;
    answer({ error: message, ...(id !== undefined && properties && { unfinished: { id, properties } }) });
  }
});
