// pulumi up
// pulumi stack output page --json --show-secrets > config.json     the token is public: everyone who opens the page can read it
// npm start
import * as pulumi from "@pulumi/pulumi";
import { ApiAccessToken } from "pulumi-carto";

const config = new pulumi.Config();
const connectionName = "carto_dw";
const table = "carto-demo-data.demo_tables.retail_stores";

// What is in a page is public, so the token's grants, APIs and referers are what protects the data.
const token = new ApiAccessToken("store-map", {
  name: "Store map",
  grants: [{ connectionName, source: table }],
  allowedApis: ["sql", "maps"],
  referers: [config.require("origin")],
  expirationDate: config.require("expirationDate"), // a later one replaces the token
});

export const page = { apiBaseUrl: config.require("apiBaseUrl"), connectionName, table, token: token.token };
export const expires = token.expirationDate;
