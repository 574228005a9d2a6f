import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { openChromium } from "../../harness/chromium.ts";
import { exampleFiles } from "../../harness/example.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

test("map-page: the page reads its table with the declared token, and a copy of it on another origin is refused", async () => {
  const emulator = await startEmulator();
  const browser = await openChromium();
  await using workspace = await pulumiWorkspace({ files: await exampleFiles("map-page"), env: emulator.env });
  const served = spawn(process.execPath, ["serve.mjs"], {
    cwd: workspace.directory,
    env: { ...workspace.env, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [line] = (await once(served.stdout, "data")) as [Buffer];
    const url = /http:\S+/.exec(line.toString())?.[0] ?? "";
    await workspace.setConfig("origin", url);
    await workspace.setConfig("expirationDate", new Date(Date.now() + 86_400_000).toISOString());
    await workspace.setConfig("apiBaseUrl", `${emulator.url}/api`);
    await workspace.succeed("up");
    const { stdout } = await workspace.succeed("stack", "output", "page", "--json", "--show-secrets");
    await workspace.write({ "config.json": stdout });

    const page = await browser.newPage();
    const shown = () => Promise.all([page.locator("#rows").textContent(), page.locator("#map").textContent()]);
    await page.goto(url);
    await expect.poll(shown, { timeout: 10_000 }).toEqual(["Read 0 stores.", "Map with TileJSON 2.2.0."]);

    const refused = "Refused: 403 Unauthorized referer";
    await page.goto(url.replace("localhost", "copy.localhost"));
    await expect.poll(shown, { timeout: 10_000 }).toEqual([refused, refused]);
  } finally {
    served.kill();
    await browser.close();
    await emulator.close();
  }
});
