// pulumi up
// pulumi stack output app --json > config.json     contains no secret: an SPA has none
// npm start
import * as pulumi from "@pulumi/pulumi";
import { SpaOAuthClient } from "pulumi-carto";

const url = new pulumi.Config().require("url");
const web = new SpaOAuthClient("web", { name: "Browser app", applicationLoginUrl: url });

export const app = { clientId: web.clientId, domain: process.env.CARTO_AUTH_URL ?? "auth.carto.com" };
