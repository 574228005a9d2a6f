// pulumi up
// pulumi stack output app --json > config.json     contains no secret: an SPA has none
// npm start
import * as pulumi from "@pulumi/pulumi";
import { SpaApplication } from "pulumi-carto";

const config = new pulumi.Config();

// One URL for both: the card in the Workspace opens it, and the OAuth client lets people log in from it.
const maps = new SpaApplication("maps", {
  name: "Field maps",
  description: "Where the pipes are",
  appUrl: config.require("url"),
  // Who sees the card, not who may log in.
  sharing: { groups: [config.require("group")] },
});

export const { applicationId, clientId } = maps;
export const app = { clientId, domain: process.env.CARTO_AUTH_URL ?? "auth.carto.com" };
