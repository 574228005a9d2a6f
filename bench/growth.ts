// biome-ignore-all lint/suspicious/noTemplateCurlyInString: manifests have placeholders of their own
import { resolveConfiguration } from "../carto/configuration.ts";
import { checkSpaOAuthClient } from "../kinds/oauth-client/check.ts";
import type { OAuthClient } from "../kinds/oauth-client/oauth-client.ts";
import { readManifest } from "../manifest/read-manifest.ts";
import { writeManifest } from "../manifest/write-manifest.ts";
import { renderHtml } from "../report/html.ts";
import { renderJson } from "../report/json.ts";
import { renderJunit } from "../report/junit.ts";
import { reportBetween } from "../report/manifest-report.ts";
import { renderMarkdown } from "../report/markdown.ts";
import { renderSarif } from "../report/sarif.ts";

/** An input that grows, and what reads it. */
export interface GrowthCase {
  name: string;
  /** The size that is compared with its double. */
  size: number;
  /** @returns what is timed: the input is made before */
  prepare(size: number): () => unknown;
}

const repeat = (count: number, one: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => one(i)).join("");
const check = (text: string) => () => readManifest(text, { variables: { LONG: "x".repeat(5_000) } });
const spa = (i: number, name = `Web ${i}`) =>
  `  web-${i}: { kind: spa, name: "${name}", applicationLoginUrl: "https://w${i}.example.com/", allowedCallbackUrls: ["https://*.w${i}.example.com/a"] }\n`;
const clients = (count: number, name?: string) => `version: 1\nclients:\n${repeat(count, (i) => spa(i, name))}`;
const robot = "version: 1\nclients:\n  a: { kind: m2m, name: A }\n";

/** What `report --diff` does with two versions, in each format. */
export function reportAll(older: string, newer: string): number {
  const report = reportBetween({ file: "old.yaml", text: older }, { file: "new.yaml", text: newer });
  const texts = [
    renderMarkdown(report),
    renderHtml(report),
    renderJson(report),
    renderSarif(report),
    renderJunit(report),
  ];
  return texts.reduce((sum, text) => sum + text.length, 0);
}

