import { readFileSync } from "node:fs";
import sarifSchema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { changesBetween } from "../../change/changes-between.ts";
import type { ClientVersion } from "../../change/compare.ts";
import { changesFromEvents, driftFromEvents } from "../../change/from-engine-events.ts";
import { reviewByInputs, reviewByManifest } from "../../change/review.ts";
import { announce, refreshed } from "../../harness/engine-events.ts";
import { RULES } from "../../kinds/index.ts";
import { renderHtml } from "../../report/html.ts";
import { renderJson } from "../../report/json.ts";
import { renderJunit } from "../../report/junit.ts";
import { renderMarkdown } from "../../report/markdown.ts";
import { buildReport, FAIL_ON, failsOn, type Report } from "../../report/report.ts";
import { renderSarif } from "../../report/sarif.ts";
import { titleText } from "../../report/wording.ts";
import { m2m, SCENARIOS, spa } from "./scenarios.ts";

const FORMATS: Record<string, (report: Report) => string> = {
  md: renderMarkdown,
  html: renderHtml,
  json: renderJson,
  sarif: renderSarif,
  junit: renderJunit,
};

const scenario = (name: string): Report => {
  const make = SCENARIOS[name];
  if (!make) throw new Error(`There is no scenario "${name}".`);
  return make();
};

const ajv = addFormats.default(new Ajv({ strict: false, allErrors: true, unicodeRegExp: false }));
// The official schema is written for draft 4, whose `id` is the only word that ajv's draft 7 does not take.
const { id: _, $schema: __, ...officialSchema } = sarifSchema;
const validSarif = ajv.compile(officialSchema);
const validReport = ajv.compile(
  JSON.parse(readFileSync(new URL("../../schema/report.schema.json", import.meta.url), "utf8")),
);

describe.each(Object.keys(SCENARIOS))("the report of %s", (name) => {
  test.each(Object.entries(FORMATS))("is the same bytes twice in %s", (_, render) => {
    expect(render(scenario(name))).toBe(render(scenario(name)));
  });

  test("is SARIF 2.1.0 by the official schema, and declares every rule it uses", () => {
    const log = JSON.parse(renderSarif(scenario(name)));
    expect(validSarif(log), JSON.stringify(validSarif.errors)).toBe(true);
    const [run] = log.runs;
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
  });

  test("is JSON by the published schema", () => {
    const report = JSON.parse(renderJson(scenario(name)));
    expect(validReport(report), JSON.stringify(validReport.errors)).toBe(true);
  });
});

/** It moves with every new rule, and another test holds it. */
const withoutIndex = (key: string, part: unknown) => (key === "ruleIndex" ? undefined : part);

describe("golden files", () => {
  test.each([
    ["drift", "json"],
    ["refused", "sarif"],
    ["wildcard added", "sarif"],
    ["policy broken", "sarif"],
    ["policy broken", "junit"],
    ["environments", "junit"],
    ["hostile names", "junit"],
    ["environments", "html"],
    ["hostile names", "html"],
    ...["tokens", "applications", "application block"].flatMap((kind) =>
      ["html", "json", "sarif", "junit"].map((format) => [kind, format]),
    ),
  ] as [string, string][])("the report of %s reads as agreed in %s", async (name, format) => {
    const extension = format === "junit" ? "xml" : format;
    const text = FORMATS[format]?.(scenario(name)) ?? "";
    // The rules that a log declares are docs/rules.md over again.
    const told = format === "sarif" ? `${JSON.stringify(JSON.parse(text).runs[0].results, withoutIndex, 2)}\n` : text;
    await expect(told).toMatchFileSnapshot(`golden/${name.replaceAll(" ", "-")}.${extension}`);
  });
});

test.each([
  ["applications", "Applications: 1 to delete, 4 to update"],
  ["name changed", "OAuth clients: 1 to update"],
])("the title of a report of %s names what changes: %s", (name, title) => {
  expect(titleText(scenario(name))).toBe(title);
});

test("the title of a report of several kinds names each that changes", () => {
  const token = (name: string): ClientVersion => ({ logicalName: "t", kind: "api-access-token", inputs: { name } });
  const same = spa("web", "https://web.example.com/");
  const changes = changesBetween(
    "prod",
    [m2m("api"), token("a"), same],
    [m2m("api", { name: "API" }), token("b"), same],
  );
  const title = (some: typeof changes) =>
    titleText(buildReport({ source: "diff", environments: ["prod"], changes: some }));
  expect(title(changes)).toBe("OAuth clients and API Access Tokens: 2 to update, 1 unchanged");
  expect(title(changes.filter(({ kind }) => kind !== "m2m"))).toBe("API Access Tokens: 1 to update, 1 unchanged");
  expect(title(changes.filter(({ kind }) => kind === "spa"))).toBe("OAuth clients: 1 unchanged");
});

