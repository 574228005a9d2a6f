import type { Output, Properties, Property } from "../kind.ts";
import { LOCAL_SETTINGS } from "../settings.ts";
import type { Shape } from "../shape.ts";
import { UNKNOWN } from "../unknown.ts";
import type { UrlList } from "../url/lists.ts";
import { defaultUrls, type M2mInputs, type OAuthClientOutputs, type SpaInputs } from "./oauth-client.ts";

/** Assumed: at most 100 URLs a list (Auth0's limit), not documented by CARTO. */
export const MOST_URLS = 100;
/** Assumed: 255 characters, not documented by CARTO. */
export const LONGEST_NAME = 255;

const url: Shape = { of: "text", format: "url", minLength: 1, maxLength: 2048 };
const origin: Shape = { of: "text", format: "origin", minLength: 1, maxLength: 2048 };
const list = (element: Shape, order: "none" | "first" = "none"): Shape => ({
  of: "list",
  element,
  order,
  maxItems: MOST_URLS,
});

/** From the login URL. Nothing where that is wrong: the rules say so, and a default of it would only repeat that. */
const derived =
  (name: UrlList) =>
  ({ applicationLoginUrl: login }: Properties) => {
    if (login === UNKNOWN) return UNKNOWN;
    return typeof login === "string" && URL.canParse(login) ? defaultUrls(login)[name] : undefined;
  };

const name: Property = {
  label: "Name",
  shape: { of: "text", minLength: 1, maxLength: LONGEST_NAME },
  required: true,
  change: "updates",
  description: "Shown in CARTO; informative, not unique. 1-255 characters without `<` and `>`",
  otherNames: ["title", "clientname", "displayname", "label", "appname"],
};

/** Inputs of an M2M OAuth client. */
export const M2M_PROPERTIES = { name, ...LOCAL_SETTINGS } satisfies Record<keyof M2mInputs, Property>;

/** Inputs of a SPA OAuth client. */
export const SPA_PROPERTIES = {
  name,
  applicationLoginUrl: {
    label: "Application Login URL",
    shape: url,
    required: true,
    change: "updates",
    description: "Where end users log in: an absolute http or https URL without a wildcard",
    otherNames: [
      ...["loginuri", "loginurl", "initiateloginuri", "applicationloginuri", "apploginurl"],
      ...["login", "url"],
    ],
  },
  allowedCallbackUrls: {
    label: "Allowed Callback URLs",
    shape: list(url),
    change: "updates",
    unset: "the login URL",
    description: "Where CARTO may send the user after login. `[]`: nowhere",
    otherNames: [
      ...["callback", "callbacks", "callbackurl", "callbackurls"],
      ...["redirecturi", "redirecturis", "redirecturls"],
    ],
    derive: derived("allowedCallbackUrls"),
  },
  allowedLogoutUrls: {
    label: "Allowed Logout URLs",
    shape: list(url, "first"),
    change: "updates",
    unset: "the login URL",
    description: "Where CARTO may send the user after logout; the first is the default. `[]`: nowhere",
    otherNames: ["logout", "logouturl", "logouturls", "logouturis", "postlogoutredirecturis", "returnto"],
    derive: derived("allowedLogoutUrls"),
  },
  allowedWebOrigins: {
    label: "Allowed Web Origins",
    shape: list(origin),
    change: "updates",
    unset: "the origin of the login URL",
    description: "Origins an authorization request may come from. `[]`: none",
    otherNames: ["weborigin", "weborigins"],
    derive: derived("allowedWebOrigins"),
  },
  allowedOrigins: {
    label: "Allowed Origins (CORS)",
    shape: list(origin),
    change: "updates",
    unset: "the origin of the login URL",
    description: "Origins whose JavaScript may call CARTO's APIs with this client. `[]`: none",
    otherNames: [
      ...["origin", "origins", "allowedorigin", "cors", "corsorigins"],
      ...["allowedcorsorigins", "allowedoriginscors"],
    ],
    derive: derived("allowedOrigins"),
  },
  ...LOCAL_SETTINGS,
} satisfies Record<keyof SpaInputs, Property> & Record<UrlList, Property>;

/** Outputs of both. */
export const OUTPUTS = {
  clientId: { description: "The client ID, which is the resource's ID", id: true },
  clientSecret: { description: "The client secret", secret: true },
  ownerId: { description: "`user_id` of the user whose credentials created the client: only that user sees it" },
  createdAt: { description: "When the client was created: RFC 3339" },
  updatedAt: { description: "When the client was last changed: RFC 3339" },
} satisfies Record<keyof OAuthClientOutputs, Output>;