/** Inputs of `check` and `report --diff` whose time grew, or might grow, faster than their length. */
export const GROWTH: readonly GrowthCase[] = [
  { name: "clients", size: 1_000, prepare: (n) => check(clients(n)) },
  { name: "clients of one name", size: 2_000, prepare: (n) => () => writeManifest(twins(n)) },
  {
    name: "environments",
    size: 250,
    prepare: (n) => check(`${robot}environments:\n${repeat(n, (i) => `  e${i}: {}\n`)}`),
  },
  {
    name: "environments with the same advice",
    size: 250,
    prepare: (n) => check(`${clients(20)}environments:\n${repeat(n, (i) => `  e${i}: {}\n`)}`),
  },
  {
    name: "overrides of clients that do not exist",
    size: 400,
    prepare: (n) =>
      check(`${clients(n)}environments:\n  e:\n    clients:\n${repeat(n, (i) => `      wbe-${i}: false\n`)}`),
  },
  { name: "unknown keys", size: 2_000, prepare: (n) => check(robot + repeat(n, (i) => `enviroment${i}: 1\n`)) },
  {
    name: "unknown properties of a client",
    size: 2_000,
    prepare: (n) =>
      check(`version: 1\nclients:\n  a:\n    kind: m2m\n    name: A\n${repeat(n, (i) => `    nmae${i}: x\n`)}`),
  },
  { name: "errors of syntax", size: 500, prepare: (n) => check(robot + repeat(n, () => "@: `\n")) },
  { name: "documents", size: 2_000, prepare: (n) => check(robot + repeat(n, (i) => `---\na${i}: 1\n`)) },
  { name: "aliases", size: 2_000, prepare: (n) => check(`${robot}x: &x 1\n${repeat(n, (i) => `y${i}: *x\n`)}`) },
  { name: "opening brackets", size: 20_000, prepare: (n) => check(`${robot}x: ${"[".repeat(n)}`) },
  { name: "opening brackets in quotes", size: 20_000, prepare: (n) => check(`${robot}x: [ "${"[".repeat(n)}\n`) },
  { name: "a long line", size: 20_000, prepare: (n) => check(`${robot}x: ${"a ".repeat(n)}\n`) },
  { name: "a text in quotes that never ends", size: 20_000, prepare: (n) => check(`${robot}x: "${"a\n ".repeat(n)}`) },
  { name: "comments", size: 20_000, prepare: (n) => check(robot + "# a\n".repeat(n)) },
  { name: "blank lines", size: 20_000, prepare: (n) => check(`${robot}x: |\n${" \n".repeat(n)}`) },
  {
    name: "references to a long variable",
    size: 700,
    prepare: (n) => check(robot.replace("name: A", `name: "${"${LONG}".repeat(n)}"`)),
  },
  {
    name: "references that never close",
    size: 2_500,
    prepare: (n) => check(robot.replace("name: A", `name: "${"${".repeat(n)}"`)),
  },
  {
    name: "colons in a backend",
    size: 4_000,
    prepare: (n) => check(`${robot}environments: { e: { backend: "a://${":".repeat(n)}" } }\n`),
  },
  {
    name: "exemptions",
    size: 90,
    prepare: (n) =>
      check(
        robot.replace(
          "name: A",
          `name: A, allow: [${repeat(n, (i) => `{ rule: wildcard, url: "https://*.h${i}.example.com/", reason: x },`)}]`,
        ),
      ),
  },
  {
    name: "a list of URLs",
    size: 90,
    prepare: (n) =>
      check(
        `version: 1\nclients:\n  a: { kind: spa, name: A, applicationLoginUrl: "https://a.example.com/", allowedCallbackUrls: [${repeat(n, (i) => `"https://c${i}.example.com/",`)}], allowedWebOrigins: [${repeat(n, (i) => `"https://o${i}.example.com",`)}] }\n`,
      ),
  },
  { name: "a program's URL of backslashes", size: 100_000, prepare: (n) => program(`https:${"\\".repeat(n)}`) },
  { name: "a program's URL of slashes", size: 100_000, prepare: (n) => program(`https:${"/".repeat(n)}x`) },
  {
    name: "a program's list",
    size: 5_000,
    prepare: (n) =>
      program(
        "https://a.example.com/",
        Array.from({ length: n }, (_, i) => `https://c${i}.example.com/`),
      ),
  },
  {
    name: "a setting's URL of slashes",
    size: 50_000,
    prepare: (n) => () =>
      resolveConfiguration((name) => (name === "authUrl" ? `https://a/${"/".repeat(n)}x` : undefined), {}),
  },
  { name: "report: clients created", size: 400, prepare: (n) => () => reportAll("", clients(n)) },
  { name: "report: clients deleted", size: 400, prepare: (n) => () => reportAll(clients(n), robot) },
  {
    name: "report: clients changed",
    size: 400,
    prepare: (n) => () => reportAll(clients(n), clients(n).replaceAll('/a"', '/b"')),
  },
  {
    name: "report: clients refused",
    size: 300,
    prepare: (n) => () => reportAll(clients(n), clients(n).replaceAll("*.w", "*.*.w")),
  },
  {
    name: "report: a name of schemes",
    size: 750,
    prepare: (n) => () => reportAll(robot, robot.replace("name: A", `name: "${"https:".repeat(n)}/@"`)),
  },
  {
    name: "report: a name of backticks",
    size: 2_400,
    prepare: (n) => () => reportAll(robot, robot.replace("name: A", `name: "${"` ".repeat(n)}"`)),
  },
  {
    name: "report: a reason of full stops",
    size: 4_000,
    prepare: (n) => () =>
      reportAll(
        robot,
        robot.replace(
          "name: A",
          `name: A, allow: [{ rule: wildcard, url: "https://*.a.example.com/", reason: "${".".repeat(n)}x" }]`,
        ),
      ),
  },
];

function program(applicationLoginUrl: string, allowedCallbackUrls?: string[]) {
  return () => checkSpaOAuthClient({ name: "A", applicationLoginUrl, allowedCallbackUrls });
}

function twins(count: number): OAuthClient[] {
  const client = { kind: "m2m", name: "Twin", ownerId: "o", createdAt: "", updatedAt: "" } as const;
  return Array.from({ length: count }, (_, i) => ({ ...client, id: `c${i}` }));
}

/** Processor time, which other processes of a busy machine do not lengthen much; the best of several runs. */
export function processorMs(run: () => unknown, runs: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

/** How the time grows when the input is twice as large. */
export interface Growth {
  name: string;
  size: number;
  ms: number;
  doubleMs: number;
}

/** Times a size and its double. */
export function measureGrowth({ name, size, prepare }: GrowthCase, runs = 5): Growth {
  const [single, double] = [prepare(size), prepare(2 * size)];
  processorMs(single, 1); // compiled by then
  return { name, size, ms: processorMs(single, runs), doubleMs: processorMs(double, runs) };
}

/** Below this, the clock and the collector of garbage count for more than the input. */
const NOISE_MS = 20;

/** Whether twice the input takes at most three times as long. */
export function isLinear({ ms, doubleMs }: Growth): boolean {
  return doubleMs <= 3 * ms + NOISE_MS;
}
