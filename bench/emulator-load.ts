/* How many calls the emulator, in a separate process with a database file, serves to one client process: `node bench/emulator-load.ts`. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pool } from "undici";
import { AUDIENCE } from "../emulator/index.ts";
import { CartoSession, CLIENTS } from "../harness/carto-session.ts";
import { EmulatorProcess } from "../harness/emulator-process.ts";
import { describeMachine } from "./machine.ts";

const HELD = 10_000;
const CONNECTIONS = 16;

const { hardware, loadBefore } = await describeMachine();
const folder = await mkdtemp(join(tmpdir(), "emulator-load-"));
const started = performance.now();
const emulator = await EmulatorProcess.start(join(folder, "carto.sqlite"));
const startMs = Math.round(performance.now() - started);
try {
  const { token } = await CartoSession.open(emulator);
  const env = emulator.envFor("admin");
  const pool = new Pool(emulator.url, { connections: CONNECTIONS });
  const authorized = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const ids: string[] = [];

  const rows: [string, number][] = [
    [
      `creates, until it holds ${HELD} clients`,
      await perSecond(HELD, async (index) => {
        const body = JSON.stringify({ type: "spa", title: `App ${index}`, login_uri: "https://app.example.com/" });
        const headers = { ...authorized, "idempotency-key": `create-${index}` };
        const created = (await call({ method: "POST", path: CLIENTS, headers, body })) as { client_id: string };
        ids.push(created.client_id);
      }),
    ],
    [
      "reads of one client",
      await perSecond(5_000, (index) =>
        call({ method: "GET", path: `${CLIENTS}/${ids[(index * 7) % ids.length]}`, headers: authorized }),
      ),
    ],
    [
      "listings of 100 clients",
      await perSecond(500, (index) =>
        call({ method: "GET", path: `${CLIENTS}?page_size=100&page=${(index % 100) + 1}`, headers: authorized }),
      ),
    ],
    [
      "M2M tokens",
      await perSecond(2_000, () => {
        const form = {
          grant_type: "client_credentials",
          client_id: env.CARTO_M2M_CLIENT_ID ?? "",
          client_secret: env.CARTO_M2M_CLIENT_SECRET ?? "",
          audience: AUDIENCE,
        };
        const headers = { "content-type": "application/x-www-form-urlencoded" };
        return call({ method: "POST", path: "/oauth/token", headers, body: `${new URLSearchParams(form)}` });
      }),
    ],
  ];
  await pool.close();

  console.log(`${hardware}, load ${loadBefore.toFixed(1)} before; start of the process ${startMs} ms\n`);
  console.log("| what | per second |\n| --- | --- |");
  for (const [what, rate] of rows) console.log(`| ${what} | ${Math.round(rate)} |`);

  async function call(request: { method: string; path: string; headers: Record<string, string>; body?: string }) {
    const { statusCode, body } = await pool.request(request);
    if (statusCode >= 400) throw new Error(`${request.method} answered ${statusCode}`);
    return body.json();
  }
} finally {
  await emulator.kill();
  await rm(folder, { recursive: true, force: true });
}

async function perSecond(count: number, work: (index: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const begun = performance.now();
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return (count / (performance.now() - begun)) * 1000;
}
