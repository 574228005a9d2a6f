// pulumi up
// pulumi stack output page --json --show-secrets > config.json     the token is public: anyone who opens the page can read it
// npm start
import * as pulumi from "@pulumi/pulumi";
import { ApiAccessToken } from "pulumi-carto";

const config = new pulumi.Config();
const connectionName = "carto_dw";
const table = "carto-demo-data.demo_tables.retail_stores";

// Everything in a page is public, so the data is protected by the token's grants, APIs and referers.
const token = new ApiAccessToken("store-map", {
  name: "Store map",
  grants: [{ connectionName, source: table }],
  allowedApis: ["sql", "maps"],
  referers: [config.require("origin")],
  expirationDate: config.require("expirationDate"), // changing it replaces the token
});

export const page = { apiBaseUrl: config.require("apiBaseUrl"), connectionName, table, token: token.token };
export const expires = token.expirationDate;
