import { stringify } from "yaml";
import { changesBetween } from "../../change/changes-between.ts";
import type { ClientVersion } from "../../change/compare.ts";
import { changesFromEvents, driftFromEvents } from "../../change/from-engine-events.ts";
import { reviewByInputs } from "../../change/review.ts";
import { announce, announceReplacement, refreshed } from "../../harness/engine-events.ts";
import { defaultUrls } from "../../kinds/oauth-client/oauth-client.ts";
import { reportBetween } from "../../report/manifest-report.ts";
import { buildReport, type Report } from "../../report/report.ts";

const PORTAL = "https://portal.example.com/";

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

const application = (logicalName: string, inputs: Record<string, unknown> = {}): ClientVersion => ({
  logicalName,
  kind: "application",
  inputs: { name: logicalName, appUrl: PORTAL, ...inputs },
});

const diff = (olds: ClientVersion[], news: ClientVersion[]): Report =>
  buildReport({
    source: "diff",
    environments: ["prod"],
    changes: changesBetween("prod", olds, news, { reviewer: reviewByInputs }),
  });

const preview = (events: ReturnType<typeof announce>): Report =>
  buildReport({ source: "preview", environments: ["prod"], changes: changesFromEvents(events, "prod") });

const checked = (login: string, inputs: Record<string, unknown> = {}) => ({
  name: "Portal",
  applicationLoginUrl: login,
  ...defaultUrls(login),
  ...inputs,
});

const tokenManifest = (tokens: Record<string, object>): string => {
  const common = { kind: "api-access-token", allowedApis: ["sql", "maps"], expirationDate: "2999-06-30T00:00:00Z" };
  const entries = Object.entries(tokens).map(([name, token]) => [name, { ...common, name, ...token }]);
  const document = { version: 1, clients: Object.fromEntries(entries), environments: { prod: {} } };
  return stringify(document, { aliasDuplicateObjects: false });
};
const granted = (...sources: string[]) => ({
  grants: sources.map((source) => ({ connectionName: "carto_dw", source })),
});
const MAPS = "https://maps.example.com";

const OLD_TOKENS = {
  "fewer-grants": { ...granted("carto.demo.points", "carto.demo.lines"), referers: [MAPS] },
  "fewer-referers": { ...granted("carto.demo.points"), referers: [MAPS, "https://old.example.com"] },
  gone: { ...granted("carto.demo.points"), referers: [MAPS] },
  "more-grants": { ...granted("carto.demo.points"), referers: [MAPS], allowedApis: ["sql"] },
  opened: { ...granted("carto.demo.points"), referers: [MAPS] },
  rotated: { ...granted("carto.demo.points"), referers: [MAPS], rotationTrigger: "1" },
  sooner: { ...granted("carto.demo.points"), referers: [MAPS] },
};
const NEW_TOKENS = {
  "fewer-grants": { ...granted("carto.demo.points"), referers: [MAPS] },
  "fewer-referers": { ...granted("carto.demo.points"), referers: [MAPS] },
  "more-grants": { ...granted("carto.demo.*"), referers: [MAPS], allowedApis: ["sql", "maps", "lds"] },
  new: { ...granted("SELECT * FROM carto.demo.points WHERE country = 'ES'"), referers: [MAPS] },
  opened: { ...granted("carto.demo.points"), referers: [] },
  rotated: { ...granted("carto.demo.points"), referers: [MAPS], rotationTrigger: "2" },
  sooner: { ...granted("carto.demo.points"), referers: [MAPS], expirationDate: "2999-01-01T00:00:00Z" },
};

const UNSEEN = "The engine could not look at it; the log of the run says why.";

export const HOSTILE = [
  "`</code><script>alert(1)</script>` ![x](https://evil.example/x.png) [y](javascript:alert(1)) @everyone #1 | ",
  '# big \u202egnp.exe &amp; "quoted" --> ]]>',
].join("\n");

