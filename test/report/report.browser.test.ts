import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openChromium } from "../../harness/chromium.ts";
import { renderHtml } from "../../report/html.ts";
import { renderJunit } from "../../report/junit.ts";
import { SCENARIOS } from "./scenarios.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;
let folder: string;

beforeAll(async () => {
  browser = await openChromium();
  folder = await mkdtemp(join(tmpdir(), "pulumi-carto-report-"));
});

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Opened {
  page: Page;
  /** Everything that should not happen: errors, messages on the console, dialogs, requests beside the file itself. */
  incidents: string[];
}

async function open(name: string, options: Parameters<Browser["newPage"]>[0] = {}): Promise<Opened> {
  const file = join(folder, `${name.replaceAll(" ", "-")}.html`);
  await writeFile(file, renderHtml(SCENARIOS[name]?.() ?? SCENARIOS.nothing?.() ?? expect.fail()));
  const page = await browser.newPage(options);
  const incidents: string[] = [];
  page.on("console", (message) => incidents.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => incidents.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => incidents.push(`dialog: ${dialog.message()}`));
  page.on(
    "request",
    (request) => request.url() !== pathToFileURL(file).href && incidents.push(`request: ${request.url()}`),
  );
  await page.goto(pathToFileURL(file).href);
  return { page, incidents };
}

const visibleClients = (page: Page) => page.locator("article:visible h3 > code").allTextContents();

// The 500 articles are one and the same to axe; one scheme is enough for them.
const schemes = (name: string) => (name === "500 clients" ? ["light" as const] : ["light" as const, "dark" as const]);

