import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { renderHtml } from "../../report/html.ts";
import { renderJson } from "../../report/json.ts";
import { renderJunit } from "../../report/junit.ts";
import { reportBetween } from "../../report/manifest-report.ts";
import { renderMarkdown } from "../../report/markdown.ts";
import { VERDICT_ORDER } from "../../report/report.ts";
import { renderSarif } from "../../report/sarif.ts";
import { verdictText } from "../../report/wording.ts";

const LISTS = ["allowedCallbackUrls", "allowedLogoutUrls", "allowedWebOrigins", "allowedOrigins"] as const;

interface Client {
  kind: "spa" | "m2m";
  name: string;
  [property: string]: unknown;
}

interface Manifest {
  version: 1;
  project: string;
  defaults: Record<string, unknown>;
  clients: Record<string, Client>;
  environments: Record<string, Record<string, unknown>>;
}

/** Where clients are at home: known to every generated manifest. */
const HOMES = ["example.com", "stores.test", "maps.example.org"];

const hostLabel = fc.stringMatching(/^[a-z]{3,10}$/);

/** A manifest with clients of both kinds, each control on for some of them. */
const manifests: fc.Arbitrary<Manifest> = fc
  .record({
    clients: fc.array(
      fc.record({
        kind: fc.constantFrom("spa" as const, "spa" as const, "m2m" as const),
        label: hostLabel,
        home: fc.constantFrom(...HOMES),
        explicit: fc.subarray([...LISTS]),
        deletionProtection: fc.constantFrom(true, true, undefined),
        policy: fc.constantFrom("production", undefined),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    many: fc.integer({ min: 0, max: 39 }).map((one) => (one === 0 ? 250 : 0)),
    trusted: fc.constantFrom(undefined, undefined, ["example.com"]),
    environments: fc.constantFrom(["prod"], ["prod"], ["dev", "prod"]),
    policy: fc.constantFrom("production", undefined),
  })
  .map(({ clients, many, trusted, environments, policy }) => {
    const all: Record<string, Client> = {};
    for (const [index, { kind, label, home, explicit, deletionProtection, policy: own }] of clients.entries()) {
      const origin = `https://${label}.${home}`;
      const lists = explicit.map((list) => [list, [list.endsWith("Urls") ? `${origin}/login` : origin]]);
      const settings = { ...(deletionProtection && { deletionProtection }), ...(own && { policy: own }) };
      all[`client-${index}`] =
        kind === "m2m"
          ? { kind, name: label, ...settings }
          : { kind, name: label, applicationLoginUrl: `${origin}/login`, ...Object.fromEntries(lists), ...settings };
    }
    for (let index = 0; index < many; index++) {
      all[`more-${index}`] = {
        kind: "spa",
        name: `More ${index}`,
        applicationLoginUrl: `https://more-${index}.example.com/`,
      };
    }
    return {
      version: 1,
      project: "stores",
      defaults: trusted === undefined ? {} : { trustedDomains: trusted },
      clients: all,
      environments: Object.fromEntries(
        environments.map((name) => [
          name,
          {
            backend: `s3://states-${name}`,
            ...(policy && { policy }),
            tenant: { authUrl: "https://auth.example.com" },
          },
        ]),
      ),
    };
  });

/** How an attacker writes a host: new, like a known one, below one that nobody owns, or an address. */
const strangers = fc.oneof(
  hostLabel.map((label) => `${label}-x.io`),
  hostLabel.map((label) => `${label}.evil-x.net`),
  fc.constantFrom(
    "examp1e.com",
    "portal.example.com.evil-x.io",
    "xn--exmple-4nf.com",
    "stores-x.vercel.app",
    "203.0.113.7",
  ),
);

/** One thing that lets somebody in or takes a control away; `sign` is a text that every format must hold. */
type Attack = (manifest: Manifest) => { sign: string } | undefined;

/** Those that no distraction touches. */
function ownClients(manifest: Manifest): Client[] {
  return Object.entries(manifest.clients).flatMap(([name, client]) => (name.startsWith("more-") ? [] : [client]));
}

function anyClient(manifest: Manifest, kind: Client["kind"] | undefined, pick: number): Client | undefined {
  const fitting = ownClients(manifest).filter((client) => kind === undefined || client.kind === kind);
  return fitting[pick % Math.max(fitting.length, 1)];
}

const attacks: fc.Arbitrary<Attack> = fc.oneof(
  fc.tuple(fc.constantFrom(...LISTS), strangers, fc.nat(99), fc.boolean()).map(
    ([list, host, pick, first]): Attack =>
      (manifest) => {
        const client = anyClient(manifest, "spa", pick);
        if (!client) return undefined;
        const login = String(client.applicationLoginUrl);
        const known = (client[list] as string[] | undefined) ?? [list.endsWith("Urls") ? login : new URL(login).origin];
        const url = `https://${host}${list.endsWith("Urls") ? "/cb" : ""}`;
        client[list] = first ? [url, ...known] : [...known, url];
        return { sign: host };
      },
  ),
  fc.tuple(strangers, fc.nat(99)).map(
    ([host, pick]): Attack =>
      (manifest) => {
        const client = anyClient(manifest, "spa", pick);
        if (!client) return undefined;
        client.applicationLoginUrl = `https://${host}/login`;
        return { sign: host };
      },
  ),
  strangers.map(
    (host): Attack =>
      (manifest) => {
        manifest.clients.added = { kind: "spa", name: "Added", applicationLoginUrl: `https://${host}/` };
        return { sign: host };
      },
  ),
  fc.constant<Attack>((manifest) => {
    manifest.clients.added = { kind: "m2m", name: "Added" };
    return { sign: "credential-added" };
  }),
  fc.nat(99).map(
    (pick): Attack =>
      (manifest) => {
        const clients = ownClients(manifest).filter(({ deletionProtection }) => deletionProtection === true);
        const client = clients[pick % Math.max(clients.length, 1)];
        if (!client) return undefined;
        client.deletionProtection = false;
        return { sign: "control-weakened" };
      },
  ),
  fc.nat(99).map(
    (pick): Attack =>
      (manifest) => {
        const clients = ownClients(manifest).filter(({ policy }) => policy === "production");
        const client = clients[pick % Math.max(clients.length, 1)];
        if (!client) return undefined;
        client.policy = "standard";
        return { sign: "control-weakened" };
      },
  ),
  fc.constant<Attack>((manifest) => {
    if (Object.values(manifest.environments).every(({ policy }) => policy === undefined)) return undefined;
    for (const environment of Object.values(manifest.environments)) delete environment.policy;
    return { sign: "control-weakened" };
  }),
  fc.constant<Attack>((manifest) => {
    const client = anyClient(manifest, "spa", 0);
    if (!client) return undefined;
    client.allow = [{ rule: "wildcard", url: "https://*.example.com/cb", reason: "approved" }];
    return { sign: "control-weakened" };
  }),
  fc.constant<Attack>((manifest) => {
    manifest.defaults = { ...manifest.defaults, trustedDomains: ["example.com", "evil-x.io"] };
    return { sign: "control-weakened" };
  }),
  fc.constant<Attack>((manifest) => {
    for (const environment of Object.values(manifest.environments))
      environment.tenant = { authUrl: "https://evil-x.io" };
    return { sign: "https://evil-x.io" };
  }),
  fc.constantFrom("project", "backend", "secretsProvider").map(
    (setting): Attack =>
      (manifest) => {
        if (setting === "project") manifest.project = "other-x";
        else for (const one of Object.values(manifest.environments)) one[setting] = "awskms://other-x";
        return { sign: "other-x" };
      },
  ),
);

/** What else a change may do, to draw the eye away. */
const distractions = fc.record({
  renamed: fc.boolean(),
  deleted: fc.boolean(),
  moved: fc.boolean(),
});

function distract(
  manifest: Manifest,
  { renamed, deleted, moved }: { renamed: boolean; deleted: boolean; moved: boolean },
) {
  for (const [name, client] of Object.entries(manifest.clients)) {
    if (!name.startsWith("more-")) continue;
    const index = Number(name.slice("more-".length));
    if (renamed) client.name = `${client.name} ${"x".repeat(200)}`;
    if (deleted && index % 2 === 0) delete manifest.clients[name];
    if (moved && index % 3 === 0) client.allowedLogoutUrls = [`${client.applicationLoginUrl}bye`];
  }
}

const LIMIT = 60_000;

/** What failed, and how to see it fail again. */
function explain<T>(run: fc.RunDetails<T>, seed: number): void {
  if (!run.failed) return;
  const again = `SEED=${seed} npx vitest run --project unit test/report/exposure.unit.test.ts`;
  throw new Error(`Seed ${seed}; to run the same again: ${again}\n${fc.defaultReportMessage(run)}`);
}

test("a pair that fails is reported with its seed and the command that runs it again", () => {
  const fails = () =>
    fc.assert(
      fc.property(fc.nat(), () => false),
      { seed: 42, reporter: (run) => explain(run, 42) },
    );
  expect(fails).toThrow(
    /^Seed 42; to run the same again: SEED=42 npx vitest run --project unit test\/report\/exposure\.unit\.test\.ts\nProperty failed after 1 tests\n/,
  );
});

test("whatever lets a new origin in or removes a control is an exposure at least, in all five formats, under any limit", () => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
  let attacked = 0;
  let cut = 0;
  fc.assert(
    fc.property(manifests, attacks, distractions, (older, attack, distraction) => {
      const newer = structuredClone(older);
      const done = attack(newer);
      if (done === undefined) return;
      distract(newer, distraction);
      const version = (file: string, manifest: Manifest) => ({ file, text: stringify(manifest) });
      const report = reportBetween(version("old.yaml", older), version("clients.yaml", newer));
      attacked += 1;
      const isBadEnough = VERDICT_ORDER.indexOf(report.verdict) <= VERDICT_ORDER.indexOf("exposure");
      expect(isBadEnough, report.verdict).toBe(true);
      const markdown = renderMarkdown(report, { maxCharacters: LIMIT });
      if (markdown.includes("left out here for length")) cut += 1;
      expect(markdown.length).toBeLessThanOrEqual(LIMIT);
      const headlines = markdown.slice(0, markdown.indexOf("\n#### "));
      expect(headlines).toContain(done.sign);
      expect(markdown).toContain(verdictText(report));
      const html = renderHtml(report);
      expect(html).toContain(`verdict-${report.verdict}`);
      expect(html).toContain(done.sign);
      const json = JSON.parse(renderJson(report));
      expect(json.verdict).toBe(report.verdict);
      expect(
        JSON.stringify([json.exposures, json.changes.map((one: { exposures: unknown }) => one.exposures)]),
      ).toContain(done.sign);
      const sarif = JSON.parse(renderSarif(report));
      expect(sarif.runs[0].properties.verdict).toBe(report.verdict);
      expect(JSON.stringify(sarif.runs[0].results)).toContain(done.sign);
      const junit = renderJunit(report);
      expect(junit).toContain(`<property name="verdict" value="${report.verdict}"/>`);
      expect(junit).toMatch(/ failures="[1-9]\d*"/);
      expect(junit).toContain(done.sign);
    }),
    { numRuns: 2_600, seed, reporter: (run) => explain(run, seed) },
  );
  expect(attacked).toBeGreaterThanOrEqual(2_000);
  expect(cut).toBeGreaterThan(10);
}, 300_000);
