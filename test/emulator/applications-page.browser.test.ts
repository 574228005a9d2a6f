import { readFileSync } from "node:fs";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { openChromium } from "../../harness/chromium.ts";

const AXE = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
const USERS = { editor: "Editor (Emulator Large)", viewer: "Viewer (Emulator Large)", small: "Admin (Emulator Small)" };

let browser: Browser;
let emulator: Emulator;
let contexts: BrowserContext[];

beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  emulator = await startEmulator();
  contexts = [];
});
afterEach(async () => {
  for (const context of contexts) await context.close();
  await emulator.close();
});

/** A browser of a user's own, logged in. */
async function logIn(user: keyof typeof USERS): Promise<Page> {
  const context = await browser.newContext({ baseURL: emulator.url });
  contexts.push(context);
  const page = await context.newPage();
  await page.goto("/");
  await page.getByLabel(USERS[user]).check();
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  return page;
}

const cards = async (page: Page, path = "/applications") => {
  await page.goto(path);
  return page.locator(".cards h2").allTextContents();
};
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

async function register(page: Page, sharing: string, groups: string[] = [], pinned = false): Promise<void> {
  await page.goto("/applications");
  await page.getByRole("link", { name: "Register an application" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Field map");
  await page.getByLabel("Description").fill("Where the pipes are");
  await page.getByLabel("App URL").fill("https://map.example.com/");
  await page.getByLabel(sharing).check();
  for (const group of groups) await page.getByLabel(group).check();
  if (pinned) await page.getByLabel("Pin to the Homepage").check();
  await press(page, "Register");
}

test("users of two groups: the one that an application is shared with sees it, the other does not", async () => {
  const [editor, viewer, small] = [await logIn("editor"), await logIn("viewer"), await logIn("small")];
  await register(editor, "Only specific groups", ["Field team"]);
  expect(await cards(editor)).toEqual(["Field map"]);
  expect(await cards(viewer)).toEqual(["Field map"]);
  expect(await cards(small)).toEqual([]);

  await editor.getByRole("link", { name: "Edit Field map" }).click();
  await editor.getByLabel("Field team").uncheck();
  await editor.getByLabel("Analysts").check();
  await press(editor, "Save changes");
  await editor.waitForURL("**/applications");
  expect(await cards(viewer)).toEqual([]);
});

test("what is pinned is on the home page of everyone who sees it", async () => {
  const [editor, viewer] = [await logIn("editor"), await logIn("viewer")];
  await register(editor, "Entire organization", [], true);
  expect(await cards(viewer, "/home")).toEqual(["Field map"]);
  expect(await viewer.getByRole("link", { name: "Field map" }).getAttribute("href")).toBe("https://map.example.com/");
});

test("only the owner edits and deletes an application, and a viewer registers none", async () => {
  const [editor, viewer] = [await logIn("editor"), await logIn("viewer")];
  await register(editor, "Entire organization");
  const path = `/applications/${emulator.applications()[0]?.application_id}`;
  for (const page of [path, `${path}/delete`]) {
    await viewer.goto(page);
    expect(await viewer.getByRole("heading").textContent()).toBe("Not yours");
  }
  await viewer.goto("/applications");
  expect(await viewer.getByRole("link", { name: "Register an application" }).count()).toBe(0);
  await editor.goto(`${path}/delete`);
  await press(editor, "Delete Field map");
  await editor.waitForURL("**/applications");
  expect(emulator.applications()).toEqual([]);
});

test("what the API refuses is shown next to the field, and the input stays", async () => {
  const editor = await logIn("editor");
  await editor.goto("/applications/new");
  await editor.getByLabel("Name", { exact: true }).fill("Field map");
  await editor.getByLabel("App URL").fill("https://*.example.com");
  await editor.getByLabel("Only specific groups").check();
  await press(editor, "Register");
  expect(await editor.locator("#app_url-problem").textContent()).toBe("must not contain a wildcard");
  expect(await editor.locator("#sharing-problem").textContent()).toBe("must be a list of 1 to 100 groups");
  expect(await editor.getByLabel("App URL").inputValue()).toBe("https://*.example.com");
  expect(emulator.applications()).toEqual([]);
});

test("every page is accessible, as far as axe can tell, and titles that look like HTML are text", async () => {
  const editor = await logIn("editor");
  await register(editor, "Entire organization");
  const path = `/applications/${emulator.applications()[0]?.application_id}`;
  for (const page of ["/home", "/applications", "/applications/new", path, `${path}/delete`]) {
    await editor.goto(page);
    await editor.evaluate(AXE);
    const { violations } = await editor.evaluate(() => axe.run());
    expect(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([]);
  }
});
