import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmod } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { json } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { exampleFiles } from "../../harness/example.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

const PROVIDER = fileURLToPath(new URL("kubernetes-process.ts", import.meta.url));
const EXAMPLE = fileURLToPath(new URL("../../examples/kubernetes/index.ts", import.meta.url));

/** As much of a Kubernetes API server as Secrets need. */
async function apiServer(onChange: (method: string) => void) {
  const secrets = new Map<string, { stringData: Record<string, string> }>();
  const server = createServer(async (request, response) => {
    const { method = "", url = "" } = request;
    const [, namespace, name] = /^\/api\/v1\/namespaces\/([^/]+)\/secrets(?:\/([^/]+))?$/.exec(url) ?? [];
    // biome-ignore lint/suspicious/noExplicitAny: as the client sends it
    const body: any = method === "DELETE" ? undefined : await json(request);
    const key = `${namespace}/${name ?? body?.metadata.name}`;
    const exists = secrets.has(key);
    const status = namespace === undefined ? 404 : method === "POST" ? (exists ? 409 : 201) : exists ? 200 : 404;
    if (status < 300) {
      if (method === "DELETE") secrets.delete(key);
      else secrets.set(key, body);
      onChange(method);
    }
    response.writeHead(status, { "Content-Type": "application/json" }).end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, secrets, close: () => promisify(server.close.bind(server))() };
}

test("kubernetes: the Secret gets the credentials, is encrypted in the state, and is updated before a rotated client is deleted", async () => {
  await using emulator = await startEmulator();
  const seen: string[] = [];
  const cluster = await apiServer((method) => seen.push(`${method} with ${emulator.clients().length} clients`));
  try {
    await using workspace = await pulumiWorkspace({
      files: {
        ...(await exampleFiles("kubernetes")),
        "bin/pulumi-resource-kubernetes": `#!/bin/sh\nexec "${process.execPath}" "${PROVIDER}" "$@"\n`,
      },
      config: { namespace: "jobs" },
      env: { ...emulator.env, KUBERNETES_API: cluster.url },
    });
    const bin = join(workspace.directory, "bin");
    await chmod(join(bin, "pulumi-resource-kubernetes"), 0o755);
    workspace.env.PATH = [bin, workspace.env.PATH].join(delimiter);
    await workspace.succeed("up");
    const credentials = () => cluster.secrets.get("jobs/nightly-import")?.stringData ?? {};
    const first = credentials();
    expect(first.CARTO_M2M_CLIENT_ID).toBe(emulator.clients()[0]?.client_id);
    expect(first.CARTO_M2M_CLIENT_SECRET).toMatch(/^\S{20,}$/);
    expect(await workspace.storedText()).not.toContain(first.CARTO_M2M_CLIENT_SECRET);

    await workspace.setConfig("rotation", "2026-12");
    await workspace.succeed("up");
    const second = credentials();
    expect(second.CARTO_M2M_CLIENT_ID).not.toBe(first.CARTO_M2M_CLIENT_ID);
    expect(emulator.clients().map(({ client_id }) => client_id)).toEqual([second.CARTO_M2M_CLIENT_ID]);
    await workspace.succeed("destroy");
    expect(cluster.secrets.size).toBe(0);
    expect(seen).toEqual(["POST with 1 clients", "PUT with 2 clients", "DELETE with 1 clients"]);
  } finally {
    await cluster.close();
  }
});

test("kubernetes: the program is typed by the packages that it imports", async () => {
  const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
  const flags = [
    "--noEmit",
    "--ignoreConfig",
    "--strict",
    "--skipLibCheck",
    "--module",
    "nodenext",
    "--target",
    "es2023",
  ];
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, ...flags, EXAMPLE]);
  expect(stdout).toBe("");
});
