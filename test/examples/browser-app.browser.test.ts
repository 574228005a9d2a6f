import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { openChromium } from "../../harness/chromium.ts";
import { exampleFiles } from "../../harness/example.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

test("browser-app: users log in and out of the app with the client that its program declares", async () => {
  const emulator = await startEmulator();
  const browser = await openChromium();
  await using workspace = await pulumiWorkspace({ files: await exampleFiles("browser-app"), env: emulator.env });
  const app = spawn(process.execPath, ["serve.mjs"], {
    cwd: workspace.directory,
    env: { ...workspace.env, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [line] = (await once(app.stdout, "data")) as [Buffer];
    const url = /http:\S+/.exec(line.toString())?.[0] ?? "";
    await workspace.setConfig("url", url);
    await workspace.succeed("up");
    const { stdout } = await workspace.succeed("stack", "output", "app", "--json");
    await workspace.write({ "config.json": stdout });

    const page = await browser.newPage();
    const who = page.locator("#user");
    await page.goto(url);
    expect(await who.textContent()).toBe("Nobody is logged in.");
    await page.locator("#log-in").click(); // waits until the app has enabled it
    await page.getByLabel("Editor (Emulator Large)").check();
    await page.getByRole("button", { name: "Log in" }).click();
    await expect.poll(() => who.textContent(), { timeout: 10_000 }).toBe("Logged in as Editor (Emulator Large).");
    await page.locator("#log-out").click();
    await expect.poll(() => who.textContent(), { timeout: 10_000 }).toBe("Nobody is logged in.");
    expect(page.url()).toBe(`${url}/`);
  } finally {
    app.kill();
    await browser.close();
    await emulator.close();
  }
});
