import { mkdtempDisposable, stat } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";

let emulator: Emulator;
let carto: CartoSession;

beforeEach(async () => {
  emulator = await startEmulator();
  carto = await CartoSession.open(emulator);
});
afterEach(() => emulator.close());

const FAULT = { fault: "redirect", call: "GET /authorize", location: "https://stranger.example.com/" };

/** As a browser may send it: fetch refuses to forge these headers. */
function send(method: string, path: string, headers: Record<string, string>, body = ""): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${emulator.url}${path}`, { method, headers }, (res) => {
      res.resume();
      res.on("end", () => resolve(res.statusCode ?? 0));
    })
      .on("error", reject)
      .end(body);
  });
}

test.each<[string, Record<string, string>, number]>([
  ["of another origin", { Origin: "https://stranger.example.com", "Content-Type": "application/json" }, 403],
  ["of another port", { Origin: "http://localhost:5173", "Content-Type": "application/json" }, 403],
  ["of an opaque origin", { Origin: "null", "Content-Type": "application/json" }, 403],
  [
    "of another site, by what the browser says",
    { "Sec-Fetch-Site": "cross-site", "Content-Type": "application/json" },
    403,
  ],
  ["of the same site only", { "Sec-Fetch-Site": "same-site", "Content-Type": "application/json" }, 403],
  ["that posts a form", { "Content-Type": "application/x-www-form-urlencoded" }, 415],
  ["that posts plain text, as pages may without asking", { "Content-Type": "text/plain" }, 415],
  ["that posts JSON by a name that is not quite it", { "Content-Type": "application/jsonp" }, 415],
])("a page %s sets no fault", async (_, headers, status) => {
  expect(await send("POST", "/__emulator/faults", headers, JSON.stringify(FAULT))).toBe(status);
  expect(emulator.faults.list()).toEqual([]);
});

test("a page of another origin reads and clears nothing either, the emulator's own may", async () => {
  const foreign = { Origin: "https://stranger.example.com" };
  for (const path of ["/__emulator/state", "/__emulator/requests", "/__emulator/faults"]) {
    expect([path, await send("GET", path, foreign)]).toEqual([path, 403]);
  }
  emulator.faults.add({ fault: "omit-secret" });
  expect(await send("DELETE", "/__emulator/faults", foreign)).toBe(403);
  expect(emulator.faults.list()).toHaveLength(1);
  const own = { Origin: emulator.url, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json" };
  expect(await send("POST", "/__emulator/faults", own, JSON.stringify(FAULT))).toBe(201);
});

test("a page of another origin, or a form, gives nobody's client or token away", async () => {
  const [{ body: client }, { body: token }] = [
    await carto.call("POST", CLIENTS, { type: "m2m", title: "Robot" }),
    await carto.call("POST", "/api/v3/tokens", {
      grants: [{ connection_name: "carto_dw", source: "carto.demo.points" }],
      referers: [],
      allowed_apis: ["sql"],
    }),
  ];
  expect(token.token).toEqual(expect.any(String));
  const [{ id = "" } = {}] = emulator.tokens();
  const owners = () => [emulator.clients()[0]?.owner_id, emulator.tokens()[0]?.owner_id];
  const before = owners();
  const body = JSON.stringify({ identity: "viewer" });
  const json = { "Content-Type": "application/json" };
  const paths = [`/__emulator/clients/${client.client_id}/owner`, `/__emulator/tokens/${id}/owner`];
  for (const path of paths) {
    expect(await send("PUT", path, { ...json, Origin: "https://stranger.example.com" }, body)).toBe(403);
    expect(await send("PUT", path, { ...json, "Sec-Fetch-Site": "cross-site" }, body)).toBe(403);
    expect(await send("PUT", path, { "Content-Type": "text/plain" }, body)).toBe(415);
  }
  expect(owners()).toEqual(before);
  for (const path of paths) expect(await send("PUT", path, json, body)).toBe(204);
  expect(owners()).toEqual(["auth0|emulator-viewer", "auth0|emulator-viewer"]);
});

test("faults are at most 100 in force, and 64 KB at once", async () => {
  const faults = (count: number) => Array.from({ length: count }, () => ({ fault: "omit-secret" }));
  const post = async (body: unknown) => {
    const answer = await carto.call("POST", "/__emulator/faults", body);
    return [answer.status, answer.body.description];
  };
  expect((await post(faults(60)))[0]).toBe(201);
  expect(await post(faults(41))).toEqual([400, "body: must not bring the faults in force above 100"]);
  const large = { fault: "status", status: 500, body: { text: "x".repeat(65_536) } };
  expect(await post(large)).toEqual([400, "body: must have at most 65536 characters"]);
  expect(emulator.faults.list()).toHaveLength(60);
});

test.each(["https://a.example.com/\r\nSet-Cookie: a=b", "https://a.example.com/☃", "https://a.example.com/ x"])(
  "a redirect to %j is not a valid fault",
  async (location) => {
    const { status, body } = await carto.call("POST", "/__emulator/faults", { fault: "redirect", location });
    expect([status, body.issues]).toEqual([
      400,
      [{ path: "[0].location", message: "must be an absolute URL of at most 2048 visible ASCII characters" }],
    ]);
  },
);

test.each(["emulator_user=%", "emulator_user=%.%", "emulator_user=%E2%98.x", "emulator_user"])(
  "the cookie %j is nobody's",
  async (Cookie) => {
    expect(await send("GET", "/", { Cookie })).toBe(200);
  },
);

test.each(["99999999999999999999", "999999999999999", "-1", "1e99", "9".repeat(400)])(
  "page %s of a listing is empty or refused",
  async (page) => {
    const listed = await carto.call("GET", `${CLIENTS}?page=${page}`);
    expect([200, 400]).toContain(listed.status);
    const { user_id } = (await carto.call("GET", "/users/me")).body;
    expect(user_id).toEqual(expect.any(String));
    const choice = await fetch(`${emulator.url}/`);
    const token = /name="form_token" value="([^"]+)"/.exec(await choice.text())?.[1] ?? "";
    const login = await fetch(`${emulator.url}/login`, {
      method: "POST",
      body: new URLSearchParams({ form_token: token, user: user_id }),
      redirect: "manual",
    });
    const Cookie = login.headers.get("set-cookie")?.split(";")[0] ?? "";
    expect(Cookie).toContain("emulator_user=");
    expect(await send("GET", `/?page=${page}`, { Cookie })).toBe(200);
  },
);

test("a logout URL with other than ASCII characters is gone to as browsers write it", async () => {
  const client = (
    await carto.call("POST", CLIENTS, {
      type: "spa",
      title: "Web",
      login_uri: "https://app.example.com/",
      logout_urls: ["https://app.example.com/☃"],
    })
  ).body;
  const answer = await fetch(
    `${emulator.url}/v2/logout?client_id=${client.client_id}&returnTo=https://app.example.com/%E2%98%83`,
    { redirect: "manual" },
  );
  expect([answer.status, answer.headers.get("location")]).toEqual([302, "https://app.example.com/%E2%98%83"]);
});

test("only the user who started it may read its database", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "emulator-"));
  const db = join(folder.path, "carto.sqlite");
  const umask = process.umask(0);
  try {
    const kept = await startEmulator({ db });
    for (const file of [db, `${db}-wal`, `${db}-shm`])
      expect([file, (await stat(file)).mode & 0o777]).toEqual([file, 0o600]);
    await kept.close();
  } finally {
    process.umask(umask);
  }
});
