/**
 * The policy, in one table: every rule a client's inputs are judged by.
 *
 * docs/rules.md is written from it, and the tests run every row: laid over a SPA client with the login URL
 * `https://app.example.com/login`, `example` breaks this rule and no other that refuses, `instead` does not.
 */
export interface Rule {
  /** Stable: `rule` of a failure, a finding and an excuse. */
  id: string;
  /** Number of CARTO's wildcard rule, where it is one of the six. */
  carto?: 1 | 2 | 3 | 4 | 5;
  /** `failure`: CARTO refuses it or it never works. `advice`: accepted, worth a reviewer's eye. */
  level: "failure" | "advice";
  /** Advice that the production policy turns into a failure, unless excused. */
  dangerous?: true;
  why: string;
  fix: string;
  example: Readonly<Record<string, unknown>>;
  instead: Readonly<Record<string, unknown>>;
}

const callbacks = (...allowedCallbackUrls: string[]) => ({ allowedCallbackUrls });
const origins = (...allowedOrigins: string[]) => ({ allowedOrigins });
const numbered = (count: number) => Array.from({ length: count }, (_, i) => `https://app-${i + 1}.example.com/bye`);

export const RULES = [
  {
    id: "required",
    level: "failure",
    why: "A client has a name, and a SPA client also a login URL.",
    fix: "Set the property.",
    example: { name: undefined },
    instead: { name: "Field maps" },
  },
  {
    id: "type",
    level: "failure",
    why: "A value of another type is a mistake: one text with commas, as in CARTO's UI, is no list.",
    fix: "Write the type that the reason names; a list even for one URL.",
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
    id: "name",
    level: "failure",
    why: "CARTO shows the name to people: 1 to 255 characters, without `<` and `>`.",
    fix: "Shorten it, or drop the angle brackets.",
    example: { name: "Field maps <beta>" },
    instead: { name: "Field maps (beta)" },
  },
  {
    id: "absolute-url",
    level: "failure",
    why: "CARTO compares whole URLs: scheme, host and the rest, without spaces, commas or backslashes.",
    fix: "Write the URL as the browser's address bar shows it.",
    example: callbacks("app.example.com/callback"),
    instead: callbacks("https://app.example.com/callback"),
  },
  {
    id: "http-or-https",
    carto: 1,
    level: "failure",
    why: "Other schemes do not work with CARTO.",
    fix: "Begin with `https://`, or `http://` on a developer's machine.",
    example: callbacks("com.example.app://callback"),
    instead: callbacks("https://app.example.com/callback"),
  },
  {
    id: "no-placeholder",
    level: "failure",
    why: "Nothing replaces `{…}` in a URL: CARTO documents no placeholders.",
    fix: "Write the value itself, or a wildcard subdomain.",
    example: callbacks("https://{organization_name}.example.com/callback"),
    instead: callbacks("https://acme.example.com/callback"),
  },
  {
    id: "wildcard-in-subdomain",
    carto: 2,
    level: "failure",
    why: "A wildcard under a public suffix would cover domains of other owners.",
    fix: "Put the wildcard below a domain of your own.",
    example: callbacks("https://*.co.uk/callback"),
    instead: callbacks("https://*.example.co.uk/callback"),
  },
  {
    id: "wildcard-leftmost",
    carto: 3,
    level: "failure",
    why: "CARTO expands a wildcard only in the subdomain furthest from the root domain.",
    fix: "Move the wildcard to the first label, or list the hosts one by one.",
    example: origins("https://sub.*.example.com"),
    instead: origins("https://*.sub.example.com"),
  },
  {
    id: "single-wildcard",
    carto: 4,
    level: "failure",
    why: "CARTO expands one wildcard.",
    fix: "Keep the first one, and write the other labels out.",
    example: origins("https://*.*.example.com"),
    instead: origins("https://*.eu.example.com"),
  },
  {
    id: "wildcard-label",
    carto: 5,
    level: "failure",
    why: "With its prefix and suffix the wildcard must make a valid host name: letters, digits, inner hyphens.",
    fix: "Use these characters only, with no hyphen at either end.",
    example: origins("https://preview_*.example.com"),
    instead: origins("https://preview-*.example.com"),
  },
  {
    id: "wildcard-only-in-host",
    level: "failure",
    why: "In a port, path or query a `*` is an ordinary character: the URL would match nothing you expect.",
    fix: "List every path that the application uses.",
    example: callbacks("https://app.example.com/*"),
    instead: callbacks("https://app.example.com/callback"),
  },
  {
    id: "no-wildcard-in-login-url",
    level: "failure",
    why: "CARTO sends people to the login URL, so it is one place.",
    fix: "Write one host.",
    example: { applicationLoginUrl: "https://*.example.com/login" },
    instead: { applicationLoginUrl: "https://app.example.com/login" },
  },
  {
    id: "no-credentials",
    level: "failure",
    why: "A user name or password in a URL leaks, and no browser sends it back.",
    fix: "Drop everything up to the `@`.",
    example: callbacks("https://user:password@app.example.com/callback"),
    instead: callbacks("https://app.example.com/callback"),
  },
  {
    id: "no-fragment",
    level: "failure",
    why: "A fragment never leaves the browser, so CARTO cannot compare it.",
    fix: "Drop the `#` and what follows.",
    example: callbacks("https://app.example.com/callback#done"),
    instead: callbacks("https://app.example.com/callback"),
  },
  {
    id: "origin-only",
    level: "failure",
    why: "Browsers send origins as scheme, host and port; an entry with more may never match.",
    fix: "Drop the path and the query, even a trailing slash.",
    example: origins("https://app.example.com/"),
    instead: origins("https://app.example.com"),
  },
  {
    id: "url-too-long",
    level: "failure",
    why: "A URL has at most 2,048 characters.",
    fix: "Keep state in the `state` parameter of the login, not in the URL.",
    example: callbacks(`https://app.example.com/${"long/".repeat(500)}`),
    instead: callbacks("https://app.example.com/long/"),
  },
  {
    id: "too-many-urls",
    level: "failure",
    why: "A list has at most 100 URLs.",
    fix: "Drop the unused ones, or split the client.",
    example: { allowedLogoutUrls: numbered(101) },
    instead: { allowedLogoutUrls: numbered(3) },
  },
  {
    id: "excuse",
    level: "failure",
    why: "An auditor reads it: an excuse names a finding's rule and its URL, and gives a reason.",
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
    id: "wildcard",
    level: "advice",
    dangerous: true,
    why: "Whoever gets hold of one matching subdomain receives your users' logins. CARTO: avoid wildcards in production.",
    fix: "List the hosts, or excuse it with a reason.",
    example: callbacks("https://*.example.com/callback"),
    instead: callbacks("https://app.example.com/callback"),
  },
  {
    id: "public-suffix-wildcard",
    level: "advice",
    dangerous: true,
    why: "Anyone may register a subdomain of a hosting provider's domain, so strangers would be let in. With a prefix or suffix it stays advice under every policy.",
    fix: "Use a domain of your own, or at least a prefix or suffix.",
    example: callbacks("https://*.vercel.app/callback"),
    instead: callbacks("https://my-app.vercel.app/callback"),
  },
  {
    id: "plain-http",
    level: "advice",
    dangerous: true,
    why: "On the way, anyone can read the authorization code. (For a loopback host only `loopback` is reported.)",
    fix: "Use https.",
    example: callbacks("http://app.example.com/callback"),
    instead: callbacks("https://app.example.com/callback"),
  },
  {
    id: "loopback",
    level: "advice",
    dangerous: true,
    why: "It is each visitor's own machine: any program there can receive the login.",
    fix: "Declare a client of its own for development.",
    example: callbacks("http://localhost:5173/callback"),
    instead: callbacks("https://app.example.com/callback"),
  },
  {
    id: "callback-origin-not-in-web-origins",
    level: "advice",
    why: "A page that receives a login usually asks for it too, and its origin must be a web origin for that.",
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
    why: "URLs match exactly: mostly one of the twins is a guess, and only the other is used.",
    fix: "Keep the one that the application sends.",
    example: callbacks("https://app.example.com/callback", "https://app.example.com/callback/"),
    instead: callbacks("https://app.example.com/callback"),
  },
  {
    id: "near-limit",
    level: "advice",
    why: "A list of 90 URLs or more will soon meet the limit of 100.",
    fix: "Drop the unused ones, or split the client in time.",
    example: { allowedLogoutUrls: numbered(90) },
    instead: { allowedLogoutUrls: numbered(3) },
  },
  {
    id: "unused-excuse",
    level: "advice",
    why: "It excuses nothing: the URL is gone or written differently, and a forgotten excuse hides the next one.",
    fix: "Remove the excuse, or write the URL exactly as declared.",
    example: { allow: [{ rule: "wildcard", url: "https://*.example.com/callback", reason: "One host per customer" }] },
    instead: { allow: [] },
  },
] as const satisfies readonly Rule[];

export type RuleId = (typeof RULES)[number]["id"];

const byId = new Map<string, Rule>(RULES.map((rule) => [rule.id, rule]));

/** The row of a rule id; undefined when there is no such rule. */
export function findRule(id: string): Rule | undefined {
  return byId.get(id);
}
