import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { EmulatorProcess } from "../../harness/emulator-process.ts";

let folder: string;
let running: EmulatorProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "emulator-"));
});
afterEach(async () => {
  await running?.kill();
  rmSync(folder, { recursive: true, force: true });
});

const spa = (title: string) => ({ type: "spa", title, login_uri: "https://app.example.com/" });

test.each([1, 20, 60])("kill -9 after %i acknowledged creates loses none of them", async (enough) => {
  const db = path.join(folder, "carto.sqlite");
  running = await EmulatorProcess.start(db);
  const { port } = running;
  const carto = await CartoSession.open(running);
  const acknowledged = new Map<string, unknown>();
  let sent = 0;
  const writer = async () => {
    for (;;) {
      const key = `create-${sent++}`;
      const { body } = await carto.call("POST", CLIENTS, spa(key), { "Idempotency-Key": key });
      acknowledged.set(key, body);
      if (acknowledged.size === enough) await running?.kill();
    }
  };
  const writers = await Promise.allSettled(Array.from({ length: 8 }, writer));
  expect(writers.every(({ status }) => status === "rejected")).toBe(true);

  // The same port, so that the tokens' issuer is still the same: they outlive the restart too.
  running = await EmulatorProcess.start(db, port);
  const again = new CartoSession(running, carto.token);
  for (const [key, client] of acknowledged) {
    const { client_id } = client as { client_id: string };
    expect((await again.call("GET", `${CLIENTS}/${client_id}`)).body).toEqual(client);
    const repeated = await again.call("POST", CLIENTS, spa(key), { "Idempotency-Key": key });
    expect([repeated.status, repeated.body]).toEqual([200, client]);
  }
  // What was not acknowledged exists once or not at all: sent again, it exists once.
  for (let index = 0; index < sent; index += 1) {
    const key = `create-${index}`;
    await again.call("POST", CLIENTS, spa(key), { "Idempotency-Key": key });
  }
  expect((await again.call("GET", `${CLIENTS}?type=spa`)).body.total).toBe(sent);
});

test("deletes and patches survive too, and deleted seed clients come back", async () => {
  const db = path.join(folder, "carto.sqlite");
  running = await EmulatorProcess.start(db);
  const { port } = running;
  const carto = await CartoSession.open(running, "editor");
  const [kept, gone] = [await carto.call("POST", CLIENTS, spa("kept")), await carto.call("POST", CLIENTS, spa("gone"))];
  const patched = await carto.call("PATCH", `${CLIENTS}/${kept.body.client_id}`, { callbacks: [] });
  await carto.call("DELETE", `${CLIENTS}/${gone.body.client_id}`);
  await carto.call("DELETE", `${CLIENTS}/${running.envFor("editor").CARTO_M2M_CLIENT_ID}`);
  await running.kill();

  running = await EmulatorProcess.start(db, port);
  const again = await CartoSession.open(running, "editor");
  expect((await again.call("GET", `${CLIENTS}/${kept.body.client_id}`)).body).toEqual(patched.body);
  expect((await again.call("GET", `${CLIENTS}/${gone.body.client_id}`)).status).toBe(404);
});

test("a port in use and a file that is not a database are errors that say so", async () => {
  const emulator = await startEmulator();
  const port = Number(new URL(emulator.url).port);
  await expect(startEmulator({ port })).rejects.toThrow(
    `Port ${port} is taken: stop what listens there, or choose another port`,
  );
  await emulator.close();
  await expect(startEmulator({ db: folder })).rejects.toThrow(
    `Database ${folder} cannot be opened: give a file that this emulator wrote, or a new one in an existing folder`,
  );
});
