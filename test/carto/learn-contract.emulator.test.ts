import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { ownClientId, resolveConfiguration } from "../../carto/configuration.ts";
import { contractOf, draftOf, type Lesson, lessonFailures } from "../../carto/contract-lesson.ts";
import { learnContract } from "../../carto/learn-contract.ts";
import { type Finding, probe } from "../../carto/probe.ts";
import { probeName } from "../../carto/probe-name.ts";
import { Tenant } from "../../carto/tenant.ts";
import { type Emulator, startEmulator } from "../../emulator/index.ts";

const directory = await mkdtemp(join(tmpdir(), "pulumi-carto-learn-"));
let emulator: Emulator | undefined;
afterEach(async () => {
  await emulator?.close();
  emulator = undefined;
});
process.once("exit", () => void rm(directory, { recursive: true, force: true }));

type Variant = Record<string, Record<string, string | number>>;

async function serve(variant: Variant | undefined): Promise<Emulator> {
  const file = join(directory, "variant.yaml");
  if (variant !== undefined) await writeFile(file, stringify({ "oauth-clients": variant }));
  emulator = await startEmulator(variant === undefined ? {} : { contract: file });
  return emulator;
}

async function withTenant<T>(contract: object | undefined, work: (tenant: Tenant) => Promise<T>): Promise<T> {
  const configuration = resolveConfiguration(() => undefined, { HOME: "/nonexistent", ...emulator?.env });
  const tenant = new Tenant({
    ...configuration,
    retryBudgetSeconds: 1,
    contract: contract === undefined ? undefined : JSON.stringify(contract),
  });
  try {
    return await work(tenant);
  } finally {
    await tenant.close();
  }
}

interface Learnt {
  lesson: Lesson;
  left: string[];
}

function learn(stop = new AbortController(), stopAfter = Number.POSITIVE_INFINITY): Promise<Learnt> {
  return withTenant(undefined, async (tenant) => {
    const left: string[] = [];
    const { send, secrets } = await tenant.requests();
    let sent = 0;
    const known = {
      name: probeName(new Date()),
      userId: (await tenant.caller()).userId,
      ownClientId: ownClientId(tenant.configuration),
      secrets,
    };
    const counted: typeof send = (request) => {
      if (++sent === stopAfter) stop.abort();
      return send(request);
    };
    const lesson = await learnContract(counted, known, stop.signal, (message) => left.push(message));
    return { lesson, left };
  });
}

function probed(lesson: Lesson): Promise<Finding[]> {
  return withTenant(contractOf(lesson), async (tenant) => {
    const found: Finding[] = [];
    const stop = new AbortController();
    await probe(await tenant.api(), probeName(new Date()), (finding) => found.push(finding), stop.signal);
    return found;
  });
}

test("a tenant that fits the assumed contract teaches nothing that differs", async () => {
  const before = (await serve(undefined)).clients();
  expect(await learn()).toEqual({ lesson: { learned: [], unknown: [], complete: true }, left: [] });
  expect(emulator?.clients()).toEqual(before);
});

const VARIANTS: [string, Variant][] = [
  ["another path", { paths: { collection: "/v2/oauth/clients", one: "/v2/oauth/clients/{id}" } }],
  [
    "another name of the ID, of the name and of the owner",
    { members: { client_id: "id", title: "name", owner_id: "user" } },
  ],
  ["another name of the secret", { members: { client_secret: "app_secret" } }],
  ["other names of times", { members: { created_at: "created", updated_at: "modified" } }],
  ["other names of lists", { members: { callbacks: "redirects", web_origins: "origins" } }],
  ["another envelope", { list: { data: "clients", page: "number", page_size: "size", total: "count" } }],
  ["other paging", { paging: { page: "number", page_size: "limit", first: 0, size: 50 } }],
  ["other methods", { methods: { create: "PUT", update: "PUT" } }],
  ["other statuses", { statuses: { existed: 208, not_found: 410, conflict: 422 } }],
  [
    "all of these at once",
    {
      paths: { collection: "/v1/oauth-clients", one: "/v1/oauth-clients/{id}" },
      methods: { update: "PUT" },
      members: {
        client_id: "clientId",
        type: "kind",
        title: "label",
        login_uri: "login_url",
        callbacks: "redirects",
        owner_id: "owner",
        client_secret: "clientSecret",
        created_at: "createdAt",
        updated_at: "updatedAt",
      },
      list: { data: "items", page: "page_number", page_size: "limit", total: "count" },
      paging: { page: "p", page_size: "limit", first: 0 },
      statuses: { existed: 208, not_found: 410, conflict: 422 },
    },
  ],
];

