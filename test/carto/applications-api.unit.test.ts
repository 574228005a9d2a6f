import { expect, test } from "vitest";
import { TenantFixture } from "./tenant-fixture.ts";

const APPLICATIONS = "/applications";
const CARD = {
  name: "Map",
  description: "",
  appUrl: "https://map.example.com/",
  thumbnailUrl: "",
  pinnedToHome: false,
};

test("a path that the server names is cleaned before a message shows it", async () => {
  await using carto = new TenantFixture();
  carto.token();
  const path = "s3cret\u001b[2J\u202e\nerror: token-1";
  carto.on("POST", APPLICATIONS).reply(400, { issues: [{ path, message: "is wrong" }] });
  const api = await carto.tenant.applications();
  await expect(api.create({ ...CARD, sharing: "private" }, "planted-key")).rejects.toMatchObject({
    message:
      'Creating the application "Map": CARTO refused the request (400): *** [2J error: ***: is wrong. Correct the declaration.',
  });
});

test("a refusal that names a group the request does not have asks for no groups", async () => {
  await using carto = new TenantFixture();
  carto.token();
  const issues = [{ path: "sharing.groups[0]", message: "is not a group" }];
  carto.on("POST", APPLICATIONS).reply(400, { issues });
  carto.on("GET", "/groups").reply(400, { issues });
  const api = await carto.tenant.applications();
  const message = (what: string) =>
    `${what}: CARTO refused the request (400): sharing.groups[0]: is not a group. Correct the declaration.`;
  await expect(api.create({ ...CARD, sharing: "private" }, "planted-key")).rejects.toMatchObject({
    message: message('Creating the application "Map"'),
  });
  await expect(api.groups()).rejects.toMatchObject({ message: message("Listing groups") });
  carto.agent.assertNoPendingInterceptors();
});
