import type { Finding } from "../failure.ts";
import { isString } from "../input-reader.ts";
import type { Rule } from "../rule.ts";
import { coversUrl } from "../url/match.ts";
import { quote } from "../url/quote.ts";
import { originOf, parseUrl } from "../url/syntax.ts";

/** Of an application together with the client that logs its users in. */
export const LOGIN_RULE = {
  id: "app-url-not-allowed",
  level: "advice",
  why: "People open the application at its App URL, and its client allows neither a login from there nor a return to there.",
  fix: "Add the App URL to the client's callback URLs, or its origin to the web origins.",
  example: { appUrl: "https://new.example.com/", client: { applicationLoginUrl: "https://app.example.com/" } },
  instead: { appUrl: "https://app.example.com/", client: { applicationLoginUrl: "https://app.example.com/" } },
} as const satisfies Rule;

/**
 * Whether users who open the application can log in through a SPA OAuth client: its origin has to be that of a web origin or of a callback
 * URL.
 *
 * @param appUrl of any shape
 * @param client inputs; a list that is left out follows from the login URL
 */
export function adviseLogin(appUrl: unknown, client: Readonly<Record<string, unknown>>): Finding[] {
  const app = isString(appUrl) ? parseUrl(appUrl) : undefined;
  if (app === undefined || !isString(appUrl)) return [];
  const login = client.applicationLoginUrl;
  const [callbacks, origins] = [client.allowedCallbackUrls, client.allowedWebOrigins].map((list) => list ?? [login]);
  if (!Array.isArray(callbacks) || !Array.isArray(origins)) return [];
  const allowed = [...callbacks, ...origins].map((url: unknown) => (isString(url) ? parseUrl(url) : undefined));
  // What is wrong, or not known yet, may turn out to be the origin.
  if (allowed.some((url) => url === undefined)) return [];
  if (allowed.some((url) => url && coversUrl("allowedOrigins", url, app))) return [];
  const problem = `its client has ${quote(originOf(app))} neither as a web origin nor as a callback URL: people will open it and not be able to log in.`;
  return [
    { property: "appUrl", rule: LOGIN_RULE.id, url: appUrl, reason: `${quote(appUrl)} is the App URL, but ${problem}` },
  ];
}