function fiveHundred(): Report {
  const names = Array.from({ length: 500 }, (_, index) => `client-${String(index).padStart(3, "0")}`);
  return diff(
    names.map((name) => spa(name, `https://${name}.example.com/`)),
    names.map((name) => spa(name, `https://${name}.example.org/`)),
  );
}

function environments(): Report {
  const olds = [
    spa("portal", PORTAL, { allowedCallbackUrls: [PORTAL, "https://old.example.com/cb"] }),
    m2m("api"),
    m2m("tiles"),
  ];
  const news = [
    spa("portal", PORTAL, { allowedCallbackUrls: [PORTAL, "https://*.example.com/cb"] }),
    m2m("api", { name: "API" }),
  ];
  const changes = [
    ...changesBetween("dev", news, news, { reviewer: reviewByInputs }),
    ...changesBetween("staging", olds, news, { reviewer: reviewByInputs }),
    ...changesBetween("prod", olds, olds, { reviewer: reviewByInputs }),
  ];
  const notes = ["Environment test is no longer in the manifest: its 2 clients stay at CARTO, unmanaged."];
  return buildReport({ source: "diff", environments: ["dev", "staging", "prod"], changes, notes });
}

const policyManifest = (portal: string) => `version: 1
clients:
  portal:
    kind: spa
    name: Portal
    applicationLoginUrl: https://portal.example.com/
${portal}  tiles: { kind: m2m, name: Tiles }
environments:
  dev: {}
  prod:
    policy: production
    clients:
      tiles: false
`;

const CALLBACKS = `    allowedCallbackUrls:
      - https://portal.example.com/
      - https://sub.*.example.com/
      - https://*.preview.example.com/
`;

