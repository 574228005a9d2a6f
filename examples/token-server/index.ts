// pulumi up
// pulumi stack output server --json --show-secrets | node server.mjs
import { M2mOAuthClient } from "pulumi-carto";

const client = new M2mOAuthClient("token-server", { name: "Token server of the public map" });

export const server = { clientId: client.clientId, clientSecret: client.clientSecret };
