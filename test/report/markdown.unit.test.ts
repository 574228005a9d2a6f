import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { describe, expect, test } from "vitest";
import { changesBetween } from "../../change/changes-between.ts";
import { reviewByInputs } from "../../change/review.ts";
import { RULES } from "../../kinds/index.ts";
import { renderHtml } from "../../report/html.ts";
import { renderJson } from "../../report/json.ts";
import { renderJunit } from "../../report/junit.ts";
import { MARKER, renderMarkdown } from "../../report/markdown.ts";
import { prose } from "../../report/markdown-text.ts";
import { buildReport, type Report } from "../../report/report.ts";
import { renderSarif } from "../../report/sarif.ts";
import { HOSTILE, m2m, SCENARIOS, spa } from "./scenarios.ts";

// Stricter than GitHub: it links bare host names too.
const markdown = new MarkdownIt({ html: true, linkify: true });

/** What the Markdown becomes beside plain text, tables, lists and headings: every link target, and everything that should not be. */
function effects(text: string): { links: string[]; strange: string[] } {
  const page = markdown.render(text);
  const tags = [...page.matchAll(/<\/?([a-z0-9]+)([^>]*)>/g)];
  const links = tags
    .filter(([, tag]) => tag === "a")
    .flatMap(([, , rest]) => /href="([^"]*)"/.exec(rest ?? "")?.[1] ?? []);
  const usual = /^(h[234]|p|ul|li|strong|code|a|table|thead|tbody|tr|th|td)$/;
  // Outside code, GitHub makes links of mentions and references.
  const prose = page
    .replaceAll(/<code>.*?<\/code>/gs, "")
    .replaceAll(/<!--.*?-->/gs, "")
    .replaceAll(/<[^>]*>/g, "");
  const references = prose.match(/[@#][\w/-]+/g) ?? [];
  return { links, strange: [...tags.map(([, tag = ""]) => tag).filter((tag) => !usual.test(tag)), ...references] };
}

const rulesUrl = "https://docs.example.com/rules";
const ANCHORS = RULES.map(({ id }) => `${rulesUrl}#${id}`);

function harmful(text: string): string[] {
  const { links, strange } = effects(text);
  return [...links.filter((link) => !ANCHORS.includes(link)), ...strange];
}

describe.each(Object.entries(SCENARIOS))("the report of %s", (name, report) => {
  const text = renderMarkdown(report());

  test("reads as agreed", async () => {
    await expect(text).toMatchFileSnapshot(`golden/${name.replaceAll(" ", "-")}.md`);
  });

  test("fits a comment and begins with the marker", () => {
    expect(text.startsWith(`${MARKER} ${report().environments.join(",")} -->\n`)).toBe(true);
    expect(text.length).toBeLessThanOrEqual(60_000);
  });

  test("links nowhere, and with a page of the rules there and nowhere else", () => {
    expect(effects(text)).toEqual({ links: [], strange: [] });
    expect(harmful(renderMarkdown(report(), { rulesUrl }))).toEqual([]);
  });
});

test("with a page of the rules, every rule on it links there", () => {
  const failures = ["yaml", "unknown-property"].map((rule) => ({ property: "clients", rule, reason: "is refused" }));
  const text = renderMarkdown(buildReport({ source: "diff", environments: ["prod"], changes: [], failures }), {
    rulesUrl,
  });
  expect(text).toContain("- **Failure:** `clients`: is refused (`yaml`)\n");
  expect(text).toContain(
    `- **Failure:** \`clients\`: is refused ([\`unknown-property\`](${rulesUrl}#unknown-property))\n`,
  );
});

describe("code spans of a message", () => {
  const twice = (key: string) => `\`${key}\` appears twice, first on line 3: keep one`;
  const rest = "appears twice, first on line `3`: keep one";

  test.each([
    ["is empty: write `false` to leave it out, `{}` to take it as it is"],
    ["is missing: write `version: 1`"],
    ["belongs in `pulumi config set --secret`, and nowhere else."],
  ])("%s: comes out as it is", (reason) => {
    expect(prose(reason)).toBe(reason);
  });

  test.each([
    ["one backtick, the value whole in a longer fence", "a`b", `\`\` \`a\`b\` \`\` ${rest}`],
    [
      "backticks that end the span: each part is code",
      "a` [x](https://evil.example) @team <b>#1 `b",
      `\`a\` \`[x](https://evil.example) @team <b>#1\` \`b\` ${rest}`,
    ],
    ["a fence", "``` | @team", `\`\`\`\`\` \`\`\`\` | @team\` \`\`\`\`\` ${rest}`],
    ["a backtick with a mention at its side", "a`@team", `\`\` \`a\`@team\` \`\` ${rest}`],
  ])("a value in one with %s", (_, key, expected) => {
    expect(prose(twice(key))).toBe(expected);
    expect(effects(prose(twice(key)))).toEqual({ links: [], strange: [] });
  });
});

describe("hostile text", () => {
  const reportOf = (...texts: string[]): Report => {
    const [name = "", url = "", logical = "", reason = ""] = texts;
    const allow = [{ rule: "wildcard", url: "https://*.example.com/cb", reason }];
    const web = spa(logical, url, { name, allowedCallbackUrls: [url, "https://*.example.com/cb"], allow });
    const failures = [{ property: name, reason: url, rule: logical, location: { file: reason, line: 1, column: 1 } }];
    const changes = changesBetween(name, [m2m(logical, { name })], [web], { reviewer: reviewByInputs });
    return buildReport({ source: "diff", environments: [name, url], changes, failures, notes: [reason] });
  };

  test("a name full of Markdown, HTML and mentions has no effect anywhere", () => {
    const text = renderMarkdown(reportOf(HOSTILE, HOSTILE, HOSTILE, HOSTILE), { rulesUrl });
    expect(harmful(text)).toEqual([]);
    expect(text).not.toMatch(/\u202e/);
  });

  test("no text at all has an effect, be it random", () => {
    const pieces = fc.constantFrom(
      "`",
      "``",
      "[a](b)",
      "![i](j)",
      "<b>",
      "</code>",
      "<!--",
      "-->",
      "@team",
      "#12",
      "https://x.example",
      "www.x.example",
      "a@x.example",
      "|",
      "\\",
      "&lt;",
      "\n",
      "\r",
      "\u202e",
      "*",
      "_",
      "~",
      " ",
      "word",
      "- ",
      "1. ",
      "://",
      "{",
      "}",
    );
    const hostile = fc.oneof(
      fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join("")),
      fc.string({ unit: "binary", maxLength: 40 }),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, hostile, (...texts) => {
        expect(harmful(renderMarkdown(reportOf(...texts), { rulesUrl }))).toEqual([]);
      }),
      { numRuns: 500, verbose: true },
    );
  });
});