test("with a page of the rules, the HTML links each of them there", () => {
  const page = renderHtml(scenario("wildcard added"), { rulesUrl: "https://docs.example.com/rules?a&b" });
  expect(page.match(/<a href="h[^>]*>.*?<\/a>/g)).toEqual(
    Array(3).fill('<a href="https://docs.example.com/rules?a&amp;b#wildcard"><code>wildcard</code></a>'),
  );
});

describe("secrets", () => {
  const planted = Array.from({ length: 12 }, (_, index) => `planted-secret-${index}-e`);
  const [secret, input, trigger, provider, password, marked, diagnostic, config, oldTrigger, drifted, real, query] =
    planted;
  const marker = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: `"${marked}"` };
  const inputs = {
    name: marker,
    applicationLoginUrl: `https://user:${password}@app.example.com/`,
    allowedCallbackUrls: [`https:\\\\user:${password}@app.example.com/cb`, marker],
    allowedOrigins: marker,
    clientSecret: input,
    accessToken: input,
    __provider: provider,
  };
  const events = [
    { sequence: 0, timestamp: 0, preludeEvent: { config: { "carto:clientSecret": config ?? "" } } },
    {
      sequence: 0,
      timestamp: 0,
      diagnosticEvent: { message: `clientSecret,${diagnostic}`, color: "never", severity: "info" as const },
    },
    ...announce("update", {
      name: "web",
      kind: "spa",
      old: { ...inputs, rotationTrigger: oldTrigger },
      new: { ...inputs, name: "web", rotationTrigger: trigger },
      outputs: { clientSecret: secret },
    }),
  ];
  const drift = refreshed("update", {
    name: "api",
    kind: "m2m",
    old: { name: "api" },
    new: { name: "x", clientSecret: drifted },
    outputs: { clientSecret: real },
  });
  const report = buildReport({
    source: "preview",
    environments: ["prod"],
    changes: [
      ...changesFromEvents(events, "prod"),
      ...driftFromEvents(drift, "prod"),
      ...changesBetween(
        "prod",
        [m2m("a", { rotationTrigger: oldTrigger })],
        [m2m("a", { rotationTrigger: trigger, token: query })],
      ),
    ],
  });

  test.each(Object.entries(FORMATS))("wherever they are planted, none is in %s", (_, render) => {
    const text = render(report);
    expect(planted.filter((one) => text.includes(one))).toEqual([]);
    expect(text).toContain("(credentials)@app.example.com");
  });
});

test.each(Object.entries(FORMATS))(
  "half a surrogate pair, which no encoding can hold, is shown as such in %s",
  (_, render) => {
    const half = "a\ud800b";
    const failures = [{ property: half, reason: half, rule: half, location: { file: half, line: 1, column: 1 } }];
    const changes = changesBetween(half, [], [spa(half, half, { name: half })], { reviewer: reviewByInputs });
    const text = render(
      buildReport({ source: "diff", environments: [half, "x"], changes, failures, notes: [half], manifest: half }),
    );
    expect(text).toMatch(/\\u\{d800\}|\\ud800/);
    expect(Buffer.from(text).toString()).toBe(text);
  },
);

describe("SARIF", () => {
  const lines: Record<string, { line: number; column: number }> = {
    "": { line: 3, column: 3 },
    "allowedCallbackUrls[1]": { line: 7, column: 9 },
  };
  const inputs = {
    name: "web",
    applicationLoginUrl: "https://a.example.com/",
    allowedCallbackUrls: ["https://a.example.com/", "http://b.example.com/"],
  };
  const declaration = {
    logicalName: "web",
    kind: "spa" as const,
    inputs,
    location: (property: string) => lines[property] ?? { line: 3, column: 3 },
  };
  const reviewer = reviewByManifest([declaration], "deploy/my clients.yaml");
  const results = (changes: ReturnType<typeof changesBetween>) => {
    const report = buildReport({ source: "diff", environments: ["prod"], changes, manifest: "deploy/my clients.yaml" });
    return JSON.parse(renderSarif(report)).runs[0].results as {
      ruleId: string;
      locations: { physicalLocation: unknown }[];
      suppressions?: unknown;
      message: { text: string };
    }[];
  };

  test("a finding is reported at its line of the manifest", () => {
    const [found] = results(changesBetween("prod", [], [declaration], { reviewer })).filter(
      ({ ruleId }) => ruleId === "plain-http",
    );
    expect(found?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: "deploy/my%20clients.yaml" },
      region: { startLine: 7, startColumn: 9 },
    });
  });

  test("a deleted client, which has no line, is reported at the first line of the manifest", () => {
    const [found] = results(changesBetween("prod", [declaration], [], { reviewer }));
    expect(found).toMatchObject({
      ruleId: "client-deleted",
      locations: [{ physicalLocation: { region: { startLine: 1 } } }],
    });
  });

  test("what is exempted is a suppressed result with its reason", () => {
    const url = "https://*.example.com/cb";
    const exempted = spa("web", "https://a.example.com/", {
      allowedCallbackUrls: [url],
      allow: [{ rule: "wildcard", url, reason: "one host per tenant" }],
    });
    const [found] = results(changesBetween("prod", [], [exempted], { reviewer: reviewByInputs })).filter(
      ({ ruleId }) => ruleId === "wildcard",
    );
    expect(found?.suppressions).toEqual([{ kind: "inSource", justification: "one host per tenant" }]);
  });

  test("brackets in a message make no link", () => {
    const [found] = results(
      changesBetween("prod", [m2m("[x](https://evil.example)")], [], { reviewer: reviewByInputs }),
    );
    expect(found?.message.text).toContain("\\[x\\](https://evil.example)");
  });

  const declared = (rulesUrl?: string) =>
    JSON.parse(renderSarif(scenario("refused"), rulesUrl === undefined ? {} : { rulesUrl })).runs[0].tool.driver;

  test("every rule of the table is declared, why and what to do, and links nowhere", () => {
    const driver = declared();
    expect(driver.rules).toEqual(
      expect.arrayContaining(
        RULES.map(({ id, why, fix }) =>
          expect.objectContaining({ id, shortDescription: { text: why }, help: { text: fix } }),
        ),
      ),
    );
    expect(JSON.stringify(driver)).not.toContain('Uri"');
  });

  test("with a page, the rules on it link to it, and no others", () => {
    const { rules } = declared("https://docs.example.com/rules");
    const links = (rules as { id: string; helpUri?: string }[]).flatMap(({ helpUri }) => helpUri ?? []);
    expect(links).toEqual(RULES.map(({ id }) => `https://docs.example.com/rules#${id}`));
  });
});

