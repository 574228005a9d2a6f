import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import type { Language } from "../../engine/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { type PulumiResult, type PulumiWorkspace, pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

/** What a program declares: a SPA client `web`, an M2M client `service`, and what a test adds. */
export interface Declared {
  callbacks: string[];
  service: { rotationTrigger?: string; deletionProtection?: boolean };
  /** More M2M clients, by their logical names. */
  more: Record<string, { name: string; deletionProtection?: boolean; importId?: string }>;
}

/** A language, and how the program is written in it. */
export interface LanguageUnderTest {
  language: Language;
  /** Files of the project. Its outputs are `webId`, `serviceId` and `serviceSecret`. */
  files(declared: Declared): Record<string, string>;
  /** Files of a project that looks up a SPA client: outputs `name` and `secret`. */
  lookup(clientId: string): Record<string, string>;
  /** Whether the language has all that a function returns for secret where some of it is. */
  hidesLookups: boolean;
  /** What `pulumi import` writes of the client `second`. Unset: its language host writes none. */
  generated?: string[];
  /** Directories that come first on PATH. */
  path?: string[];
  /** Added to the environment of every command. */
  env?: Record<string, string>;
}

/** The whole life of two clients that a program declares through the plugin, in the order it happens. */
export function clientLife({
  language,
  files,
  lookup,
  hidesLookups,
  generated,
  path = [],
  env = {},
}: LanguageUnderTest): void {
  let emulator: Emulator;
  let workspace: PulumiWorkspace;
  let carto: CartoSession;
  const secrets = new Set<string>();
  const outputs: string[] = [];

  beforeAll(async () => {
    emulator = await startEmulator({ log: (line) => outputs.push(line) });
    carto = await CartoSession.open(emulator);
    emulator.resetRequests();
    secrets.add(emulator.env.CARTO_M2M_CLIENT_SECRET ?? "").add(carto.token);
    workspace = await pulumiWorkspace({
      files: written({}),
      env: { ...emulator.env, ...env },
      language,
      path,
      plugin: true,
    });
  });

  afterAll(async () => {
    await workspace?.[Symbol.asyncDispose]();
    await emulator?.close();
  });

  async function pulumi(...args: string[]): Promise<PulumiResult> {
    const result = await workspace.pulumi(...args);
    outputs.push(result.stdout, result.stderr);
    return result;
  }

  const written = (declared: Partial<Declared>) => files({ callbacks: CALLBACKS, service: {}, more: {}, ...declared });

  async function run(command: string, declared: Partial<Declared>, ...flags: string[]): Promise<PulumiResult> {
    await workspace.write(written(declared));
    return pulumi(command, ...flags);
  }

  /** `update web` for each resource of ours that is not just the same. */
  function operations({ events }: PulumiResult): string[] {
    return events
      .flatMap((event) => event.resourcePreEvent?.metadata ?? [])
      .filter(({ type, op }) => type.startsWith("carto:") && op !== "same" && op !== "discard")
      .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`)
      .sort();
  }

  const clientNamed = (name: string) => emulator.clients().find(({ title }) => title === name);

  test("a preview refuses a bad wildcard, naming its path and the rule", async () => {
    const preview = await run("preview", { callbacks: ["https://app.example.com/cb", "https://a.*.example.com/cb"] });
    expect(preview.code).not.toBe(0);
    expect(preview.stdout).toContain("property allowedCallbackUrls[1]");
    expect(preview.stdout).toContain("CARTO's wildcard rule 3 allows it only in the first");
    expect(emulator.clients()).toEqual([]);
  });

  test("a preview creates nothing, calls nobody, and gives advice with the resource that it is about", async () => {
    emulator.resetRequests();
    const preview = await run("preview", { callbacks: ["https://app.example.com/login", "https://*.example.com/cb"] });
    expect(operations(preview)).toEqual(["create service", "create web"]);
    expect(emulator.requests()).toEqual({});
    const advice = preview.events
      .map(({ diagnosticEvent }) => diagnosticEvent)
      .filter((event) => event?.severity === "warning" && event.urn?.endsWith("::web"));
    expect(advice.map(({ message }) => message).join("\n")).toContain("allowedCallbackUrls[1]: ");
    expect(advice.map(({ message }) => message).join("\n")).toContain("(wildcard)");
  });

  test("up creates the clients, an omitted list becoming its default from the login URL", async () => {
    const up = await run("up", {});
    expect([up.code, operations(up)]).toEqual([0, ["create service", "create web"]]);
    expect(clientNamed("Web")).toMatchObject({
      type: "spa",
      callbacks: ["https://a.example.com/cb", "https://b.example.com/cb"],
      logout_urls: ["https://app.example.com/login"],
      web_origins: ["https://app.example.com"],
    });
    const { webId, serviceId } = await workspace.outputs();
    expect([webId, serviceId]).toEqual([clientNamed("Web")?.client_id, clientNamed("Service")?.client_id]);
  });

  test("the secret is a secret in state and output, and works", async () => {
    const shown = await pulumi("stack", "output", "--json");
    expect(JSON.parse(shown.stdout)).toMatchObject({ serviceSecret: "[secret]" });
    const resource = (await workspace.resources()).find(({ type }) => type === "carto:index:M2mOAuthClient");
    expect(resource?.outputs?.clientSecret).toHaveProperty("ciphertext");
    const { serviceId, serviceSecret } = await workspace.outputs();
    secrets.add(String(serviceSecret));
    const answer = await fetch(`${emulator.url}/oauth/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: String(serviceId),
        client_secret: String(serviceSecret),
        audience: "carto-cloud-native-api",
      }),
    });
    expect(await answer.json()).toMatchObject({ token_type: "Bearer" });
  });

  test("a second up changes nothing and calls nobody", async () => {
    emulator.resetRequests();
    expect(operations(await pulumi("up"))).toEqual([]);
    expect(emulator.requests()).toEqual({});
  });

  test("a preview names the URL that changes, and the one that comes", async () => {
    const callbacks = ["https://a.example.com/cb", "https://c.example.com/cb", "https://d.example.com/cb"];
    const preview = await run("preview", { callbacks }, "--diff");
    expect(preview.stdout).toContain('~ [1]: "https://b.example.com/cb" => "https://c.example.com/cb"');
    expect(preview.stdout).toContain('+ [2]: "https://d.example.com/cb"');
    expect(preview.stdout).not.toContain("https://a.example.com/cb");
    expect(operations(await pulumi("up"))).toEqual(["update web"]);
    expect(clientNamed("Web")?.callbacks).toEqual(callbacks);
  });

  test("a refresh shows what someone changed by hand, by property, and up puts it right", async () => {
    const id = clientNamed("Web")?.client_id;
    await carto.call("PATCH", `${CLIENTS}/${id}`, { title: "Hacked", web_origins: ["https://evil.example.net"] });
    const refresh = await pulumi("refresh", "--diff");
    expect(refresh.stdout).toContain('~ name             : "Web" => "Hacked"');
    expect(refresh.stdout).toContain('~ [0]: "https://app.example.com" => "https://evil.example.net"');
    expect(refresh.stdout).not.toContain("allowedOrigins");
    expect(operations(await run("up", {}))).toEqual(["update web"]);
    expect(clientNamed("Web")).toMatchObject({ client_id: id, web_origins: ["https://app.example.com"] });
    expect(operations(await pulumi("up"))).toEqual([]);
  });

  test("a new rotationTrigger replaces the client: new ID, new secret, then the old one is deleted", async () => {
    const before = await workspace.outputs();
    const up = await run("up", { service: { rotationTrigger: "2026-11" } });
    expect(operations(up)).toEqual(["create-replacement service", "delete-replaced service", "replace service"]);
    expect(up.stdout).toContain('("Service") is replaced: once it is deleted, every user and service');
    const after = await workspace.outputs();
    secrets.add(String(after.serviceSecret));
    expect(after.serviceId).not.toBe(before.serviceId);
    expect(after.serviceSecret).not.toBe(before.serviceSecret);
    const services = emulator.clients().filter(({ title }) => title === "Service");
    expect(services.map(({ client_id }) => client_id)).toEqual([after.serviceId]);
  });

  test("a protected client can be neither replaced nor destroyed", async () => {
    const service = { deletionProtection: true, rotationTrigger: "2026-11" };
    expect(operations(await run("up", { service }))).toEqual(["update service"]);
    const rotation = await run("preview", { service: { ...service, rotationTrigger: "2026-12" } });
    expect([rotation.code === 0, rotation.stdout.includes("has deletionProtection: to replace it would stop")]).toEqual(
      [false, true],
    );
    await run("preview", { service });
    const destroy = await pulumi("destroy");
    expect([destroy.code === 0, destroy.stdout.includes("has deletionProtection: to delete it would stop")]).toEqual([
      false,
      true,
    ]);
    expect(clientNamed("Service")).toBeDefined();
    expect((await run("up", {})).code).toBe(0);
  });

  test("a client that exists is imported by the option, and by pulumi import with generated code", async () => {
    const make = async (title: string) => {
      const { body } = await carto.call("POST", CLIENTS, { title, type: "m2m" });
      secrets.add(body.client_secret);
      return body.client_id as string;
    };
    const [first, second] = [await make("First"), await make("Second")];
    const imports = { name: "First", deletionProtection: true, importId: first };
    expect(operations(await run("up", { more: { first: imports } }))).toEqual(["import first", "update first"]);
    expect(operations(await pulumi("up"))).toEqual([]);
    const flags = ["--protect=false", ...(generated ? [] : ["--generate-code=false"])];
    const imported = await pulumi("import", "carto:index:M2mOAuthClient", "second", second, ...flags);
    expect(imported.code, imported.stderr).toBe(0);
    for (const line of generated ?? []) expect(imported.stdout).toContain(line);
    const more = { first: { ...imports, deletionProtection: false }, second: { name: "Second" } };
    expect(operations(await run("up", { more }))).toEqual(["update first"]);
    expect(emulator.clients().filter(({ title }) => title === "First" || title === "Second")).toHaveLength(2);
  });

  test("a function looks up a client that is not managed, its secret secret", async () => {
    await using other = await pulumiWorkspace({
      files: lookup(clientNamed("Web")?.client_id ?? ""),
      env: { ...emulator.env, ...env },
      language,
      path,
      plugin: true,
    });
    const up = await other.pulumi("up");
    expect(up.code, up.stdout).toBe(0);
    const shown = await other.pulumi("stack", "output", "--json");
    expect(JSON.parse(shown.stdout)).toEqual({ name: hidesLookups ? "[secret]" : "Web", secret: "[secret]" });
    const { name, secret } = await other.outputs();
    expect(name).toBe("Web");
    secrets.add(String(secret));
    outputs.push(up.stdout, up.stderr, shown.stdout, await other.storedText());
  });

  test("a misspelt setting of the provider is refused, with the right name", async () => {
    await workspace.setConfig("carto:polcy", "production");
    const preview = await pulumi("preview");
    expect(preview.stdout).toContain("carto:polcy is not a setting. Did you mean carto:policy?");
    await workspace.succeed("config", "rm", "carto:polcy");
  });

  test("destroy deletes the clients, and CARTO no longer knows them", async () => {
    const destroy = await pulumi("destroy");
    expect([destroy.code, destroy.stderr]).toEqual([0, ""]);
    expect(emulator.clients()).toEqual([]);
  });

  test("no secret is in plain text in state, history, events, output or the emulator's log", async () => {
    const text = [await workspace.storedText(), ...outputs].join("\n");
    expect(secrets.size).toBeGreaterThanOrEqual(7);
    for (const secret of secrets) expect(text.includes(secret)).toBe(false);
  });
}

const CALLBACKS = ["https://a.example.com/cb", "https://b.example.com/cb"];
