import type { Output, Property } from "../kind.ts";
import { LOCAL_SETTINGS } from "../settings.ts";
import { APIS, type ApiAccessTokenInputs, type ApiAccessTokenOutputs } from "./api-access-token.ts";

/** Assumed: CARTO takes 255 characters. The suffix that makes the name unique needs some of them. */
export const LONGEST_NAME = 230;

/** Inputs of an API Access Token, in the order of CARTO's form. */
export const PROPERTIES = {
  name: {
    label: "Name",
    shape: { of: "text", minLength: 1, maxLength: LONGEST_NAME },
    required: true,
    change: "updates",
    description: `Identifies the token to people; at CARTO it has a suffix that makes it unique. 1-${LONGEST_NAME} characters without \`<\` and \`>\``,
    otherNames: ["title", "label", "displayname", "tokenname"],
  },
  grants: {
    label: "Grants",
    shape: {
      of: "list",
      order: "none",
      element: {
        of: "record",
        members: {
          connectionName: {
            shape: { of: "text", minLength: 1 },
            description: "Name of a connection at CARTO, e.g. `carto_dw`",
          },
          source: {
            shape: { of: "text", format: "source", minLength: 1 },
            description:
              "A fully qualified table or tileset, a SQL query, a pattern such as `project.dataset.PREFIX_*`, or `*`: everything",
          },
        },
      },
    },
    required: true,
    change: "updates",
    description: "What the token may read: at least one connection and source",
    otherNames: ["grant", "sources", "permissions", "datagrants"],
  },
  allowedApis: {
    label: "Allowed APIs",
    shape: { of: "list", order: "none", element: { of: "choice", choices: APIS } },
    required: true,
    change: "updates",
    description: "CARTO's APIs that the token may call, at least one; `imports` cannot be combined with others",
    otherNames: ["apis", "api", "scopes", "scope"],
  },
  referers: {
    label: "Referers",
    shape: { of: "list", order: "none", element: { of: "text", format: "origin", minLength: 1 } },
    change: "updates",
    unset: "any website",
    description: "Origins whose pages may use the token, without a trailing slash. `[]`: any website",
    otherNames: ["referer", "referrer", "referrers", "origins", "allowedorigins", "allowedreferers"],
    derive: () => [],
  },
  expirationDate: {
    label: "Expiration date",
    shape: { of: "text", format: "date-time" },
    change: "replaces",
    unset: "never",
    description:
      "When the token expires (RFC 3339); a change replaces the token, since CARTO sets the date at creation only",
    otherNames: ["expiration", "expires", "expiresat", "expirationtime", "expiry", "validuntil"],
  },
  ...LOCAL_SETTINGS,
  rotationTrigger: {
    ...LOCAL_SETTINGS.rotationTrigger,
    description: "Any text; a change replaces the token, and its old value stops working",
  },
  allow: {
    ...LOCAL_SETTINGS.allow,
    description: "Findings exempted under the production policy: `[{ rule, value, reason }]`",
    shape: {
      of: "list",
      order: "none",
      element: {
        of: "record",
        members: {
          rule: { shape: { of: "text" }, description: "Rule ID, e.g. `every-table`" },
          value: {
            shape: { of: "text" },
            description: "The source, referer or API, exactly as declared; unset: the finding is about the whole token",
            optional: true,
          },
          reason: {
            shape: { of: "text", minLength: 1 },
            description: "Why the finding is acceptable here; read by auditors",
          },
        },
      },
    },
  },
} satisfies Record<keyof ApiAccessTokenInputs, Property>;

/** Outputs of an API Access Token. */
export const OUTPUTS = {
  token: { description: "The token itself", secret: true },
  cartoName: { description: "The name at CARTO, with the suffix that makes it unique", from: "name" },
  ownerId: { description: "`user_id` of the user whose credentials created the token: only that user sees it" },
  createdAt: { description: "When the token was created: RFC 3339; unset if CARTO does not return it" },
} satisfies Record<keyof ApiAccessTokenOutputs, Output>;