/** Reports that stand for what reviewers meet; each is a golden file of every format that people read. */
export const SCENARIOS: Record<string, () => Report> = {
  nothing: () => diff([m2m("api")], [m2m("api")]),
  "name changed": () => diff([m2m("api")], [m2m("api", { name: "API" })]),
  deletion: () =>
    preview([
      ...announce("same", { name: "api", kind: "m2m", old: { name: "API" }, new: { name: "API" } }),
      ...announce("delete", { name: "portal", kind: "spa", old: checked(PORTAL), clientId: "Zk3uPortal" }),
      ...announce("delete", {
        name: "tiles",
        kind: "m2m",
        old: { name: "Tiles", deletionProtection: true },
        clientId: "Q7Tiles",
      }),
    ]),
  rotation: () =>
    preview(
      announceReplacement({
        name: "api",
        kind: "m2m",
        old: { name: "API", rotationTrigger: "2026-01" },
        new: { name: "API", rotationTrigger: "2026-02" },
        clientId: "H4Api",
        keys: ["rotationTrigger"],
      }),
    ),
  "wildcard added": () =>
    diff(
      [spa("portal", PORTAL)],
      [
        spa("portal", PORTAL, {
          allowedCallbackUrls: [PORTAL, "https://*.preview.example.com/cb"],
          allowedWebOrigins: ["https://portal.example.com", "https://*.preview.example.com"],
          allowedOrigins: ["https://portal.example.com", "https://pr-*.preview.example.com:8443"],
          allow: [
            { rule: "wildcard", url: "https://pr-*.preview.example.com:8443", reason: "one host per pull request" },
          ],
        }),
      ],
    ),
  "login moved": () =>
    diff(
      [
        spa("portal", "https://old.example.com/login"),
        spa("viewer", PORTAL, { allowedLogoutUrls: [PORTAL, "https://bye.example.com/"] }),
      ],
      [spa("portal", "https://new.example.com/login"), spa("viewer", PORTAL)],
    ),
  applications: () =>
    diff(
      [
        application("gone", { sharing: "private" }),
        application("moved", { thumbnailUrl: "https://portal.example.com/a.png", description: "Old" }),
        application("narrowed"),
        application("widened", { sharing: { groups: ["Field"] } }),
        application("opened", { sharing: "private" }),
      ],
      [
        application("moved", { appUrl: "https://portal.examp1e.com/", thumbnailUrl: "https://cdn.example.net/a.png" }),
        application("narrowed", { sharing: { groups: ["Field", "Sales"] } }),
        application("widened", { sharing: { groups: ["Sales", "Field"] }, pinnedToHome: true }),
        application("opened", { sharing: "organization" }),
      ],
    ),
  tokens: () =>
    reportBetween(
      { file: "base.yaml", text: tokenManifest(OLD_TOKENS) },
      { file: "clients.yaml", text: tokenManifest(NEW_TOKENS) },
    ),
  "application block": () => {
    const block = (sharing: object | string) => ({ appUrl: "https://maps.example.com/", sharing });
    const manifest = (clients: object) => stringify({ version: 1, clients, environments: { prod: {} } });
    const [maps, job] = [
      { kind: "spa", name: "Maps" },
      { kind: "m2m", name: "Job" },
    ];
    const older = { maps: { ...maps, application: block("private") }, job };
    const newer = {
      maps: { ...maps, application: block("organization") },
      job: { ...job, application: block("private") },
    };
    return reportBetween({ file: "base.yaml", text: manifest(older) }, { file: "clients.yaml", text: manifest(newer) });
  },
  reorder: () => {
    const [a, b] = ["https://a.example.com", "https://b.example.com"];
    const portal = (...urls: string[]) => [
      spa("portal", a, { allowedCallbackUrls: urls, allowedLogoutUrls: urls, allowedWebOrigins: urls }),
    ];
    return diff(portal(a, b), portal(b, a));
  },
  drift: () => {
    const found = { name: "Renamed", allowedCallbackUrls: [PORTAL, "https://*.example.net/cb"] };
    const events = [
      ...refreshed("update", {
        name: "portal",
        kind: "spa",
        old: checked(PORTAL),
        new: checked(PORTAL, found),
        clientId: "Zk3uPortal",
      }),
      ...refreshed("delete", { name: "tiles", kind: "m2m", old: { name: "Tiles" }, clientId: "Q7Tiles" }),
      ...refreshed("same", { name: "api", kind: "m2m", old: { name: "API" }, new: { name: "API" } }),
    ];
    return buildReport({ source: "drift", environments: ["prod"], changes: driftFromEvents(events, "prod") });
  },
  refused: () => {
    const failures = [
      {
        property: "clients.web.colour",
        rule: "unknown-property",
        reason: "colour is not a property of a client: remove it.",
      },
    ];
    const broken = spa("portal", PORTAL, { allowedCallbackUrls: ["https://*.com/cb", "javascript:alert(1)"] });
    const changes = changesBetween("prod", [], [broken], { reviewer: reviewByInputs });
    return buildReport({ source: "diff", environments: ["prod"], changes, failures, manifest: "clients.yaml" });
  },
  "policy broken": () =>
    reportBetween(
      { file: "base.yaml", text: policyManifest("") },
      { file: "clients.yaml", text: policyManifest(CALLBACKS).replace("name: Tiles", "name: Map tiles") },
    ),
  environments,
  unknown: () =>
    buildReport({
      source: "preview",
      environments: ["dev"],
      changes: [],
      unknown: [{ environment: "dev", reason: UNSEEN }],
    }),
  "partly unknown": () =>
    buildReport({
      source: "preview",
      environments: ["dev", "prod"],
      changes: changesBetween("dev", [m2m("api")], [], { reviewer: reviewByInputs }),
      unknown: [{ environment: "prod", reason: UNSEEN }],
    }),
  "500 clients": fiveHundred,
  "hostile names": () => {
    const urls = [HOSTILE, "https://www.example.com/?a=1&b=<b>`", "javascript:alert(document.cookie)"];
    return diff(
      [spa(HOSTILE, "https://a.example.com/", { name: "old" }), m2m("@carto/security")],
      [spa(HOSTILE, `https://user:hunter2@a.example.com/${HOSTILE}`, { name: HOSTILE, allowedCallbackUrls: urls })],
    );
  },
};
