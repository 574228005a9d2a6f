import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { access, chown, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { systemCode } from "../error/system-code.ts";

const run = promisify(execFile);
const VERSIONS = "/usr/lib/postgresql";

/**
 * Directory of a PostgreSQL server's programs. As root on Debian it is installed where it is missing.
 *
 * @returns or the reason why there is none
 */
export async function findPostgres(): Promise<{ bin: string } | { reason: string }> {
  const found = await search();
  if (found !== undefined) return { bin: found };
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    return { reason: "there is no PostgreSQL server here, and only root on Debian can install one" };
  }
  try {
    // The package would start a server of its own otherwise.
    await mkdir("/etc/postgresql-common", { recursive: true });
    await writeFile("/etc/postgresql-common/createcluster.conf", "create_main_cluster = false\n", { flag: "wx" });
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    await run("apt-get", ["update", "-q"], { env, timeout: 120_000 });
    await run("apt-get", ["install", "-qy", "--no-install-recommends", "postgresql"], { env, timeout: 240_000 });
  } catch {
    return { reason: "there is no PostgreSQL server here, and apt-get could not install one" };
  }
  const installed = await search();
  return installed === undefined ? { reason: "apt-get brought no PostgreSQL server" } : { bin: installed };
}

async function search(): Promise<string | undefined> {
  const versions = await readdir(VERSIONS).catch(() => []);
  const candidates = [
    ...versions.toSorted((a, b) => Number(b) - Number(a)).map((version) => join(VERSIONS, version, "bin")),
    ...(process.env.PATH ?? "").split(delimiter),
  ];
  for (const bin of candidates) {
    const there = await Promise.all([access(join(bin, "initdb")), access(join(bin, "postgres"))]).catch(
      () => undefined,
    );
    if (there) return bin;
  }
  return undefined;
}

/** A separate PostgreSQL server on a Unix socket, without a port. */
export class Postgres implements AsyncDisposable {
  /** Pulumi backend URL. */
  readonly url: string;
  readonly #directory: string;
  readonly #server: ChildProcess;

  private constructor(url: string, directory: string, server: ChildProcess) {
    this.url = url;
    this.#directory = directory;
    this.#server = server;
  }

  static async start(bin: string): Promise<Postgres> {
    const directory = await mkdtemp(join(tmpdir(), "pulumi-carto-postgres-"));
    const user = await unprivileged();
    if (user.uid !== undefined) await chown(directory, user.uid, user.gid);
    const data = join(directory, "data");
    const options = { ...user, cwd: directory };
    await run(join(bin, "initdb"), ["-D", data, "-A", "trust", "-U", "ci", "--no-sync", "-E", "UTF8"], options);
    const settings = ["listen_addresses=", `unix_socket_directories=${directory}`, "fsync=off"];
    const server = spawn(join(bin, "postgres"), ["-D", data, ...settings.flatMap((setting) => ["-c", setting])], {
      ...options,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const lines = createInterface(server.stderr);
    for await (const line of lines) if (line.includes("ready to accept connections")) break;
    server.stderr.resume();
    return new Postgres(`postgres:///postgres?host=${directory}&user=ci&sslmode=disable`, directory, server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server.exitCode === null) {
      const closed = once(this.#server, "close");
      this.#server.kill("SIGQUIT");
      await closed;
    }
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** PostgreSQL refuses to run as root. */
async function unprivileged(): Promise<{ uid: number; gid: number } | { uid?: undefined; gid?: undefined }> {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = await Promise.all(["-u", "-g"].map((flag) => run("id", [flag, "postgres"])));
  return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
}
