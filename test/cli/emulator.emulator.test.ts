import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listeningPort } from "../../emulator/http/listening-port.ts";

const MAIN = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "emulator-command-"));
});
afterEach(() => rm(directory, { recursive: true }));

/** Starts `pulumi-carto emulator` as a process of its own. */
function start(args: string[]) {
  const { PATH = "" } = process.env;
  return spawn(process.execPath, [MAIN, "emulator", ...args], {
    cwd: directory,
    env: { PATH },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** How an emulator that cannot start ends. */
async function refusal(args: string[]) {
  const child = start(args);
  const [[code], stdout, stderr] = await Promise.all([once(child, "close"), text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

test("a port that is taken is named, with what to do", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const port = listeningPort(other);
  expect(await refusal(["--port", String(port)])).toEqual({
    code: 1,
    stdout: "",
    stderr: `pulumi-carto: Port ${port} is taken: stop what listens there, or choose another port\n`,
  });
  other.close();
});

const GIVE = "give the path of a YAML or JSON file of at most 64 kB";
const KNOWN =
  "oauth-clients, applications, api-access-tokens, each with paths, methods, members, list, paging, statuses";

test.each([
  [
    ["--db", "missing/carto.sqlite"],
    "Database missing/carto.sqlite cannot be opened: give a file that this emulator wrote, or a new one in an existing folder",
  ],
  [
    ["--db", "foreign.sqlite"],
    "Database foreign.sqlite cannot be opened: give a file that this emulator wrote, or a new one in an existing folder",
  ],
  [["--contract", "missing.yaml"], `Contract missing.yaml cannot be served: it does not exist; ${GIVE}`],
  [["--contract", "."], `Contract . cannot be served: it is not a regular file; ${GIVE}`],
  [
    ["--contract", "broken.yaml"],
    "Contract broken.yaml cannot be served: it is not valid YAML or JSON at line 2, column 1",
  ],
  [["--contract", "alias.yaml"], "Contract alias.yaml cannot be served: it is not valid YAML or JSON"],
  [["--contract", "empty.yaml"], `Contract empty.yaml cannot be served: it names no API; it may have ${KNOWN}`],
  [
    ["--contract", "unknown.yaml"],
    `Contract unknown.yaml cannot be served: clients, oauth-clients.path, applications.paths cannot be used; it may have ${KNOWN}`,
  ],
])("what the emulator cannot start with is refused with its reason: %j", async (args, message) => {
  const foreign = new DatabaseSync(join(directory, "foreign.sqlite"));
  foreign.exec("CREATE TABLE users (id TEXT)");
  foreign.close();
  await writeFile(join(directory, "broken.yaml"), "oauth-clients: {\n");
  await writeFile(join(directory, "alias.yaml"), "oauth-clients: *missing\n");
  await writeFile(join(directory, "empty.yaml"), "");
  await writeFile(
    join(directory, "unknown.yaml"),
    "clients: {}\noauth-clients: { path: {} }\napplications: { paths: 1 }\n",
  );
  expect(await refusal(["--port", "0", ...args])).toEqual({
    code: 1,
    stdout: "",
    stderr: `pulumi-carto: ${message}\n`,
  });
});

test.each(["SIGINT", "SIGTERM"] as const)("%s ends the emulator, which then no longer listens", async (signal) => {
  const child = start(["--port", "0"]);
  const [line]: string[] = await once(createInterface(child.stdout), "line");
  const url = /http:\S+\d/.exec(line ?? "")?.[0] ?? "";
  expect((await fetch(`${url}/__emulator/state`)).status).toBe(200);
  child.kill(signal);
  expect(await once(child, "close")).toEqual([0, null]);
  await expect(fetch(`${url}/__emulator/state`)).rejects.toThrow("fetch failed");
});
