import type { Rule } from "../rule.ts";
import { SHARED_RULES, type SharedRuleId } from "../shared-rules.ts";
import { URL_RULES, type UrlRuleId } from "../url/rules.ts";

const callbacks = (...allowedCallbackUrls: string[]) => ({ allowedCallbackUrls });
const numbered = (count: number) => Array.from({ length: count }, (_, i) => `https://app-${i + 1}.example.com/bye`);

/** Rules that only OAuth clients have. */
const CLIENT_RULES = [
  {
    id: "name",
    level: "failure",
    why: "CARTO shows the name to people: 1 to 255 characters, without `<` and `>`.",
    fix: "Shorten it, or drop the angle brackets.",
    example: { name: "Field maps <beta>" },
    instead: { name: "Field maps (beta)" },
  },
  {
    id: "too-many-urls",
    level: "failure",
    why: "A list has at most 100 URLs.",
    fix: "Remove unused URLs, or split the client.",
    example: { allowedLogoutUrls: numbered(101) },
    instead: { allowedLogoutUrls: numbered(3) },
  },
  {
    id: "callback-origin-not-in-web-origins",
    level: "advice",
    why: "A page that receives a login usually starts it too, and for that its origin must be a web origin.",
    fix: "Add the origin to `allowedWebOrigins`.",
    example: { ...callbacks("https://maps.example.com/callback"), allowedWebOrigins: ["https://app.example.com"] },
    instead: { ...callbacks("https://maps.example.com/callback"), allowedWebOrigins: ["https://maps.example.com"] },
  },
  {
    id: "login-url-not-in-callbacks",
    level: "advice",
    why: "Single-page applications often return to the page they began at; CARTO's default lists the login URL.",
    fix: "Add the login URL to `allowedCallbackUrls`, if the application returns there.",
    example: { applicationLoginUrl: "https://app.example.com/start", ...callbacks("https://app.example.com/callback") },
    instead: {
      applicationLoginUrl: "https://app.example.com/start",
      ...callbacks("https://app.example.com/start", "https://app.example.com/callback"),
    },
  },
  {
    id: "trailing-slash-twin",
    level: "advice",
    why: "URLs are matched exactly: usually one of the two is a guess, and only the other is used.",
    fix: "Keep the one that the application sends.",
    example: callbacks("https://app.example.com/callback", "https://app.example.com/callback/"),
    instead: callbacks("https://app.example.com/callback"),
  },
  {
    id: "near-limit",
    level: "advice",
    why: "A list of 90 or more URLs will soon reach the limit of 100.",
    fix: "Remove unused URLs, or split the client before it reaches the limit.",
    example: { allowedLogoutUrls: numbered(90) },
    instead: { allowedLogoutUrls: numbered(3) },
  },
] as const satisfies readonly Rule[];

/** ID of a rule that OAuth clients are checked by. */
export type RuleId = (typeof CLIENT_RULES)[number]["id"] | UrlRuleId | SharedRuleId;

/** All rules for OAuth clients. */
export const RULES: readonly Rule[] = [...SHARED_RULES, ...URL_RULES, ...CLIENT_RULES];