describe("the size limit", () => {
  const huge = (count: number, urls: number, length: number) => {
    const many = Array.from({ length: urls }, (_, index) => `https://host-${index}.example.com/${"x".repeat(length)}`);
    const news = Array.from({ length: count }, (_, index) =>
      spa(`client-${index}`, "https://a.example.com/", { allowedCallbackUrls: many }),
    );
    return buildReport({ source: "diff", environments: ["prod"], changes: changesBetween("prod", [], news) });
  };

  test("clients are cut whole, and the report says how many and where they are", () => {
    const text = renderMarkdown(huge(500, 5, 100), { fullReport: "report.html" });
    const shown = text.match(/^#### /gm)?.length ?? 0;
    expect(text).toContain(
      `**${500 - shown} more entries are left out here for length**: the whole report is \`report.html\`.`,
    );
    expect(text.length).toBeGreaterThan(55_000);
    expect(text.length).toBeLessThanOrEqual(60_000);
    expect(text.match(/`login-host-added`: `host-0\.example\.com` can now/g)?.length).toBe(shown);
  });

  test("a client that would fill the comment alone is shown in brief, and hides no other", () => {
    const text = renderMarkdown(huge(3, 400, 2_000));
    expect(text.match(/^#### /gm)?.length).toBe(3);
    expect(text).toContain("lines are left out here for length; every other format has them.");
  });

  test("a limit of its own is kept", () => {
    expect(renderMarkdown(huge(100, 5, 100), { maxCharacters: 5_000 }).length).toBeLessThanOrEqual(5_000);
  });
});

test("a report of nothing but failures says so in its title, and counts no clients", () => {
  const failures = [{ property: "clients", rule: "required", reason: "is missing" }];
  const report = buildReport({ source: "diff", environments: ["dev", "prod"], changes: [], failures });
  expect(renderMarkdown(report).split("\n\n").slice(0, 3)).toEqual([
    `${MARKER} dev,prod -->\n## OAuth clients: the manifest is refused`,
    "**This cannot be applied: it breaks rules of CARTO or of the policy.** 1 failure.",
    "### The manifest is refused",
  ]);
});

test("of thousands of new domains Markdown names what fits, counts the rest and says where it is; the other formats name each", () => {
  const hosts = Array.from({ length: 5_000 }, (_, index) => `host-${index}.domain-${index}.example`);
  const clients = hosts.map((host, index) => ({
    old: spa(`client-${index}`, "https://home.example.com/"),
    new: spa(`client-${index}`, "https://home.example.com/", { allowedCallbackUrls: [`https://${host}/cb`] }),
  }));
  const report = buildReport({
    source: "diff",
    environments: ["prod"],
    changes: changesBetween(
      "prod",
      clients.map((client) => client.old),
      clients.map((client) => client.new),
    ),
  });
  const text = renderMarkdown(report, { fullReport: "report.html" });
  expect(text.length).toBeLessThanOrEqual(60_000);
  const named = new Set(text.match(/host-\d+\.domain-\d+\.example/g)).size;
  const counts = [...text.matchAll(/and (\d+) more that are not named here, of (\d+)/g)].map((one) =>
    one.slice(1).map(Number),
  );
  expect(named).toBeGreaterThan(500);
  expect(counts).toEqual([[5_000 - named, 5_000]]);
  expect(text).toContain("do not approve before you have read them**, the whole report is `report.html`");
  const others = [renderHtml, renderJson, renderSarif, renderJunit].map(
    (render) => new Set(render(report).match(/host-\d+\.domain-\d+\.example/g)).size,
  );
  expect(others).toEqual([5_000, 5_000, 5_000, 5_000]);
});
