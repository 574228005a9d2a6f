// Rotates the OAuth clients of a browser app and a service. At every moment, at least one of the two generations works:
//
//   pulumi config set current 2026-01 && pulumi up                                    one generation
//   pulumi config set previous 2026-01 && pulumi config set current 2026-07 && pulumi up     both work
//   pulumi config rm previous && pulumi up                                            the old one is gone
//
// The consumer reads both from the stack's outputs: pulumi stack output consumer --json --show-secrets
import * as pulumi from "@pulumi/pulumi";
import { RotatingOAuthClient } from "pulumi-carto";

const config = new pulumi.Config();
const generations = { current: config.require("current"), previous: config.get("previous") };

const web = new RotatingOAuthClient("web", {
  ...generations,
  kind: "spa",
  client: { name: "Store locator", applicationLoginUrl: "https://stores.example.com/" },
});
const service = new RotatingOAuthClient("service", {
  ...generations,
  kind: "m2m",
  client: { name: "Nightly import" },
});

// A browser app sends only its client ID; accept both IDs until nobody uses the previous one.
export const webClientIds = pulumi
  .all([web.clientId, web.previousClientId])
  .apply((ids) => ids.filter((id) => id !== undefined));
// A service uses the current credentials and can fall back to the previous ones.
export const consumer = {
  current: { clientId: service.clientId, clientSecret: service.clientSecret },
  previous: { clientId: service.previousClientId, clientSecret: service.previousClientSecret },
};
