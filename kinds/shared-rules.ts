import type { Rule } from "./rule.ts";

const callbacks = (...allowedCallbackUrls: string[]) => ({ allowedCallbackUrls });

/** Rules of every kind; the examples are inputs of a SPA OAuth client. */
export const SHARED_RULES = [
  {
    id: "required",
    level: "failure",
    why: "A client needs a name, and a SPA client also needs a login URL.",
    fix: "Set the property.",
    example: { name: undefined },
    instead: { name: "Field maps" },
  },
  {
    id: "type",
    level: "failure",
    why: "A value of another type is a mistake: a comma-separated string, as in CARTO's UI, is not a list.",
    fix: "Use the type that the reason names, and a list even for one URL.",
    example: { allowedCallbackUrls: "https://a.example.com/cb,https://b.example.com/cb" },
    instead: callbacks("https://a.example.com/cb", "https://b.example.com/cb"),
  },
  {
    id: "unknown-property",
    level: "failure",
    why: "A misspelt property would be ignored, and its default would apply unnoticed.",
    fix: "Write the name that the reason suggests.",
    example: { callbacks: ["https://app.example.com/callback"] },
    instead: callbacks("https://app.example.com/callback"),
  },
  {
    id: "exemption",
    level: "failure",
    why: "An auditor reads exemptions: each one names the rule and the URL of a finding, and gives a reason.",
    fix: "Give all three.",
    example: {
      ...callbacks("https://*.example.com/callback"),
      allow: [{ rule: "wildcard", url: "https://*.example.com/callback" }],
    },
    instead: {
      ...callbacks("https://*.example.com/callback"),
      allow: [{ rule: "wildcard", url: "https://*.example.com/callback", reason: "One host per customer" }],
    },
  },
  {
    id: "unused-exemption",
    level: "advice",
    why: "The exemption matches no finding: the URL is gone or written differently, and a forgotten exemption hides the next finding.",
    fix: "Remove the exemption, or write the URL exactly as declared.",
    example: { allow: [{ rule: "wildcard", url: "https://*.example.com/callback", reason: "One host per customer" }] },
    instead: { allow: [] },
  },
] as const satisfies readonly Rule[];

/** ID of a rule that every kind has. */
export type SharedRuleId = (typeof SHARED_RULES)[number]["id"];
