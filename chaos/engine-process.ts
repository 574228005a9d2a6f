import { type ChildProcess, fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Properties } from "../kinds/kind.ts";
import { type Checkpoint, type Resource, readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import type { Call, Result } from "./provider-process.ts";
import type { Declaration, DeclaredClient } from "./schedule.ts";

/*
 * `node engine-process.ts up|refresh-up|destroy DIRECTORY` stands in for the engine: it calls the real provider, in a process
 * of its own, as the engine does (read, check, diff, perhaps a second check, create or update, last the deletes), and
 * writes the state after each step.
 */

/** What is in every resource. */
const PROVIDER = { __provider: "text" };

/** The provider's process, and its methods. */
class Provider {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (result: Result) => void>();
  #calls = 0;

  constructor(directory: string) {
    this.#child = fork(fileURLToPath(new URL("provider-process.ts", import.meta.url)), [
      directory,
      String(process.pid),
    ]);
    this.#child.on("message", (result: Result) => this.#waiting.get(result.call)?.(result));
    this.#child.once("exit", () => {
      console.error("the provider was killed");
      process.exit(1);
    });
    console.log(this.#child.pid); // so that it can be killed
  }

  /** @throws Error with `unfinished` When the resource exists, but is not as declared. */
  async call<T>(kind: Call["kind"], method: Call["method"], ...args: Call["args"]): Promise<T> {
    const call = this.#calls++;
    const result = await new Promise<Result>((resolve) => {
      this.#waiting.set(call, resolve);
      this.#child.send({ call, kind, method, args } satisfies Call);
    });
    if (result.error === undefined) return result.value as T;
    throw Object.assign(new Error(result.error), { unfinished: result.unfinished });
  }

  /** It ends itself: killed, Node could not keep what it has compiled for the next one. */
  async end(): Promise<void> {
    this.#child.removeAllListeners("exit");
    this.#child.send("end");
    await once(this.#child, "exit");
  }
}

type Kept = Pick<Resource, "inputs" | "outs" | "id">;

class Run {
  readonly #directory: string;
  readonly #provider: Provider;
  #state: Checkpoint;

  constructor(directory: string) {
    this.#directory = directory;
    this.#state = readCheckpoint(directory);
    this.#save(this.#state.resources); // the identity comes before the first create
    this.#provider = new Provider(directory);
  }

  async operate(operation: string): Promise<void> {
    if (operation === "refresh-up") {
      for (const resource of this.#state.resources.filter((found) => !found.delete)) await this.#refresh(resource);
    }
    if (operation !== "destroy") {
      const declared: Declaration = JSON.parse(readFileSync(join(this.#directory, "clients.json"), "utf8"));
      for (const [logicalName, client] of Object.entries(declared)) await this.#settle(logicalName, client);
      this.#save(
        this.#state.resources.map((one) => (declared[one.logicalName] ? one : { ...one, delete: true as const })),
      );
    }
    for (const resource of this.#state.resources.filter((found) => operation === "destroy" || found.delete)) {
      await this.#provider.call(resource.kind, "delete", resource.id, { ...resource.outs, ...PROVIDER });
      this.#replace(resource);
    }
    await this.#provider.end();
  }

  async #refresh(resource: Resource): Promise<void> {
    const read = await this.#provider.call<{ id: string; props: Resource["outs"]; inputs?: Properties }>(
      resource.kind,
      "read",
      resource.id,
      { ...resource.outs, ...PROVIDER },
    );
    if (read.id === "") this.#replace(resource);
    else this.#replace(resource, { ...resource, inputs: read.inputs ?? resource.inputs, outs: read.props });
  }

  async #settle(logicalName: string, { kind, was, ...args }: DeclaredClient): Promise<void> {
    const place = createHash("sha256")
      .update(`${this.#state.identity} ${logicalName}`)
      .digest("base64url")
      .slice(0, 16);
    const news = { ...args, __key: `${place}@chaos`, ...PROVIDER };
    const check = async (olds: object) => {
      const { inputs, failures } = await this.#provider.call<{ inputs: Properties; failures: object[] }>(
        ...([kind, "check", olds, news] as const),
      );
      if (failures.length > 0) throw new Error(JSON.stringify(failures));
      return inputs;
    };
    const named = (name: string | undefined) =>
      this.#state.resources.find((found) => found.logicalName === name && !found.delete);
    const old = named(logicalName) ?? named(was);
    const create = async (): Promise<Resource> => {
      const inputs = await check({});
      const kept = await this.#keep(
        inputs,
        async () => {
          const { id, outs } = await this.#provider.call<{ id: string; outs: Resource["outs"] }>(
            ...([kind, "create", { ...inputs, ...PROVIDER }] as const),
          );
          return { id, outs };
        },
        (unfinished) => this.#save([...this.#state.resources, { logicalName, kind, unfinished: true, ...unfinished }]),
      );
      return { logicalName, kind, ...kept };
    };
    if (!old) return this.#save([...this.#state.resources, await create()]);
    const inputs = await check({ ...old.inputs, ...PROVIDER });
    const { changes, replaces } = await this.#provider.call<{ changes: boolean; replaces?: string[] }>(
      ...([kind, "diff", old.id, { ...old.outs, ...PROVIDER }, inputs] as const),
    );
    if (replaces) return this.#replace(old, await create(), { ...old, delete: true });
    if (!changes && !old.unfinished) return this.#replace(old, { ...old, logicalName, inputs });
    const kept = await this.#keep(
      inputs,
      async () => {
        const { outs } = await this.#provider.call<{ outs: Resource["outs"] }>(
          ...([kind, "update", old.id, { ...old.outs, ...PROVIDER }, { ...inputs, ...PROVIDER }] as const),
        );
        return { id: old.id, outs };
      },
      (unfinished) => this.#replace(old, { ...old, logicalName, unfinished: true, ...unfinished }),
    );
    this.#replace(old, { logicalName, kind, ...kept });
  }

  /** Keeps an unfinished resource in the state before the error ends the run. */
  async #keep(
    inputs: Properties,
    work: () => Promise<Omit<Kept, "inputs">>,
    keep: (unfinished: Kept) => void,
  ): Promise<Kept> {
    try {
      return { inputs, ...(await work()) };
    } catch (error) {
      const { unfinished } = error as { unfinished?: { id: string; properties: Resource["outs"] } };
      if (unfinished) keep({ inputs, id: unfinished.id, outs: unfinished.properties });
      throw error;
    }
  }

  #replace(old: Resource, ...by: Resource[]): void {
    this.#save(this.#state.resources.flatMap((resource) => (resource === old ? by : [resource])));
  }

  #save(resources: Resource[]): void {
    this.#state = { ...this.#state, resources };
    writeCheckpoint(this.#directory, this.#state);
  }
}

const [operation = "", directory = ""] = process.argv.slice(2);
try {
  await new Run(directory).operate(operation);
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
