import { expect, test } from "vitest";
import { reviewApplication } from "../../kinds/application/check.ts";
import { application } from "../../kinds/application/index.ts";
import { APPLICATION_RULES } from "../../kinds/application/rules.ts";
import { canonicalInputs, differenceAtCarto, inputsOf } from "../../kinds/inputs.ts";
import { UNKNOWN } from "../../kinds/unknown.ts";

type Inputs = Readonly<Record<string, unknown>>;
const APPLICATION = { name: "Field maps", appUrl: "https://app.example.com/" };

const review = (inputs: Inputs, policy: "standard" | "production" = "standard") =>
  reviewApplication({ ...APPLICATION, ...inputs }, { policy });
const rulesOf = (inputs: Inputs, policy?: "production") => {
  const { failures, advice } = review(inputs, policy);
  return { failures: failures.map(({ rule }) => rule), advice: advice.map(({ rule }) => rule) };
};

test("no rule has anything to say of the sample", () => {
  expect(application.review(application.sample)).toEqual({ failures: [], advice: [], exempted: [] });
});

const failing = APPLICATION_RULES.filter(({ level }) => level === "failure");
const advising = APPLICATION_RULES.filter(({ level }) => level === "advice");

test.each(failing)("$id: its example fails by this rule alone, and what to write instead passes", (rule) => {
  expect(rulesOf(rule.example).failures).toEqual([rule.id]);
  expect(rulesOf(rule.instead).failures).toEqual([]);
});

test.each(advising)("$id: its example is advised against, and what to write instead is not", (rule) => {
  expect(rulesOf(rule.example)).toEqual({ failures: [], advice: [rule.id] });
  expect(rulesOf(rule.instead).advice).toEqual([]);
});

test.each(advising)("$id: the production policy refuses its example if the table calls it dangerous", (rule) => {
  expect(rulesOf(rule.example, "production").failures).toEqual("dangerous" in rule ? [rule.id] : []);
});

const BAD: [inputs: Inputs, property: string, rule: string, reason: string][] = [
  [{ name: undefined }, "name", "required", 'name is required, for example "Field maps".'],
  [{ name: "a<b" }, "name", "name", '"a<b" contains "<" or ">": remove them.'],
  [{ name: "" }, "name", "name", '"" is 0 characters long: write 1 to 255.'],
  [
    { description: "x".repeat(501) },
    "description",
    "description-too-long",
    `"${"x".repeat(60)}…${"x".repeat(30)}" (501 characters) is 501 characters long: write at most 500.`,
  ],
  [{ appUrl: undefined }, "appUrl", "required", 'appUrl is required, for example "https://app.example.com/".'],
  [
    { appUrl: "app.example.com" },
    "appUrl",
    "absolute-url",
    '"app.example.com" has no scheme: write "https://app.example.com".',
  ],
  [
    { appUrl: "https://*.example.com/" },
    "appUrl",
    "app-url-wildcard",
    '"https://*.example.com/" contains a "*", but it must be a single address: write it without a wildcard.',
  ],
  [
    { appUrl: "https://u:p@app.example.com/" },
    "appUrl",
    "no-credentials",
    '"https://(credentials)@app.example.com/" contains a user name or password, which no browser sends back: remove everything up to the "@".',
  ],
  [
    { thumbnailUrl: "data:image/png;base64,AAAA" },
    "thumbnailUrl",
    "thumbnail-data",
    "A data URI is the image itself, but CARTO expects the URL of an image: host it and use its URL.",
  ],
  [
    { thumbnailUrl: "http://cdn.example.com/a.png" },
    "thumbnailUrl",
    "thumbnail-https",
    '"http://cdn.example.com/a.png" uses http, but the Workspace is served over https: use an https URL.',
  ],
  [
    { thumbnailUrl: "https://cdn.example.com/a.pdf?x=.png" },
    "thumbnailUrl",
    "thumbnail-image",
    '"https://cdn.example.com/a.pdf?x=.png" points to a file that is not an image: use one of avif, bmp, gif, ico, jpeg, jpg, png, svg, webp.',
  ],
  [
    { sharing: "organisation" },
    "sharing",
    "sharing",
    '"organisation" is not a valid value for sharing: write "organization".',
  ],
  [
    { sharing: "groups" },
    "sharing",
    "sharing",
    '"groups" is not a valid value for sharing: write "private", "organization" or { groups: ["Field"] }.',
  ],
  [{ sharing: true }, "sharing", "type", 'sharing is true: write "private", "organization" or { groups: ["Field"] }.'],
  [
    { sharing: { groups: [] } },
    "sharing.groups",
    "sharing-groups",
    'sharing.groups is empty, so only the owner would see the application: name a group, or set sharing: "private".',
  ],
  [{ sharing: {} }, "sharing.groups", "sharing-groups", "sharing.groups is nothing: write a list of groups."],
  [
    { sharing: { groups: ["Field", "Field"] } },
    "sharing.groups[1]",
    "sharing-groups",
    '"Field" is listed twice: remove one.',
  ],
  [
    { sharing: { groups: ["Field", " "] } },
    "sharing.groups[1]",
    "sharing-groups",
    "sharing.groups[1] is empty: write the name of a group, or remove it.",
  ],
  [
    { sharing: { groups: [7] } },
    "sharing.groups[0]",
    "type",
    'sharing.groups[0] is 7: write the name of a group, for example "Field".',
  ],
  [
    { sharing: { groups: Array.from({ length: 101 }, (_, i) => `g${i}`) } },
    "sharing.groups",
    "sharing-groups",
    "sharing.groups has 101 groups: name at most 100.",
  ],
  [
    { sharing: { groups: ["Field"], scope: "groups" } },
    "sharing.scope",
    "sharing",
    '"scope" is not a property of sharing: write "private", "organization" or { groups: ["Field"] }.',
  ],
  [{ pinned: true }, "pinned", "unknown-property", '"pinned" is not a property: write "pinnedToHome".'],
  [{ pinnedToHome: "yes" }, "pinnedToHome", "type", 'pinnedToHome is "yes": write true or false.'],
  [
    { applicationId: "app_1" },
    "applicationId",
    "unknown-property",
    '"applicationId" is an output, which CARTO sets: remove it.',
  ],
  [
    { allow: [{ rule: "localhost-share", url: "http://localhost/", reason: "x" }] },
    "allow[0].rule",
    "exemption",
    '"localhost-share" is not a rule that can be exempted: write "localhost-shared".',
  ],
];
test.each(BAD)("%j is refused at %s by rule %s", (inputs, property, rule, reason) => {
  expect(review(inputs).failures).toEqual([{ property, rule, reason }]);
});

