import { type Access, whoOf } from "../access.ts";
import type { ExposureRow } from "../exposure-row.ts";
import type { Properties } from "../kind.ts";
import { UNKNOWN } from "../unknown.ts";
import { URL_LISTS, type UrlList } from "../url/lists.ts";
import { defaultUrls } from "./oauth-client.ts";

/** Exposures of OAuth clients. */
export const EXPOSURES = {
  "login-host-added": {
    text: "A host gains the ability to show the login page, receive logins, receive users after logout, start logins or call CARTO's APIs.",
    host: "recognised",
  },
  "default-logout-changed": { text: "Users land on another host after logout where the application names no target." },
  "credential-added": {
    text: "A new client with a secret: anyone who has it acts with the permissions of the client's owner.",
    host: "none",
  },
} as const satisfies Record<string, ExposureRow>;

type ClientAccess = Access & { rule: keyof typeof EXPOSURES };

const RECEIVE_LOGINS = "receive logins";

/** What an entry of a list lets its hosts do. */
const POWERS: Record<UrlList, Pick<Access, "power" | "vital" | "alsoBy">> = {
  allowedCallbackUrls: { power: RECEIVE_LOGINS, vital: true },
  allowedLogoutUrls: { power: "receive users after logout" },
  allowedWebOrigins: { power: "start logins", vital: true },
  // "All callback URLs' origins are allowed as well."
  allowedOrigins: { power: "call CARTO's APIs from a browser", vital: true, alsoBy: [RECEIVE_LOGINS] },
};

/**
 * Who can do what through a SPA OAuth client: which hosts show its login page, receive its logins, receive users after logout, start logins
 * and call CARTO's APIs.
 *
 * @param inputs of any shape; a value that is not text stands for an unknown party
 */
export function reachOfSpaClient(inputs: Readonly<Properties>): ClientAccess[] {
  const login = inputs.applicationLoginUrl;
  const derived = typeof login === "string" && URL.canParse(login) ? defaultUrls(login) : undefined;
  const found: ClientAccess[] = [];
  if (login !== undefined) {
    found.push(hostAccess("show users the login page", "applicationLoginUrl", login));
  }
  for (const list of URL_LISTS) {
    const declared = inputs[list] ?? derived?.[list] ?? [];
    const urls: unknown[] = Array.isArray(declared) ? declared : [declared];
    // A list that is what the login URL makes it, whether left out or filled in by the engine, is at the same location.
    const follows = derived !== undefined && JSON.stringify(declared) === JSON.stringify(derived[list]);
    for (const [index, url] of urls.entries()) {
      const property = follows ? "applicationLoginUrl" : Array.isArray(declared) ? `${list}[${index}]` : list;
      const { power, ...rest } = POWERS[list];
      const access: ClientAccess = { ...hostAccess(power, property, url), ...rest };
      if (list === "allowedCallbackUrls" && access.origin) {
        access.exact = `${access.origin.path}?${access.origin.query ?? ""}`;
      }
      found.push(access);
      if (list === "allowedLogoutUrls" && index === 0) {
        const power = "receive users after logout where the application names no target";
        found.push({ ...hostAccess(power, property, url), rule: "default-logout-changed" });
      }
    }
  }
  return found;
}

/** Whoever has its secret acts with the permissions of the client's owner. */
export function reachOfM2mClient(): ClientAccess[] {
  const who = "a service with the secret of this client";
  return [
    {
      rule: "credential-added",
      power: "call CARTO's APIs with the permissions of the client's owner",
      who,
      value: who,
      property: "",
    },
  ];
}

function hostAccess(power: string, property: string, url: unknown): ClientAccess {
  const rule = "login-host-added";
  if (typeof url === "string" && url !== UNKNOWN) return { rule, power, property, ...whoOf(url) };
  return { rule, power, property, who: "a host that is hidden here", value: "hidden", hidden: true };
}
