import { readFileSync } from "node:fs";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { openChromium } from "../../harness/chromium.ts";

declare global {
  var axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
}

const AXE = readFileSync("node_modules/axe-core/axe.min.js", "utf8");

let browser: Browser;
let emulator: Emulator;
let carto: CartoSession;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  emulator = await startEmulator();
  carto = await CartoSession.open(emulator);
  context = await browser.newContext({ baseURL: emulator.url });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: emulator.url });
  page = await context.newPage();
});
afterEach(async () => {
  await context.close();
  await emulator.close();
});

async function logIn(user = "Admin (Emulator Large)"): Promise<void> {
  await page.goto("/");
  await page.getByLabel(user).check();
  await press("Log in");
}
const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
const follow = (name: string) => page.getByRole("link", { name, exact: true }).click();
const alert = () => page.getByRole("alert").textContent();

test("a person creates a SPA client with the default URLs, then sets its lists apart", async () => {
  await logIn();
  await follow("Create a SPA OAuth Client");
  await page.getByLabel("Name").fill("Web");
  await page.getByLabel("Application Login URL").fill("https://app.example.com/login");
  await press("Create SPA OAuth Client");
  expect(emulator.clients()).toMatchObject([{ title: "Web", callbacks: ["https://app.example.com/login"] }]);

  await page.getByLabel("Use default logout/callback URLs and origins").uncheck();
  await page.getByLabel("Allowed Callback URLs").fill("https://a.example.com/cb, https://*.example.com/cb");
  await page.getByLabel("Allowed Origins (CORS)").fill("");
  await press("Save changes");
  await page.waitForURL("**/?type=spa");
  expect(emulator.clients()).toMatchObject([
    {
      callbacks: ["https://a.example.com/cb", "https://*.example.com/cb"],
      logout_urls: ["https://app.example.com/login"],
      allowed_origins: [],
    },
  ]);

  await follow("View or edit Web");
  expect(await page.getByLabel("Use default logout/callback URLs and origins").isChecked()).toBe(false);
  await page.getByLabel("Use default logout/callback URLs and origins").check();
  await page.getByLabel("Application Login URL").fill("https://new.example.com/");
  await press("Save changes");
  await page.waitForURL("**/?type=spa");
  expect(emulator.clients()).toMatchObject([
    { callbacks: ["https://new.example.com/"], allowed_origins: ["https://new.example.com"] },
  ]);
});

test("what the API refuses is shown next to the field, and the input stays", async () => {
  await carto.call("POST", CLIENTS, { type: "spa", title: "Web", login_uri: "https://app.example.com/" });
  await logIn();
  await follow("View or edit Web");
  await page.getByLabel("Use default logout/callback URLs and origins").uncheck();
  await page.getByLabel("Allowed Web Origins").fill("https://a.example.com, https://*.com");
  await press("Save changes");
  expect(await alert()).toContain("Nothing was saved.");
  const field = page.getByLabel("Allowed Web Origins");
  expect(await field.inputValue()).toBe("https://a.example.com, https://*.com");
  expect(await field.getAttribute("aria-invalid")).toBe("true");
  expect(await page.textContent("#web_origins-problem")).toBe("https://*.com must have its wildcard in a subdomain");
});

test("secrets are masked until asked for, and can be copied", async () => {
  const { body } = await carto.call("POST", CLIENTS, { type: "m2m", title: "Job" });
  await logIn();
  await follow("M2M OAuth Clients");
  expect(await page.textContent("main")).not.toContain(body.client_secret);
  await press("Copy the Client Secret of Job");
  await page.getByText("Client Secret copied").waitFor();
  expect(await page.evaluate("navigator.clipboard.readText()")).toBe(body.client_secret);

  await follow("View or edit Job");
  const secret = page.locator("#client_secret");
  expect(await secret.getAttribute("type")).toBe("password");
  await press("Show or hide the Client Secret");
  expect(await secret.getAttribute("type")).toBe("text");
  expect(await secret.inputValue()).toBe(body.client_secret);
});

