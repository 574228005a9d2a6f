import type { KindOf } from "../kind.ts";
import { checkM2mOAuthClient, checkSpaOAuthClient, reviewOAuthClient } from "./check.ts";
import type { M2mInputs, OAuthClientOutputs, SpaInputs } from "./oauth-client.ts";
import { M2M_PROPERTIES, OUTPUTS, SPA_PROPERTIES } from "./properties.ts";
import { EXPOSURES, reachOfM2mClient, reachOfSpaClient } from "./reach.ts";
import { RULES } from "./rules.ts";

const COMMON = {
  noun: "OAuth client",
  deletion: {
    stops: "user and service of that client ID",
    users: "user and service of",
    made: "A new client ID and secret are made",
    unnamed: "this client",
    needs: "the new client ID and client secret",
  },
  outputs: OUTPUTS,
  rules: RULES,
  exposures: EXPOSURES,
};

/** OAuth clients of browser apps that log end users in. */
export const spa: KindOf<SpaInputs, OAuthClientOutputs> = {
  id: "spa",
  className: "SpaOAuthClient",
  title: "SPA OAuth client",
  label: "SPA",
  properties: SPA_PROPERTIES,
  ...COMMON,
  sample: { name: "Field maps", applicationLoginUrl: "https://app.example.com/login" },
  check: checkSpaOAuthClient,
  review: (inputs, options) => reviewOAuthClient("spa", inputs, options),
  reach: reachOfSpaClient,
};

/** OAuth clients of services without a human user. */
export const m2m: KindOf<M2mInputs, OAuthClientOutputs> = {
  id: "m2m",
  className: "M2mOAuthClient",
  title: "M2M OAuth client",
  label: "M2M",
  properties: M2M_PROPERTIES,
  ...COMMON,
  sample: { name: "Field maps" },
  check: checkM2mOAuthClient,
  review: (inputs, options) => reviewOAuthClient("m2m", inputs, options),
  reach: reachOfM2mClient,
};
