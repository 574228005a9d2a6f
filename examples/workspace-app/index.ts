// pulumi up
// pulumi stack output app --json > config.json     no secret in it: a SPA has none
// npm start
import * as pulumi from "@pulumi/pulumi";
import { SpaApplication } from "pulumi-carto";

const config = new pulumi.Config();

// One URL: the card in the Workspace leads there, and the OAuth client lets people log in from there.
const maps = new SpaApplication("maps", {
  name: "Field maps",
  description: "Where the pipes are",
  appUrl: config.require("url"),
  // Who sees the card. It never decides who may log in.
  sharing: { groups: [config.require("group")] },
});

export const { applicationId, clientId } = maps;
export const app = { clientId, domain: process.env.CARTO_AUTH_URL ?? "auth.carto.com" };
