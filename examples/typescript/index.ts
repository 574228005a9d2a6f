// pulumi up
import * as pulumi from "@pulumi/pulumi";
import { M2mOAuthClient, matchesUrl, SpaOAuthClient } from "pulumi-carto";

const stack = pulumi.getStack();
const callbacks = ["https://stores.example.com/callback", "https://pr-*.preview.example.com/callback"];

const web = new SpaOAuthClient("web", {
  name: `Store locator (${stack})`,
  applicationLoginUrl: "https://stores.example.com/login",
  allowedCallbackUrls: callbacks,
  allowedLogoutUrls: ["https://stores.example.com/goodbye"],
});
const nightlyImport = new M2mOAuthClient("nightly-import", { name: `Nightly import (${stack})` });

// Whether CARTO would accept a callback URL, known before anyone tries to log in from there.
const preview = "https://pr-7.preview.example.com/callback";
export const previewMayLogIn = callbacks.some((allowed) => matchesUrl("allowedCallbackUrls", allowed, preview));
export const webClientId = web.clientId;
export const webOrigins = web.allowedWebOrigins; // CARTO derives these from the login URL
export const importClientId = nightlyImport.clientId;
export const importClientSecret = nightlyImport.clientSecret; // a Pulumi secret: encrypted in the state
