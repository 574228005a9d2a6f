import type { KindOf } from "../kind.ts";
import { EXPOSURES, reachOfToken } from "./access.ts";
import type { ApiAccessTokenInputs, ApiAccessTokenOutputs } from "./api-access-token.ts";
import { checkApiAccessToken, reviewApiAccessToken } from "./check.ts";
import { OUTPUTS, PROPERTIES } from "./properties.ts";
import { TOKEN_RULES } from "./rules.ts";

/** API Access Tokens: narrow credentials that a server or page may hold. */
export const apiAccessToken: KindOf<ApiAccessTokenInputs, ApiAccessTokenOutputs> = {
  id: "api-access-token",
  className: "ApiAccessToken",
  title: "API Access Token",
  label: "API Access Token",
  noun: "API Access Token",
  deletion: {
    stops: "page and service that uses it",
    users: "page and service that uses",
    made: "A new token is made",
    unnamed: "this token",
    verdict: "API Access Tokens in use are deleted, and the pages and services that use them stop working.",
    needs: "the new token",
  },
  properties: PROPERTIES,
  outputs: OUTPUTS,
  rules: TOKEN_RULES,
  exposures: EXPOSURES,
  sample: {
    name: "Store map",
    grants: [{ connectionName: "carto_dw", source: "my-project.stores.points" }],
    allowedApis: ["sql", "maps"],
    referers: ["https://app.example.com"],
    expirationDate: "2100-01-01T00:00:00Z",
  },
  check: checkApiAccessToken,
  review: reviewApiAccessToken,
  reach: reachOfToken,
};
