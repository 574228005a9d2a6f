/* `npm run screenshots`: takes the pictures of the emulator's pages and of a report that stand in docs/. */
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { type Emulator, startEmulator } from "../emulator/index.ts";
import { CartoSession, CLIENTS } from "../harness/carto-session.ts";
import { openChromium } from "../harness/chromium.ts";
import { renderHtml } from "../report/html.ts";
import { reportBetween } from "../report/manifest-report.ts";

const DOCS = join(import.meta.dirname, "..", "docs");
const SIZE = { width: 1100, height: 620 };

/** What the admin has declared: clients, tokens and applications for one group, for the other and for all. */
async function fill(emulator: Emulator): Promise<void> {
  const admin = await CartoSession.open(emulator);
  const maps = "https://maps.example.com/";
  await admin.call("POST", CLIENTS, { type: "spa", title: "Field maps", login_uri: maps });
  await admin.call("POST", CLIENTS, { type: "spa", title: "Store locator", login_uri: "https://stores.example.com/" });
  await admin.call("POST", CLIENTS, { type: "m2m", title: "Nightly import" });
  await admin.call("POST", "/api/v3/tokens", {
    name: "Store map",
    grants: [{ connection_name: "carto_dw", source: "my-project.stores.points" }],
    allowed_apis: ["sql", "maps"],
    referers: ["https://stores.example.com"],
  });
  const cards = [
    ["Field maps", "Where our teams are today", maps, { scope: "groups", groups: ["Field team"] }, false],
    [
      "Store analysis",
      "Sales by neighbourhood",
      "https://a.example.com/",
      { scope: "groups", groups: ["Analysts"] },
      false,
    ],
    ["Handbook", "How we work", "https://docs.example.com/", { scope: "organization" }, true],
  ] as const;
  for (const [name, description, app_url, sharing, pinned] of cards) {
    await admin.call("POST", "/workspace-api/applications", { name, description, app_url, sharing, pinned });
  }
}

async function logIn(browser: Browser, { url }: Emulator, user: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: url, viewport: SIZE });
  const page = await context.newPage();
  await page.goto("/");
  await page.getByLabel(user).check();
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  return page;
}

const OLDER = `version: 1
clients:
  store-locator:
    kind: spa
    name: Store locator
    applicationLoginUrl: https://stores.example.com/login
    allowedCallbackUrls: [https://stores.example.com/callback, https://old.example.com/callback]
  nightly-import: { kind: m2m, name: Nightly import }
environments:
  prod: { policy: production }
`;

/** A pull request with everything that a reviewer should see: a host that gets in, one that is locked out, a new client. */
const NEWER = OLDER.replace("https://old.example.com/callback", "https://stores.examp1e.com/callback").replace(
  "environments:",
  "  field-maps: { kind: spa, name: Field maps, applicationLoginUrl: https://field.example.com/ }\nenvironments:",
);

/** As `pulumi-carto report --diff --format html` writes it. */
async function takeReport(browser: Browser): Promise<void> {
  const file = "clients.yaml";
  const page = await browser.newPage({ viewport: { width: 1100, height: 760 } });
  await page.setContent(renderHtml(reportBetween({ file, text: OLDER }, { file, text: NEWER })));
  await page.screenshot({ path: join(DOCS, "report.png") });
  console.log("docs/report.png: a report on a pull request");
}

const browser = await openChromium();
await using emulator = await startEmulator();
try {
  await takeReport(browser);
  await fill(emulator);
  const take = async (user: string, path: string, file: string) => {
    const page = await logIn(browser, emulator, user);
    await page.goto(path);
    await page.screenshot({ path: join(DOCS, file) });
    console.log(`docs/${file}: ${path} as ${user}`);
  };
  await take("Admin (Emulator Large)", "/", "credentials-page.png");
  await take("Admin (Emulator Large)", "/tokens", "tokens-page.png");
  await take("Editor (Emulator Large)", "/applications", "applications-analyst.png");
  await take("Viewer (Emulator Large)", "/applications", "applications-field-team.png");
  await take("Viewer (Emulator Large)", "/home", "applications-home.png");
} finally {
  await browser.close();
}