describe.each(Object.keys(SCENARIOS))("the page of %s", (name) => {
  test.each(schemes(name))(
    "opens without an incident and without a violation of accessibility, %s",
    async (colorScheme) => {
      const { page, incidents } = await open(name, { colorScheme });
      await page.evaluate(AXE);
      const results = await page.evaluate(() =>
        (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
      );
      expect(results.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
      expect(incidents).toEqual([]);
      await page.close();
    },
  );
});

test("the filters narrow by client, environment and risk with the keyboard alone, and say how many are left", async () => {
  const { page } = await open("environments");
  expect(await visibleClients(page)).toEqual(["tiles", "portal", "api"]);
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the changes");
  await page.getByPlaceholder("client, ID, URL, rule").focus();
  await page.keyboard.type("PORT");
  expect(await visibleClients(page)).toEqual(["portal"]);
  expect(await page.locator("output").textContent()).toBe("1 of 3 changed clients shown");
  // The headlines stay: no filter hides who is locked out or gets in.
  expect(await page.getByRole("heading", { name: "Users locked out" }).isVisible()).toBe(true);
  await page.getByPlaceholder("client, ID, URL, rule").fill("*.example.com/cb");
  expect(await visibleClients(page)).toEqual(["portal"]);
  // A URL that stays is a value too, and the table that has it does not go away.
  await page.getByPlaceholder("client, ID, URL, rule").fill("https://portal.example.com/");
  expect(await visibleClients(page)).toEqual(["portal"]);
  expect(await page.getByRole("region", { name: "URLs of portal by environment" }).isVisible()).toBe(true);
  await page.getByPlaceholder("client, ID, URL, rule").fill("");
  await page.getByLabel("Risk").focus();
  await page.keyboard.type("Users");
  expect(await visibleClients(page)).toEqual(["tiles"]);
  await page.getByLabel("Risk").selectOption("New hosts");
  expect(await visibleClients(page)).toEqual(["portal"]);
  await page.getByLabel("Risk").selectOption("");
  await page.getByRole("combobox", { name: "Environment" }).selectOption("dev");
  expect(await visibleClients(page)).toEqual([]);
  await page.close();
});

test("every value of every client is found by the search, also what a deleted client had", async () => {
  for (const [name, make] of Object.entries(SCENARIOS)) {
    if (name === "500 clients") continue;
    const { page } = await open(name);
    const search = page.getByPlaceholder("client, ID, URL, rule");
    for (const change of make().changes.filter(({ action }) => action !== "same")) {
      const { client, clientId, name, applicationLoginUrl: login = {}, urls, values } = change;
      const texts = [
        ...[client, clientId, name.old, name.new, login.old, login.new],
        ...[...urls, ...values].flatMap(({ added, removed }) => [...added, ...removed]),
      ].filter((text) => text !== undefined);
      for (const text of texts.filter((one) => /^[\x20-\x7e]+$/.test(one))) {
        await search.fill(text);
        expect(await page.locator("article:visible").count(), `${client}: ${text}`).toBeGreaterThan(0);
      }
    }
    await search.fill("nowhere-in-the-report");
    expect(await page.locator("article:visible").count()).toBe(0);
    await page.close();
  }
});

test("the filter for new hosts shows the clients that give one access, and no others", async () => {
  for (const [name, make] of Object.entries(SCENARIOS)) {
    if (name === "500 clients") continue;
    const { page } = await open(name);
    await page.getByLabel("Risk").selectOption("New hosts");
    const expected = make().changes.filter(({ exposures }) => exposures.some(({ domain }) => domain !== undefined));
    const shown = await page
      .locator("article:visible")
      .evaluateAll((all) => all.reduce((sum, one) => sum + Number(one.getAttribute("data-clients")), 0));
    expect(shown, name).toBe(expected.length);
    await page.close();
  }
});

test("the matrix says for every URL where it is, comes and goes", async () => {
  const { page } = await open("environments");
  const rows = page.getByRole("region", { name: "URLs of portal by environment" }).locator("tr");
  const texts = (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " ").trim());
  expect(texts.slice(0, 5)).toEqual([
    "URL dev staging prod",
    "Allowed Callback URLs",
    "https://portal.example.com/ = stays = stays = stays",
    "https://*.example.com/cb = stays + added – not there",
    "https://old.example.com/cb – not there − removed = stays",
  ]);
  await page.close();
});

test("without scripts everything can be read, and no filter that does nothing is shown", async () => {
  const { page } = await open("environments", { javaScriptEnabled: false });
  expect(await visibleClients(page)).toEqual(["tiles", "portal", "api"]);
  expect(await page.getByPlaceholder("client, ID, URL, rule").isVisible()).toBe(false);
  await page.close();
});

test("on paper the page is light, the filters are gone and the clients are all there", async () => {
  const { page } = await open("environments", { colorScheme: "dark" });
  await page.emulateMedia({ media: "print" });
  expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
  expect(await page.getByPlaceholder("client, ID, URL, rule").isVisible()).toBe(false);
  expect(await visibleClients(page)).toEqual(["tiles", "portal", "api"]);
  expect((await page.pdf()).byteLength).toBeGreaterThan(1_000);
  await page.close();
});

test.each(Object.keys(SCENARIOS))(
  "a phone shows the page of %s without scrolling sideways, and no cell one letter wide",
  async (name) => {
    const { page } = await open(name, { viewport: { width: 360, height: 640 } });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    const narrowest = "Math.min(999, ...[...document.querySelectorAll('th, td')].map((cell) => cell.clientWidth))";
    expect(await page.evaluate(narrowest)).toBeGreaterThan(60);
    await page.close();
  },
);

test("hostile names add no element: there is no link to anywhere else, and one script", async () => {
  const { page } = await open("hostile names");
  const links = await page.locator("a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  expect(links).toEqual(["#main"]);
  expect(await page.locator("script").count()).toBe(1);
  expect(await page.locator("img, iframe, object, embed, link, svg").count()).toBe(0);
  await page.close();
});

test("the policy refuses a script that is not the page's own", async () => {
  const { page, incidents } = await open("nothing");
  await page.evaluate(
    "{ const own = document.createElement('script'); own.textContent = 'document.title = 1'; document.body.append(own); }",
  );
  expect(await page.title()).toBe("OAuth clients: 1 unchanged");
  expect(incidents.join()).toContain("Content Security Policy");
  await page.close();
});

test("JUnit is well-formed XML, hostile names included", async () => {
  const page = await browser.newPage();
  const xml = renderJunit(SCENARIOS["hostile names"]?.() ?? expect.fail());
  await page.evaluate(`globalThis.parsed = new DOMParser().parseFromString(${JSON.stringify(xml)}, "text/xml")`);
  const count = (tag: string) => page.evaluate(`globalThis.parsed.querySelectorAll("${tag}").length`);
  expect([await count("parsererror"), await count("testcase")]).toEqual([0, 2]);
  await page.close();
});