test("a person creates, edits and deletes an API Access Token, which no path names", async () => {
  const paths: string[] = [];
  page.on("request", (request) => paths.push(request.url()));
  await logIn();
  await follow("API Access Tokens");
  await follow("Create an API Access Token");
  await page.getByLabel("Name").fill("Map");
  await page.getByLabel("Grants").fill("carto_dw carto.demo.points\ncarto_dw SELECT * FROM carto.demo.lines");
  await page.getByLabel("Maps").check();
  await page.getByLabel("Referers").fill("https://app.example.com, https://b.example.com");
  await page.getByLabel("Expiration date").fill("2999-01-01");
  await press("Create API Access Token");
  expect(await page.textContent("#expiration_date-problem")).toBe(
    "must be a date and time with offset (RFC 3339), in the future",
  );
  await page.getByLabel("Expiration date").fill("2999-01-01T00:00:00Z");
  await press("Create API Access Token");
  await page.getByLabel("Token", { exact: true }).waitFor();
  const grants = [
    { connection_name: "carto_dw", source: "carto.demo.points" },
    { connection_name: "carto_dw", source: "SELECT * FROM carto.demo.lines" },
  ];
  const referers = ["https://app.example.com", "https://b.example.com"];
  const created = {
    name: "Map",
    grants,
    allowed_apis: ["sql", "maps"],
    referers,
    expiration_date: "2999-01-01T00:00:00Z",
  };
  expect(emulator.tokens()).toMatchObject([created]);

  await page.getByLabel("Grants").fill("carto_dw *");
  await page.getByLabel("Referers").fill("");
  await press("Save changes");
  await page.waitForURL("**/tokens");
  expect(emulator.tokens()).toMatchObject([{ grants: [{ connection_name: "carto_dw", source: "*" }], referers: [] }]);
  const { body } = await carto.call("GET", "/api/v3/tokens");
  const [{ token }] = body.data;
  expect(await page.locator("main table").textContent()).toContain("any site");
  await press("Copy the Token of Map");
  await page.getByText("Token copied").waitFor();
  expect(await page.evaluate("navigator.clipboard.readText()")).toBe(token);

  await follow("Delete Map");
  expect(await page.textContent("main")).toContain("Every page and every service that uses this API Access Token");
  await press("Delete Map");
  await page.waitForURL("**/tokens");
  expect(emulator.tokens()).toEqual([]);
  expect(paths.filter((path) => path.includes(token))).toEqual([]);
});

test("deleting warns first", async () => {
  await carto.call("POST", CLIENTS, { type: "m2m", title: "Job" });
  await logIn();
  await follow("M2M OAuth Clients");
  await follow("Delete Job");
  expect(await page.textContent("main")).toContain(
    "Every user and every service of this M2M OAuth Client stops working",
  );
  expect(emulator.clients()).toHaveLength(1);
  await press("Delete Job");
  await page.waitForURL("**/?type=m2m");
  expect(emulator.clients()).toEqual([]);
});

test("users see their own clients only, and the viewer sees why nothing is created", async () => {
  const { body } = await carto.call("POST", CLIENTS, { type: "m2m", title: "Job" });
  await logIn("Viewer (Emulator Large)");
  expect((await page.goto(`/clients/${body.client_id}`))?.status()).toBe(404);
  await page.goto("/clients/new?type=m2m");
  await page.getByLabel("Name").fill("Mine");
  await press("Create M2M OAuth Client");
  expect(await alert()).toContain("A Viewer may not create OAuth clients");
});

test("a form from elsewhere is refused, and so is one without its token", async () => {
  const { body } = await carto.call("POST", CLIENTS, { type: "m2m", title: "Job" });
  await logIn();
  const path = `/clients/${body.client_id}/delete`;
  const guessed = await context.request.post(path, { form: { form_token: "guess" } });
  expect(guessed.status()).toBe(403);

  await page.route("http://attacker.localhost/", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<form method="post" action="${emulator.url}${path}"><button>Win</button></form>`,
    }),
  );
  await page.goto("http://attacker.localhost/");
  await press("Win");
  await page.waitForURL(`${emulator.url}/**`);
  expect(emulator.clients()).toHaveLength(1);
});

test("titles that look like HTML are text", async () => {
  const title = `"'&amp; \u2028 javascript:alert(1)`;
  await carto.call("POST", CLIENTS, { type: "m2m", title });
  await logIn();
  await follow("M2M OAuth Clients");
  expect(await page.getByRole("row").nth(2).getByRole("cell").first().textContent()).toBe(title);
});

test("every page is accessible, as far as axe can tell, under its own content security policy", async () => {
  const { body } = await carto.call("POST", CLIENTS, {
    type: "spa",
    title: "Web",
    login_uri: "https://app.example.com/",
  });
  await carto.call("POST", "/api/v3/tokens", { grants: [{ connection_name: "carto_dw" }], allowed_apis: ["sql"] });
  const [{ id } = { id: "" }] = emulator.tokens();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  const check = async () => {
    const { violations } = await page
      .evaluate(`${AXE}; axe.run()`)
      .then((result) => result as Awaited<ReturnType<typeof axe.run>>);
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  };
  await page.goto("/");
  await check();
  await logIn();
  for (const path of [
    "/",
    `/clients/${body.client_id}`,
    "/clients/new?type=spa",
    `/clients/${body.client_id}/delete`,
    "/tokens",
    `/tokens/${id}`,
    "/tokens/new",
    `/tokens/${id}/delete`,
  ]) {
    await page.goto(path);
    await check();
  }
  expect(complaints).toEqual([]);
});
