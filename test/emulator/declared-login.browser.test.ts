import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { AppUser } from "../../harness/app-user.ts";
import { openChromium } from "../../harness/chromium.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";
import { serveSpaApp } from "../../harness/spa-app.ts";

test("a user logs in by a SPA client that a Pulumi program declared, until destroy takes it away", async () => {
  const emulator = await startEmulator();
  const app = await serveSpaApp();
  const browser = await openChromium();
  const wildcard = `http://*.app.localhost:${app.port}`;
  await using workspace = await pulumiWorkspace({
    env: emulator.env,
    files: `
      import { SpaOAuthClient } from "pulumi-carto";
      export const { clientId } = new SpaOAuthClient("web", {
        name: "Web",
        applicationLoginUrl: "${app.origin("one.app.localhost")}/",
        allowedCallbackUrls: ["${wildcard}/"],
        allowedWebOrigins: ["${wildcard}"],
      });
    `,
  });
  try {
    await workspace.succeed("up");
    const { clientId } = (await workspace.outputs()) as { clientId: string };
    const page = await browser.newPage();
    const user = new AppUser(page, app, emulator.url);
    for (const host of ["one.app.localhost", "two.app.localhost"]) {
      await page.context().clearCookies();
      await user.logIn(host, clientId);
      expect(await user.callApi("/users/me")).toMatchObject({
        status: 200,
        body: { user_id: "auth0|emulator-editor" },
      });
      expect(await user.silently()).toMatch(/\./);
    }
    await workspace.succeed("destroy");
    expect(await user.callApi("/users/me")).toBe("blocked");
    await user.leaveToLogIn();
    expect(await page.textContent("p")).toBe("invalid_client: client is invalid");
  } finally {
    await browser.close();
    await app.close();
    await emulator.close();
  }
});