describe("where a pipeline stops", () => {
  const stops = (name: string) => FAIL_ON.filter((failOn) => failsOn(scenario(name), failOn));

  test.each([
    ["nothing", []],
    ["login moved", ["advice", "exposure", "destructive", "any"]],
    ["unknown", ["none", "advice", "exposure", "destructive", "any"]],
    ["name changed", ["any"]],
    ["reorder", ["advice", "exposure", "any"]],
    ["wildcard added", ["advice", "exposure", "any"]],
    ["rotation", ["advice", "exposure", "destructive", "any"]],
    ["deletion", ["advice", "exposure", "destructive", "any"]],
    ["drift", ["none", "advice", "exposure", "destructive", "any"]],
    ["refused", ["none", "advice", "exposure", "destructive", "any"]],
  ])("%s stops at %j", (name, expected) => {
    expect(stops(name)).toEqual(expected);
  });

  test("drift that gives someone access stops every pipeline, and other drift stops none with --fail-on none", () => {
    const drifted = (callback: string) => {
      const old = {
        name: "API",
        applicationLoginUrl: "https://a.example.com/",
        allowedCallbackUrls: ["https://a.example.com/cb"],
      };
      const events = refreshed("update", {
        name: "web",
        kind: "spa",
        old,
        new: { ...old, allowedCallbackUrls: ["https://a.example.com/cb", callback] },
      });
      const changes = driftFromEvents(events, "prod");
      return buildReport({ source: "drift", environments: ["prod"], changes });
    };
    const attack = drifted("https://evil.example.net/cb");
    expect(FAIL_ON.filter((failOn) => failsOn(attack, failOn))).toEqual([...FAIL_ON]);
    expect(attack.verdict).toBe("exposure");
    expect(renderJunit(attack)).toContain('failures="1"');
    expect(
      JSON.parse(renderSarif(attack)).runs[0].results.map(({ ruleId, level }: Record<string, string>) => [
        ruleId,
        level,
      ]),
    ).toContainEqual(["login-host-added", "error"]);
    const harmless = drifted("https://a.example.com/other");
    expect(FAIL_ON.filter((failOn) => failsOn(harmless, failOn))).toEqual(["any"]);
  });

  test("an environment that could not be looked at is an error in JUnit and a failed invocation in SARIF", () => {
    expect(renderJunit(scenario("unknown"))).toContain(
      '<testsuite name="dev" tests="1" failures="0" errors="1">\n    <testcase classname="dev" name="could be looked at"><error message="Not known what changes: ',
    );
    expect(JSON.parse(renderSarif(scenario("unknown"))).runs[0].invocations).toMatchObject([
      { executionSuccessful: false, toolExecutionNotifications: [{ level: "error" }] },
    ]);
  });

  test("what is not known is worse than advice, and hides no lockout", () => {
    const unknown = [{ environment: "dev", reason: "It was not looked at." }];
    const verdict = (name: string) => buildReport({ ...scenario(name), unknown }).verdict;
    expect(["refused", "deletion", "wildcard added", "name changed", "nothing"].map(verdict)).toEqual([
      "invalid",
      "destructive",
      "exposure",
      "incomplete",
      "incomplete",
    ]);
  });

  test("JUnit fails deletions and exposures, and no plain update, wherever the pipeline stops", () => {
    const failures = (failOn: (typeof FAIL_ON)[number]) =>
      /failures="(\d+)"/.exec(renderJunit(scenario("environments"), { failOn }))?.[1];
    expect(FAIL_ON.map(failures)).toEqual(["2", "2", "2", "2", "2"]);
    expect(renderJunit(scenario("name changed"), { failOn: "any" })).toContain('failures="0"');
  });
});