test.each([
  { description: "", thumbnailUrl: "" },
  { thumbnailUrl: "https://cdn.example.com/A.PNG?size=150" },
  { sharing: "private", appUrl: "http://localhost:5173/" },
  { sharing: { groups: ["Field", "Sales"] }, pinnedToHome: true, deletionProtection: true },
])("%j is good", (inputs) => {
  expect(review(inputs)).toEqual({ failures: [], advice: [], exempted: [] });
});

test("an exemption with a reason lets a finding pass, and one of nothing is advised against", () => {
  const appUrl = "http://app.example.com/";
  const allow = [{ rule: "app-url-plain-http", url: appUrl, reason: "Within the plant's own network" }];
  expect(review({ appUrl, allow }, "production")).toMatchObject({
    failures: [],
    advice: [],
    exempted: [{ rule: "app-url-plain-http", exemption: "Within the plant's own network" }],
  });
  expect(review({ allow }).advice).toEqual([
    {
      property: "allow[0]",
      rule: "unused-exemption",
      url: appUrl,
      reason:
        'allow[0] exempts nothing, because rule "app-url-plain-http" has no finding for "http://app.example.com/": remove it, or write the URL exactly as declared.',
    },
  ]);
});

test("what is not known yet is skipped at any depth", () => {
  for (const inputs of [
    { name: UNKNOWN, description: UNKNOWN, appUrl: UNKNOWN, thumbnailUrl: UNKNOWN, sharing: UNKNOWN, allow: UNKNOWN },
    { sharing: { groups: UNKNOWN } },
    { sharing: { groups: [UNKNOWN, UNKNOWN] } },
  ]) {
    expect(review(inputs, "production")).toEqual({ failures: [], advice: [], exempted: [] });
  }
  expect(reviewApplication(7).failures[0]?.reason).toBe("The inputs are 7: write an object with a name and an appUrl.");
});

test("what is left out is spelled out, so that taking a property away is an update", () => {
  const full = {
    ...APPLICATION,
    ...{ description: "Pipes", thumbnailUrl: "https://cdn.example.com/a.png", sharing: "private", pinnedToHome: true },
  };
  const checked = canonicalInputs(application, APPLICATION, "standard");
  const defaults = { description: "", thumbnailUrl: "", sharing: "organization", pinnedToHome: false };
  expect(checked).toEqual({ ...APPLICATION, ...defaults });
  expect(differenceAtCarto(application, full, checked)).toEqual(defaults);
});

test("groups are a set, and two spellings of one URL are the same", () => {
  const before = { ...APPLICATION, sharing: { groups: ["Field", "Sales"] } };
  const same = { name: "Field maps", appUrl: "https://APP.example.com:443/", sharing: { groups: ["Sales", "Field"] } };
  expect(differenceAtCarto(application, before, same)).toEqual({});
  expect(inputsOf(application, same, before)).toEqual(before);
  expect(differenceAtCarto(application, before, { ...before, sharing: { groups: ["Field"] } })).toEqual({
    sharing: { groups: ["Field"] },
  });
  expect(differenceAtCarto(application, before, { ...before, sharing: "private" })).toEqual({ sharing: "private" });
});
