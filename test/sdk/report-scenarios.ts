import { defaultUrls } from "../../provider/oauth-client.ts";
import { type ClientVersion, changesBetween } from "../../sdk/changes.ts";
import { changesFromEvents, driftFromEvents } from "../../sdk/engine-changes.ts";
import { buildReport, type Report } from "../../sdk/report/report.ts";
import { announce, announceReplacement, refreshed } from "../support/engine-events.ts";

export const spa = (logicalName: string, login: string, inputs: Record<string, unknown> = {}): ClientVersion => ({
  logicalName,
  kind: "spa",
  inputs: { name: logicalName, applicationLoginUrl: login, ...inputs },
});

export const m2m = (logicalName: string, inputs: Record<string, unknown> = {}): ClientVersion => ({
  logicalName,
  kind: "m2m",
  inputs: { name: logicalName, ...inputs },
});

const diff = (olds: ClientVersion[], news: ClientVersion[]) =>
  buildReport("diff", ["prod"], changesBetween("prod", olds, news));

const checked = (login: string, inputs: Record<string, unknown> = {}) => ({
  name: "Portal",
  applicationLoginUrl: login,
  ...defaultUrls(login),
  ...inputs,
});

const HOSTILE =
  '`</code><script>alert(1)</script>` ![x](https://evil.example/x.png) [y](javascript:alert(1)) @everyone #1 | \n# big \u202egnp.exe & "quoted" --> ]]>';

/** Reports that stand for what reviewers meet; each is a golden file in Markdown. */
export const SCENARIOS: Record<string, () => Report> = {
  deletion: () =>
    buildReport(
      "preview",
      ["prod"],
      changesFromEvents(
        [
          ...announce("same", { name: "api", kind: "m2m", old: { name: "API" }, new: { name: "API" } }),
          ...announce("delete", {
            name: "portal",
            kind: "spa",
            old: checked("https://portal.example.com/"),
            clientId: "Zk3uPortal",
          }),
          ...announce("delete", {
            name: "tiles",
            kind: "m2m",
            old: { name: "Tiles", deletionProtection: true },
            clientId: "Q7Tiles",
          }),
        ],
        "prod",
      ),
    ),
  rotation: () =>
    buildReport(
      "preview",
      ["prod"],
      changesFromEvents(
        announceReplacement({
          name: "api",
          kind: "m2m",
          old: { name: "API", rotationTrigger: "2026-01" },
          new: { name: "API", rotationTrigger: "2026-02" },
          clientId: "H4Api",
          keys: ["rotationTrigger"],
        }),
        "prod",
      ),
    ),
  "wildcard added": () =>
    diff(
      [spa("portal", "https://portal.example.com/")],
      [
        spa("portal", "https://portal.example.com/", {
          allowedCallbackUrls: ["https://portal.example.com/", "https://*.preview.example.com/cb"],
          allowedWebOrigins: ["https://portal.example.com", "https://*.preview.example.com"],
          allowedOrigins: ["https://portal.example.com", "https://pr-*.preview.example.com:8443"],
        }),
      ],
    ),
  reorder: () =>
    diff(
      [
        spa("portal", "https://a.example.com/", {
          allowedCallbackUrls: ["https://a.example.com/", "https://b.example.com/"],
          allowedLogoutUrls: ["https://a.example.com/", "https://b.example.com/"],
        }),
      ],
      [
        spa("portal", "https://a.example.com/", {
          allowedCallbackUrls: ["https://b.example.com/", "https://a.example.com/"],
          allowedLogoutUrls: ["https://b.example.com/", "https://a.example.com/"],
        }),
      ],
    ),
  drift: () =>
    buildReport(
      "drift",
      ["prod"],
      driftFromEvents(
        [
          ...refreshed("update", {
            name: "portal",
            kind: "spa",
            old: checked("https://portal.example.com/"),
            new: checked("https://portal.example.com/", {
              name: "Renamed",
              allowedCallbackUrls: ["https://portal.example.com/", "https://evil.example.net/cb"],
            }),
            clientId: "Zk3uPortal",
          }),
          ...refreshed("delete", { name: "tiles", kind: "m2m", old: { name: "Tiles" }, clientId: "Q7Tiles" }),
          ...refreshed("same", { name: "api", kind: "m2m", old: { name: "API" }, new: { name: "API" } }),
        ],
        "prod",
      ),
    ),
  "500 clients": () => {
    const clients = Array.from({ length: 500 }, (_, index) => `client-${String(index).padStart(3, "0")}`);
    return diff(
      clients.map((name) => spa(name, `https://${name}.example.com/`)),
      clients.map((name) => spa(name, `https://${name}.example.org/`)),
    );
  },
  "hostile names": () =>
    diff(
      [spa(HOSTILE, "https://a.example.com/", { name: "old" }), m2m("@carto/security")],
      [
        spa(HOSTILE, `https://user:hunter2@a.example.com/${HOSTILE}`, {
          name: HOSTILE,
          allowedCallbackUrls: [HOSTILE, "https://www.example.com/?a=1&b=<b>`", "javascript:alert(document.cookie)"],
        }),
      ],
    ),
};
