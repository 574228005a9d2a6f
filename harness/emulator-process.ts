import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { type Emulator, emulatorEnv, type Identity } from "../emulator/index.ts";

const PROGRAM = `
  const { startEmulator } = await import(${JSON.stringify(new URL("../emulator/index.ts", import.meta.url).href)});
  const [db, port] = process.argv.slice(1);
  console.log((await startEmulator({ db, port: Number(port) })).url);
`;

/** An emulator in a separate process, which can be killed. */
export class EmulatorProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(db: string, port = 0): Promise<EmulatorProcess> {
    const child = spawn(process.execPath, ["--input-type=module", "-e", PROGRAM, db, String(port)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const url: string = (await once(createInterface(child.stdout), "line"))[0];
    return new EmulatorProcess(child, url);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  envFor(identity: Identity): Record<string, string> {
    return emulatorEnv(this.port, identity);
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await exited;
  }
}

/** What a session needs of an emulator, in this process or another. */
export type EmulatorAddress = Pick<Emulator, "url" | "envFor">;
