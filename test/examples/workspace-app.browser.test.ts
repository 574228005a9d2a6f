import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Browser, Page } from "playwright-core";
import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { openChromium } from "../../harness/chromium.ts";
import { exampleFiles } from "../../harness/example.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

/** The applications of the Workspace, in a browser of the user's own. */
async function workspaceOf(browser: Browser, url: string, user: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: url });
  const page = await context.newPage();
  await page.goto("/");
  await page.getByLabel(user).check();
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  await page.goto("/applications");
  return page;
}

test("workspace-app: a user of the group sees it, opens it and logs in with its client; a user of another group does not see it", async () => {
  const emulator = await startEmulator();
  const browser = await openChromium();
  await using workspace = await pulumiWorkspace({ files: await exampleFiles("workspace-app"), env: emulator.env });
  const app = spawn(process.execPath, ["serve.mjs"], {
    cwd: workspace.directory,
    env: { ...workspace.env, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [line] = (await once(app.stdout, "data")) as [Buffer];
    const url = /http:\S+/.exec(line.toString())?.[0] ?? "";
    await workspace.setConfig("url", url);
    await workspace.setConfig("group", "Field team");
    await workspace.succeed("up");
    const { stdout } = await workspace.succeed("stack", "output", "app", "--json");
    await workspace.write({ "config.json": stdout });

    const editor = await workspaceOf(browser, emulator.url, "Editor (Emulator Large)");
    expect(await editor.locator(".cards h2").allTextContents()).toEqual([]);

    const viewer = await workspaceOf(browser, emulator.url, "Viewer (Emulator Large)");
    await viewer.getByRole("link", { name: "Field maps", exact: true }).click();
    const who = viewer.locator("#user");
    expect(await who.textContent()).toBe("Nobody is logged in.");
    await viewer.locator("#log-in").click(); // waits until the app has enabled it
    await viewer.getByLabel("Viewer (Emulator Large)").check();
    await viewer.getByRole("button", { name: "Log in" }).click();
    await expect.poll(() => who.textContent(), { timeout: 10_000 }).toBe("Logged in as Viewer (Emulator Large).");
  } finally {
    app.kill();
    await browser.close();
    await emulator.close();
  }
});