test.each(VARIANTS)("from a tenant with %s a draft is learned that the next probe passes with", async (_, variant) => {
  const before = (await serve(variant)).clients();
  const { lesson, left } = await learn();
  const { size: _size, ...paging } = variant.paging ?? {};
  const expected = variant.paging === undefined ? variant : { ...variant, paging };
  expect({ lesson, left }).toMatchObject({ lesson: { complete: true, unknown: [] }, left: [] });
  expect(contractOf(lesson)).toEqual({ "oauth-clients": expected });
  expect(lessonFailures(lesson)).toEqual([]);
  expect(parse(draftOf(lesson))).toEqual(contractOf(lesson));
  expect((await probed(lesson)).map(({ point, ok }) => `${point} ${ok}`)).toEqual(
    ["create", "read", "key", "update", "list", "delete", "limits"].map((point) => `${point} true`),
  );
  expect(emulator?.clients()).toEqual(before);
});

test("interrupted at any request, nothing stays behind", async () => {
  const before = (await serve(VARIANTS.at(-1)?.[1])).clients();
  for (let at = 1; at <= 40; at += 3) {
    const { left } = await learn(new AbortController(), at);
    expect([at, left, emulator?.clients()]).toEqual([at, [], before]);
  }
});

test("a list at another path that nothing shows to be of OAuth clients gets no create", async () => {
  await serve({ paths: { collection: "/oauth/clients", one: "/oauth/clients/{id}" } });
  const answer = { status: 200, body: { data: [{ id: "1", label: "a" }] } };
  const asked: string[] = [];
  const lesson = await learnContract(
    ({ method, path }) => {
      asked.push(method);
      return Promise.resolve(
        path === "/clients" ? { ...answer, unconfirmed: false } : { status: 404, body: {}, unconfirmed: false },
      );
    },
    { name: "x", userId: "u", ownClientId: "own", secrets: [] },
    new AbortController().signal,
    () => undefined,
  );
  expect(new Set(asked)).toEqual(new Set(["GET"]));
  expect(lesson).toEqual({
    learned: [],
    unknown: [
      "/clients answers with a list, but nothing in it shows that it is of OAuth clients, so nothing was created there: create a client in CARTO's web UI, then run this again",
    ],
    complete: false,
  });
});

test("hostile member names reach neither a draft nor a message", async () => {
  const SECRET = "planted-secret-token";
  const name = probeName(new Date());
  const hostile = [
    "\u001b[31mid",
    "x: 1\n# y",
    "__proto__",
    SECRET,
    `a${"b".repeat(70)}`,
    "client_id\n",
    "0123456789abcdef0123456789abcdef01234567",
  ];
  const client = Object.fromEntries(hostile.map((member) => [member, "auth0|me"]));
  const lesson = await learnContract(
    ({ method }) =>
      Promise.resolve({
        status: method === "POST" ? 201 : 200,
        body:
          method === "POST" || method === "GET"
            ? { data: [{ client_id: "own" }], client_id: "c1", title: name, ...client, error: "\u001b]0;evil\u0007" }
            : undefined,
        unconfirmed: false,
      }),
    { name, userId: "auth0|me", ownClientId: "own", secrets: [SECRET] },
    new AbortController().signal,
    () => undefined,
  );
  const text = draftOf(lesson) + JSON.stringify(lesson);
  for (const member of hostile.slice(0, 5)) expect(text).not.toContain(member);
  expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  expect(lesson.unknown).toContain("the name of owner_id");
});

test("that CARTO cannot be reached ends the lesson, and no host stands in the draft", async () => {
  const failing = await serve(undefined);
  failing.faults.add({ call: "updateOAuthClient", fault: "status", status: 500 });
  const { lesson, left } = await learn();
  expect(left).toEqual([]);
  expect(lesson).toEqual({ learned: [], unknown: ["the rest: a call failed (unavailable, 500)"], complete: false });
  expect(failing.clients()).toEqual([]);
});

test("a client that is not the probe's is left alone, whatever a repeated key is answered with", async () => {
  const answering = await serve(undefined);
  await withTenant(undefined, async (tenant) => {
    await (await tenant.api()).create({ kind: "m2m", name: "Service" }, "key-12345");
  });
  const before = answering.clients();
  answering.faults.add({ call: "createOAuthClient", skip: 1, fault: "status", status: 200, body: { ...before[0] } });
  const { lesson, left } = await learn();
  expect([left, lesson.learned]).toEqual([[], []]);
  expect(lesson.unknown).toEqual(["how a repeated or misused idempotency key is answered: keys are not honoured"]);
  expect(answering.clients()).toEqual(before);
});
